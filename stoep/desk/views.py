"""The desk: find the one who asks, hear their yes, act for half an hour, hand over the slip."""

from typing import Any
from uuid import UUID, uuid4

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from stoep.access.decorators import staff_only
from stoep.access.requests import person_of
from stoep.access.visitors import Visitor, mark_device
from stoep.common import clock
from stoep.delivery.links import site_url
from stoep.desk import kept
from stoep.desk.actions import Yes, join_for, start_session, stop_session
from stoep.desk.finding import find_resident
from stoep.desk.forms import CODE_REASONS, NAME_REASONS, NOBODY, TOO_MANY, JoinForm, LetterAndNameForm, YesForm, refuse
from stoep.desk.half_hour import in_session
from stoep.desk.models import DeskSession
from stoep.desk.queries import acts_of, done_lately, first_name, is_slip_open, running_session, session_of
from stoep.joining import codes
from stoep.joining.actions import Wishes
from stoep.joining.codes import CodeRefused
from stoep.joining.limits import TooMany
from stoep.people.models import RoleName as R
from stoep.people.real_names import NameRefused


@staff_only(R.DESK)
@require_http_methods(["GET", "POST"])
def desk(request: HttpRequest) -> HttpResponse:
    """Who asks for help? The letter's code and the name that they say; nobody is listed."""
    staff, now = person_of(request), clock.now()
    form = LetterAndNameForm(request.POST if request.method == "POST" else None)
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        try:
            found = find_resident(
                staff=staff, typed_code=given["code"], typed_name=given["name"], visitor=Visitor.of(request), now=now
            )
        except TooMany:
            form.add_error(None, str(TOO_MANY))
            status = 429
        else:
            if found is not None:
                kept.keep_found(request.session, found, now=now)
                return HttpResponseRedirect(reverse("desk_consent"))
            form.add_error(None, str(NOBODY))
    facts = {"form": form, "running": running_session(staff, now=now), "lately": done_lately(staff, now=now)}
    response = render(request, "desk/desk.html", facts, status=status)
    mark_device(request, response)
    return response


@staff_only(R.DESK)
@require_http_methods(["GET", "POST"])
def desk_consent(request: HttpRequest) -> HttpResponse:
    """A sentence to read aloud, and how the resident said yes."""
    staff, now = person_of(request), clock.now()
    found = kept.found_in(request.session, staff, now=now)
    if found is None:
        return HttpResponseRedirect(reverse("desk"))
    form = YesForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        session = start_session(staff=staff, found=found, yes=_yes(form), now=now)
        kept.forget_found(request.session)
        return HttpResponseRedirect(reverse("desk_session", args=[session.pk]))
    facts = {"form": form, "resident": found.person, "staff_name": staff.name.split()[0]}
    return render(request, "desk/consent.html", facts, status=422 if form.is_bound else 200)


@staff_only(R.DESK)
@require_http_methods(["GET", "POST"])
def desk_join(request: HttpRequest) -> HttpResponse:
    """Somebody with a letter has never joined, and asks us to do it."""
    staff = person_of(request)
    form = JoinForm(request.POST if request.method == "POST" else None)
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            return _joined(request, form)
        except CodeRefused as error:
            refuse(form, "code", CODE_REASONS, error.reason)
        except NameRefused as error:
            refuse(form, "name", NAME_REASONS, error.reason)
        except TooMany:
            form.add_error(None, str(TOO_MANY))
            status = 429
    response = render(request, "desk/join.html", {"form": form, "staff_name": staff.name.split()[0]}, status=status)
    mark_device(request, response)
    return response


@staff_only(R.DESK)
@require_GET
@in_session
def desk_session(request: HttpRequest, session: DeskSession) -> HttpResponse:
    """What can be done for them, and what was."""
    facts = {"acts": acts_of(session), "made": _made(request, session), "session": session}
    return render(request, "desk/session.html", facts)


@staff_only(R.DESK)
@require_POST
def desk_end(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """Stop, and to the slip; pressed twice, the same."""
    staff = person_of(request)
    session = session_of(staff, session_id)
    if session is None:
        raise Http404
    stop_session(staff=staff, session=session, now=clock.now())
    return HttpResponseRedirect(reverse("desk_slip", args=[session.pk]))


@staff_only(R.DESK)
@require_http_methods(["GET", "POST"])
def desk_slip(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """On paper for the resident. Handed over, what was made in the clear is gone."""
    session = session_of(person_of(request), session_id)
    if session is None or not is_slip_open(session, now=clock.now()):
        raise Http404
    if request.method == "POST":
        kept.forget_made(request.session)
        return HttpResponseRedirect(reverse("desk"))
    facts = {
        "session": session,
        "acts": acts_of(session),
        "made": _made(request, session),
        "first_name": first_name(session),
        "address": site_url(session.municipality, "/sign-in/letter/"),
    }
    return render(request, "desk/slip.html", facts)


def _joined(request: HttpRequest, form: JoinForm) -> HttpResponse:
    given = form.cleaned_data
    session, own_key = join_for(
        staff=person_of(request),
        typed_code=given["code"],
        name=given["name"],
        yes=_yes(form),
        wishes=Wishes(language=person_of(request).municipality.default_language),
        visitor=Visitor.of(request),
        now=clock.now(),
    )
    if own_key:
        kept.keep_made(request.session, session, own_key=own_key)
    return HttpResponseRedirect(reverse("desk_session", args=[session.pk]))


def _yes(form: YesForm | JoinForm) -> Yes:
    return Yes(channel=form.cleaned_data["channel"], request_key=form.cleaned_data["request_key"] or uuid4())


def _made(request: HttpRequest, session: DeskSession) -> dict[str, Any]:
    made = kept.made_in(request.session, session.pk)
    return {
        "own_key": codes.shown_own_key(made.own_key) if made.own_key else "",
        "letter_code": codes.shown(made.letter_code) if made.letter_code else "",
    }
