"""The acts of a session: each a page with one question, and then back to the session."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from stoep.access.decorators import staff_only
from stoep.access.gate import NotAllowed
from stoep.access.requests import person_of
from stoep.common import clock
from stoep.common.text import TextRefused
from stoep.desk import kept
from stoep.desk.acting import (
    Words,
    confirm_home,
    correct_name,
    dispute_for,
    give_letter,
    give_own_key,
    leave_for,
    note_email,
    note_number,
    place_message,
    stop_mail_for,
)
from stoep.desk.forms import (
    NAME_REASONS,
    TEXT_REASONS,
    TOO_MANY,
    TOO_MANY_NAMES,
    EmailForm,
    MessageForm,
    NumberForm,
    RightNameForm,
    refuse,
)
from stoep.desk.half_hour import in_session
from stoep.desk.models import DeskSession
from stoep.joining.limits import TooMany
from stoep.joining.reissuing import NoLetterbox
from stoep.neighbours.actions import TooManyNames
from stoep.people.models import RoleName as R
from stoep.people.real_names import NameRefused


@staff_only(R.DESK)
@require_http_methods(["GET", "POST"])
@in_session
def desk_message(request: HttpRequest, session: DeskSession) -> HttpResponse:
    """Help wanted, a question, something to give away: as the resident says it."""
    form = MessageForm(request.POST if request.method == "POST" else None, initial={"kind": "help_wanted"})
    if form.is_bound and form.is_valid():
        words = Words(**form.cleaned_data)
        try:
            place_message(staff=person_of(request), session=session, words=words, now=clock.now())
        except TextRefused as error:
            refuse(form, "title" if error.reason == "empty" else None, TEXT_REASONS, error.reason)
        except NotAllowed:
            form.add_error(None, _("This cannot be done for them now. They can ask the moderators why."))
        else:
            return _back(session)
    return _page(request, "desk/message.html", session, form)


@staff_only(R.DESK)
@require_http_methods(["GET", "POST"])
@in_session
def desk_email(request: HttpRequest, session: DeskSession) -> HttpResponse:
    """How the resident can be reached."""
    form = EmailForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        email = form.cleaned_data["email"]
        try:
            note_email(staff=person_of(request), session=session, email=email, now=clock.now())
        except TooMany:
            form.add_error(None, str(TOO_MANY))
        else:
            return _back(session)
    return _page(request, "desk/email.html", session, form)


@staff_only(R.DESK)
@require_http_methods(["GET", "POST"])
@in_session
def desk_phone(request: HttpRequest, session: DeskSession) -> HttpResponse:
    """How the resident can be reached by text."""
    country = session.municipality.country
    form = NumberForm(request.POST if request.method == "POST" else None, country=country)
    if form.is_bound and form.is_valid():
        number = form.cleaned_data["number"]
        try:
            note_number(staff=person_of(request), session=session, number=number, now=clock.now())
        except TooMany:
            form.add_error(None, str(TOO_MANY))
        else:
            return _back(session)
    return _page(request, "desk/phone.html", session, form)


@staff_only(R.DESK)
@require_http_methods(["GET", "POST"])
@in_session
def desk_mail_stop(request: HttpRequest, session: DeskSession) -> HttpResponse:
    """A question first."""
    if request.method != "POST":
        return _page(request, "desk/mail_stop.html", session)
    stop_mail_for(staff=person_of(request), session=session, now=clock.now())
    return _back(session)


@staff_only(R.DESK)
@require_http_methods(["GET", "POST"])
@in_session
def desk_used_letter(request: HttpRequest, session: DeskSession) -> HttpResponse:
    """A question first: everybody of that address waits. Then straight on to deciding."""
    if request.method != "POST":
        return _page(request, "desk/used_letter.html", session)
    letter = dispute_for(staff=person_of(request), session=session, now=clock.now())
    if letter is None:
        return _page(request, "desk/used_letter.html", session, has_no_door=True)
    kept.keep_letter(request.session, letter, now=clock.now())
    return HttpResponseRedirect(reverse("desk_dispute"))


@staff_only(R.DESK)
@require_http_methods(["GET", "POST"])
@in_session
def desk_own_key(request: HttpRequest, session: DeskSession) -> HttpResponse:
    """A question first: the old key stops."""
    if request.method != "POST":
        return _page(request, "desk/own_key.html", session)
    own_key = give_own_key(staff=person_of(request), session=session, now=clock.now())
    kept.keep_made(request.session, session, own_key=own_key)
    return _back(session)


@staff_only(R.DESK)
@require_http_methods(["GET", "POST"])
@in_session
def desk_letter(request: HttpRequest, session: DeskSession) -> HttpResponse:
    """A question first: the old letter lets nobody in any more."""
    if request.method != "POST":
        return _page(request, "desk/letter.html", session)
    try:
        code = give_letter(staff=person_of(request), session=session, now=clock.now())
    except NoLetterbox:
        return _page(request, "desk/letter.html", session, has_no_door=True)
    kept.keep_made(request.session, session, letter_code=code)
    return _back(session)


@staff_only(R.DESK)
@require_http_methods(["GET", "POST"])
@in_session
def desk_name(request: HttpRequest, session: DeskSession) -> HttpResponse:
    """A name that was misheard or has changed."""
    form = RightNameForm(request.POST if request.method == "POST" else None, initial={"name": session.person.name})
    if form.is_bound and form.is_valid():
        name = form.cleaned_data["name"]
        try:
            correct_name(staff=person_of(request), session=session, name=name, now=clock.now())
        except NameRefused as error:
            refuse(form, "name", NAME_REASONS, error.reason)
        except TooManyNames:
            form.add_error("name", str(TOO_MANY_NAMES))
        else:
            return _back(session)
    return _page(request, "desk/name.html", session, form)


@staff_only(R.DESK)
@require_http_methods(["GET", "POST"])
@in_session
def desk_confirmation(request: HttpRequest, session: DeskSession) -> HttpResponse:
    """Somebody invited shows a card or a letter: they live here."""
    if request.method != "POST":
        return _page(request, "desk/confirmation.html", session)
    confirm_home(staff=person_of(request), session=session, now=clock.now())
    return _back(session)


@staff_only(R.DESK)
@require_http_methods(["GET", "POST"])
@in_session
def desk_leaving(request: HttpRequest, session: DeskSession) -> HttpResponse:
    """A question first: it is hard to undo from paper."""
    if request.method != "POST":
        return _page(request, "desk/leaving.html", session)
    leave_for(staff=person_of(request), session=session, now=clock.now())
    return HttpResponseRedirect(reverse("desk_slip", args=[session.pk]))


def _back(session: DeskSession) -> HttpResponse:
    return HttpResponseRedirect(reverse("desk_session", args=[session.pk]))


def _page(
    request: HttpRequest,
    template: str,
    session: DeskSession,
    form: MessageForm | EmailForm | NumberForm | RightNameForm | None = None,
    *,
    has_no_door: bool = False,
) -> HttpResponse:
    is_wrong = has_no_door or (form is not None and form.is_bound)
    facts = {"session": session, "form": form, "has_no_door": has_no_door}
    return render(request, template, facts, status=422 if is_wrong else 200)
