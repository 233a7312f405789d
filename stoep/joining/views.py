"""Three screens from the letter to the feed: the code, the name, how to be reached. What was typed stays typed."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from stoep.access.decorators import neighbours_only, public, signed_in_person
from stoep.access.requests import person_of
from stoep.access.visitors import Visitor, mark_device
from stoep.common import clock
from stoep.delivery import sms
from stoep.joining import begun, codes
from stoep.joining.actions import (
    Wishes,
    check_way_in,
    join,
    joined_just_now,
)
from stoep.joining.asking import ask_letter
from stoep.joining.codes import CodeRefused
from stoep.joining.confirming import token_hash
from stoep.joining.disputes import open_dispute, people_at
from stoep.joining.entering import enter
from stoep.joining.entrances import Entrance, WayIn, entrance_of, invitation_with_token, way_with_id
from stoep.joining.forms import CODE_REASONS, TOO_MANY, TOO_MANY_LETTERS, AskLetterForm, CodeForm, ContactForm, NameForm
from stoep.joining.limits import TooMany
from stoep.joining.models import Invitation, LetterCode
from stoep.people.models import Person
from stoep.people.naming import shown_outside
from stoep.people.real_names import NAME_REASONS, NameRefused, checked_name

LONGEST_TOKEN = 100


@dataclass(frozen=True)
class Begun:
    """A visitor with a good code: where it leads, and who they will be."""

    code: WayIn
    entrance: Entrance
    plan: begun.Plan


@public
@require_http_methods(["GET", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """Screen 1."""
    if signed_in_person(request) is not None:
        return render(request, "joining/inside.html")
    form = CodeForm(request.POST if request.method == "POST" else None)
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            found = _checked_code(request, form.cleaned_data["code"])
        except CodeRefused as error:
            form.add_error("code", str(CODE_REASONS[error.reason]))
        except TooMany:
            form.add_error("code", str(TOO_MANY))
            status = 429
        else:
            begun.remember_code(request.session, found)
            begun.remember_shown(request.session, form.cleaned_data["code"])
            return HttpResponseRedirect(reverse("join_name"))
    return _code_page(request, form, status=status)


@public
@require_http_methods(["GET", "POST"])
def name(request: HttpRequest) -> HttpResponse:
    """Screen 2."""
    if signed_in_person(request) is not None:
        return HttpResponseRedirect(reverse("join"))
    try:
        here = _begun(request)
    except CodeRefused as error:
        return _code_refused(request, error)
    if here is None:
        return HttpResponseRedirect(reverse("join"))
    kept = {"name": request.session.get(begun.NAME, "")}
    form = NameForm(request.POST if request.method == "POST" else None, initial=kept)
    if form.is_bound and form.is_valid():
        try:
            request.session[begun.NAME] = checked_name(form.cleaned_data["name"], here.entrance.municipality)
        except NameRefused as error:
            form.add_error("name", str(NAME_REASONS[error.reason]))
        else:
            return HttpResponseRedirect(reverse("join_contact"))
    facts = {"form": form, "entrance": here.entrance, "inviter": _inviter_of(here.entrance)}
    facts["people_there"] = people_at(here.entrance.address) if here.entrance.address else 0
    return render(request, "joining/name.html", facts, status=422 if form.is_bound else 200)


@public
@require_http_methods(["GET", "POST"])
def dispute(request: HttpRequest) -> HttpResponse:
    """For who holds the letter, and lives with nobody who joined with one."""
    if signed_in_person(request) is not None:
        return HttpResponseRedirect(reverse("join"))
    if "done" in request.GET:
        return render(request, "joining/dispute.html", {"is_done": True})
    try:
        here = _begun(request)
    except CodeRefused as error:
        return _code_refused(request, error)
    address = here.entrance.address if here is not None else None
    if here is None or address is None or not isinstance(here.code, LetterCode):
        return HttpResponseRedirect(reverse("join"))
    if request.method == "POST":
        open_dispute(code=here.code, now=clock.now())
        return HttpResponseRedirect(reverse("join_dispute") + "?done")
    return render(request, "joining/dispute.html", {"is_done": False, "people_there": people_at(address)})


@public
@require_http_methods(["GET", "POST"])
def contact(request: HttpRequest) -> HttpResponse:
    """Screen 3; behind it stands the feed, or first the own key to write down."""
    if signed_in_person(request) is not None:
        return _inside(request)
    form = _contact_form(request)
    try:
        here = _begun(request)
        if here is None or not request.session.get(begun.NAME):
            return _sent_again(request, form) or HttpResponseRedirect(reverse("join_name" if here else "join"))
        if form.is_bound and form.is_valid():
            return _join(request, here, form.cleaned_data)
    except CodeRefused as error:
        return _code_refused(request, error)
    except NameRefused:
        return HttpResponseRedirect(reverse("join_name"))
    facts = {"form": form, "again": here.plan.sealed()}
    return render(request, "joining/contact.html", facts, status=422 if form.is_bound else 200)


@neighbours_only
@require_http_methods(["GET", "POST"])
def own_key(request: HttpRequest) -> HttpResponse:
    """Shown until it is written down, then never again."""
    kept = begun.own_key_of(request.session)
    if request.method == "POST" or not kept:
        begun.forget_own_key(request.session)
        return _inside(request)
    facts = {"own_key": codes.shown_own_key(kept), "name": person_of(request).name}
    return render(request, "joining/own_key.html", facts)


@public
@require_GET
def no_code(request: HttpRequest) -> HttpResponse:
    return render(request, "joining/no_code.html")


@public
@require_http_methods(["GET", "POST"])
def ask_for_letter(request: HttpRequest) -> HttpResponse:
    """Street and number; the answer is the same for every address, and for none."""
    form, status = AskLetterForm(request.POST if request.method == "POST" else None), 200
    municipality = getattr(request, "municipality", None)
    if form.is_bound:
        status = 422
        if form.is_valid() and municipality is not None:
            try:
                ask_letter(municipality=municipality, visitor=Visitor.of(request), now=clock.now(), **form.cleaned_data)
            except TooMany:
                form.add_error(None, str(TOO_MANY_LETTERS))
                status = 429
            else:
                return HttpResponseRedirect(reverse("ask_letter") + "?asked")
    facts = {"form": form, "is_asked": "asked" in request.GET}
    return render(request, "joining/ask_letter.html", facts, status=status)


@public
@require_GET
def letter_link(request: HttpRequest, code: str) -> HttpResponse:
    """Where the square on the letter leads: to the first screen, filled in. Opening a link uses nothing up.

    A page of its own could hold no form: its address must not travel as referrer, and without one browsers send no
    origin either. This way the code also leaves the address bar and the history.
    """
    digits = codes.normalise(code)
    if digits is not None and signed_in_person(request) is None:
        begun.remember_scanned(request.session, digits, now=clock.now())
    return HttpResponseRedirect(reverse("join"))


@public
@require_GET
def invitation_link(request: HttpRequest, token: str) -> HttpResponse:
    """Where a neighbour's link leads: to a page of its own address, for the same reasons as a letter's."""
    if signed_in_person(request) is None and token.isascii() and len(token) <= LONGEST_TOKEN:
        begun.remember_invited(request.session, token)
    response = HttpResponseRedirect(reverse("join_invited"))
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@public
@require_http_methods(["GET", "POST"])
def invited(request: HttpRequest) -> HttpResponse:
    """Who invites, and where to; one button goes on. Looking at it uses nothing up."""
    if signed_in_person(request) is not None:
        return HttpResponseRedirect(reverse("join"))
    try:
        found = _invitation(request)
        entrance = entrance_of(found, now=clock.now()) if found is not None else None
    except CodeRefused:
        found = entrance = None
    if request.method == "POST" and found is not None and entrance is not None:
        begun.remember_code(request.session, found)
        begun.remember_shown(request.session, found.code)
        return HttpResponseRedirect(reverse("join_name"))
    facts = {"entrance": entrance, "inviter": _inviter_of(entrance)}
    return render(request, "joining/invited.html", facts, status=200 if entrance else 410)


def _inviter_of(entrance: Entrance | None) -> str:
    return shown_outside(entrance.inviter.name) if entrance and entrance.inviter else ""


def _invitation(request: HttpRequest) -> Invitation | None:
    token, municipality = begun.invited_by_token(request.session), getattr(request, "municipality", None)
    return invitation_with_token(token_hash(token), municipality) if token and municipality else None


def _checked_code(request: HttpRequest, typed: str) -> WayIn:
    municipality = getattr(request, "municipality", None)
    if municipality is None:
        raise CodeRefused("unknown")
    return check_way_in(municipality=municipality, typed=typed, visitor=Visitor.of(request), now=clock.now())


def _code_page(request: HttpRequest, form: CodeForm, *, status: int) -> HttpResponse:
    form.initial["code"] = begun.shown_code(request.session, now=clock.now())
    response = render(request, "joining/code.html", {"form": form}, status=status)
    mark_device(request, response)
    return response


def _code_refused(request: HttpRequest, error: CodeRefused) -> HttpResponse:
    """The code was good when it was typed and is so no more: the first screen says why."""
    form = CodeForm({"code": begun.shown_code(request.session, now=clock.now())})
    form.full_clean()
    form.add_error("code", str(CODE_REASONS[error.reason]))
    return _code_page(request, form, status=422)


def _begun(request: HttpRequest) -> Begun | None:
    """Raises CodeRefused when the code opens nothing any more."""
    municipality = getattr(request, "municipality", None)
    kept, plan = begun.code_id(request.session), begun.plan_of(request.session)
    found = way_with_id(kept, municipality) if kept and municipality else None
    if found is None or plan is None:
        return None
    return Begun(found, entrance_of(found, now=clock.now()), plan)


def _join(request: HttpRequest, here: Begun, given: dict[str, Any]) -> HttpResponse:
    way = given["way"]
    person = join(
        code=here.code,
        name=request.session[begun.NAME],
        email=given["email"] if way == "email" else "",
        number=given["number"] if way == "sms" else "",
        own_key=here.plan.own_key if way == "none" else "",
        wishes=_wishes(request),
        request_key=here.plan.person_id,
        now=clock.now(),
    )
    return _enter(request, person, here.plan, is_shared=given["shared"])


def _contact_form(request: HttpRequest) -> ContactForm:
    municipality = getattr(request, "municipality", None)
    country = municipality.country if municipality else "BE"
    data = request.POST if request.method == "POST" else None
    return ContactForm(data, country=country, has_sms=sms.is_offered())


def _sent_again(request: HttpRequest, form: ContactForm) -> HttpResponse | None:
    """The last screen once more, after its first answer got lost with the session that it began."""
    plan = begun.Plan.opened(request.POST.get("again", ""))
    person = joined_just_now(person_id=plan.person_id, now=clock.now()) if plan else None
    if plan is None or person is None:
        return None
    return _enter(request, person, plan, is_shared="shared" in form.data)


def _enter(request: HttpRequest, person: Person, plan: begun.Plan, *, is_shared: bool) -> HttpResponse:
    enter(request, person, is_shared=is_shared)
    if person.password:
        begun.keep_own_key(request.session, plan.own_key)
    return _inside(request)


def _inside(request: HttpRequest) -> HttpResponse:
    if begun.own_key_of(request.session):
        return HttpResponseRedirect(reverse("own_key"))
    return HttpResponseRedirect(reverse("feed") + "?welcome")


def _wishes(request: HttpRequest) -> Wishes:
    chosen = getattr(request, "preferences", None)
    return Wishes(chosen.language, chosen.look, chosen.text_size) if chosen else Wishes()
