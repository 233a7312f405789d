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
from stoep.joining import begun, codes
from stoep.joining.actions import (
    NameRefused,
    Wishes,
    check_code,
    checked_name,
    home_of,
    join,
    joined_just_now,
)
from stoep.joining.codes import CodeRefused
from stoep.joining.entering import enter
from stoep.joining.forms import CODE_REASONS, NAME_REASONS, TOO_MANY, CodeForm, ContactForm, NameForm
from stoep.joining.limits import TooMany
from stoep.joining.models import LetterCode
from stoep.people.models import Person
from stoep.places.models import Address


@dataclass(frozen=True)
class Begun:
    """A visitor with a good code: where it leads, and who they will be."""

    code: LetterCode
    address: Address
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
            request.session[begun.NAME] = checked_name(form.cleaned_data["name"], here.address.municipality)
        except NameRefused as error:
            form.add_error("name", str(NAME_REASONS[error.reason]))
        else:
            return HttpResponseRedirect(reverse("join_contact"))
    facts = {"form": form, "street": here.address.street, "neighbourhood": here.address.neighbourhood}
    return render(request, "joining/name.html", facts, status=422 if form.is_bound else 200)


@public
@require_http_methods(["GET", "POST"])
def contact(request: HttpRequest) -> HttpResponse:
    """Screen 3; behind it stands the feed, or first the own key to write down."""
    if signed_in_person(request) is not None:
        return _inside(request)
    form = ContactForm(request.POST if request.method == "POST" else None)
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


def _checked_code(request: HttpRequest, typed: str) -> LetterCode:
    municipality = getattr(request, "municipality", None)
    if municipality is None:
        raise CodeRefused("unknown")
    return check_code(municipality=municipality, typed=typed, visitor=Visitor.of(request), now=clock.now())


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
    found = LetterCode.objects.filter(pk=kept, municipality=municipality).first() if kept and municipality else None
    if found is None or plan is None:
        return None
    return Begun(found, home_of(found, now=clock.now()), plan)


def _join(request: HttpRequest, here: Begun, given: dict[str, Any]) -> HttpResponse:
    wants_mail = given["way"] == "email"
    person = join(
        code=here.code,
        name=request.session[begun.NAME],
        email=given["email"] if wants_mail else "",
        own_key="" if wants_mail else here.plan.own_key,
        wishes=_wishes(request),
        request_key=here.plan.person_id,
        now=clock.now(),
    )
    return _enter(request, person, here.plan, is_shared=given["shared"])


def _sent_again(request: HttpRequest, form: ContactForm) -> HttpResponse | None:
    """The last screen once more, after its first answer got lost with the session that it began."""
    plan = begun.Plan.opened(request.POST.get("again", ""))
    person = joined_just_now(person_id=plan.person_id, now=clock.now()) if plan else None
    if plan is None or person is None:
        return None
    return _enter(request, person, plan, is_shared="shared" in form.data)


def _enter(request: HttpRequest, person: Person, plan: begun.Plan, *, is_shared: bool) -> HttpResponse:
    enter(request, person, is_shared=is_shared)
    if not person.email:
        begun.keep_own_key(request.session, plan.own_key)
    return _inside(request)


def _inside(request: HttpRequest) -> HttpResponse:
    if begun.own_key_of(request.session):
        return HttpResponseRedirect(reverse("own_key"))
    return HttpResponseRedirect(reverse("feed") + "?welcome")


def _wishes(request: HttpRequest) -> Wishes:
    chosen = getattr(request, "preferences", None)
    return Wishes(chosen.language, chosen.look, chosen.text_size) if chosen else Wishes()
