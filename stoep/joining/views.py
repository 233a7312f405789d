"""Three screens from the letter to the feed: the code, the name, how to be reached. What was typed stays typed."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from stoep.access.decorators import neighbours_only, public, signed_in_person
from stoep.access.requests import person_of, uuid_or_none
from stoep.access.visitors import Visitor, mark_device
from stoep.common import clock
from stoep.common.crypto import seal, unseal
from stoep.common.ids import new_id
from stoep.joining import codes
from stoep.joining.actions import CodeRefused, NameRefused, Wishes, check_code, checked_name, home_of, join
from stoep.joining.entering import enter
from stoep.joining.forms import CODE_REASONS, NAME_REASONS, TOO_MANY, CodeForm, ContactForm, NameForm
from stoep.joining.limits import TooMany
from stoep.joining.models import LetterCode
from stoep.places.models import Address

# What a visitor has told so far, in their session; the own key sealed until it was shown.
CODE, NAME, CONTACT, PERSON, KEY = "join_code", "join_name", "join_contact", "join_person", "join_key"
SEALED_KEY = "joining.own_key"


@dataclass(frozen=True)
class Begun:
    """A visitor with a good code: where it leads."""

    code: LetterCode
    address: Address


@public
@require_http_methods(["GET", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """Screen 1."""
    person = signed_in_person(request)
    if person is not None:
        return render(request, "joining/inside.html")
    form = CodeForm(request.POST if request.method == "POST" else None, initial={"code": _shown_code(request)})
    status = 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            try:
                found = _checked_code(request, form)
            except CodeRefused as error:
                form.add_error("code", str(CODE_REASONS[error.reason]))
            except TooMany:
                form.add_error("code", str(TOO_MANY))
                status = 429
            else:
                _remember_code(request, found, form.cleaned_data["code"])
                return HttpResponseRedirect(reverse("join_name"))
    response = render(request, "joining/code.html", {"form": form}, status=status)
    mark_device(request, response)
    return response


@public
@require_http_methods(["GET", "POST"])
def name(request: HttpRequest) -> HttpResponse:
    """Screen 2."""
    begun = _begun(request)
    if begun is None:
        return HttpResponseRedirect(reverse("join"))
    kept = {"name": request.session.get(NAME, "")}
    form = NameForm(request.POST if request.method == "POST" else None, initial=kept)
    if form.is_bound and form.is_valid():
        try:
            request.session[NAME] = checked_name(form.cleaned_data["name"], begun.address.municipality)
        except NameRefused as error:
            form.add_error("name", str(NAME_REASONS[error.reason]))
        else:
            return HttpResponseRedirect(reverse("join_contact"))
    facts = {"form": form, "street": begun.address.street, "neighbourhood": begun.address.neighbourhood}
    return render(request, "joining/name.html", facts, status=422 if form.is_bound else 200)


@public
@require_http_methods(["GET", "POST"])
def contact(request: HttpRequest) -> HttpResponse:
    """Screen 3; behind it stands the feed, or first the own key to write down."""
    begun = _begun(request)
    if begun is None or not request.session.get(NAME):
        return HttpResponseRedirect(reverse("join_name" if begun else "join"))
    form = ContactForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            return _join(request, begun, form.cleaned_data)
        except CodeRefused:
            return HttpResponseRedirect(reverse("join"))
    return render(request, "joining/contact.html", {"form": form}, status=422 if form.is_bound else 200)


@neighbours_only
@require_http_methods(["GET", "POST"])
def own_key(request: HttpRequest) -> HttpResponse:
    """Shown until it is written down, then never again."""
    kept = request.session.get(KEY, "")
    if request.method == "POST" or not kept:
        request.session.pop(KEY, None)
        return HttpResponseRedirect(reverse("feed") + "?welcome")
    facts = {"own_key": codes.shown_own_key(unseal(SEALED_KEY, kept)), "name": person_of(request).name}
    return render(request, "joining/own_key.html", facts)


@public
@require_GET
def no_code(request: HttpRequest) -> HttpResponse:
    return render(request, "joining/no_code.html")


@public
@require_GET
def letter_link(request: HttpRequest, code: str) -> HttpResponse:
    """Where the square on the letter leads: a page with one button, so that opening a link uses nothing up."""
    digits = codes.normalise(code)
    if digits is None:
        return HttpResponseRedirect(reverse("join"))
    return render(request, "joining/letter_link.html", {"shown_code": codes.shown(digits)})


def _checked_code(request: HttpRequest, form: CodeForm) -> LetterCode:
    municipality = getattr(request, "municipality", None)
    if municipality is None:
        raise CodeRefused("unknown")
    typed = form.cleaned_data["code"]
    return check_code(municipality=municipality, typed=typed, visitor=Visitor.of(request), now=clock.now())


def _remember_code(request: HttpRequest, found: LetterCode, typed: str) -> None:
    if request.session.get(CODE) != str(found.pk):
        request.session.pop(PERSON, None)
    request.session[CODE] = str(found.pk)
    request.session["join_shown"] = seal(SEALED_KEY, codes.shown(codes.normalise(typed) or ""))


def _shown_code(request: HttpRequest) -> str:
    """Back from the second screen the code still stands there."""
    kept = request.session.get("join_shown", "")
    return unseal(SEALED_KEY, kept) if kept else ""


def _begun(request: HttpRequest) -> Begun | None:
    kept = uuid_or_none(request.session.get(CODE, ""))
    found = LetterCode.objects.filter(pk=kept).first() if kept else None
    if found is None:
        return None
    try:
        return Begun(found, home_of(found, now=clock.now()))
    except CodeRefused:
        return None


def _join(request: HttpRequest, begun: Begun, given: dict[str, Any]) -> HttpResponse:
    wants_mail = given["way"] == "email"
    key = request.session.setdefault(PERSON, str(new_id()))
    sealed = request.session.setdefault(KEY, "" if wants_mail else seal(SEALED_KEY, codes.new_own_key()))
    person = join(
        code=begun.code,
        name=request.session[NAME],
        email=given["email"] if wants_mail else "",
        own_key="" if wants_mail else unseal(SEALED_KEY, sealed),
        wishes=_wishes(request),
        request_key=UUID(key),
        now=clock.now(),
    )
    enter(request, person, is_shared=given["shared"])
    for told in (CODE, NAME, PERSON, "join_shown"):
        request.session.pop(told, None)
    if wants_mail:
        request.session.pop(KEY, None)
        return HttpResponseRedirect(reverse("feed") + "?welcome")
    return HttpResponseRedirect(reverse("own_key"))


def _wishes(request: HttpRequest) -> Wishes:
    chosen = getattr(request, "preferences", None)
    return Wishes(chosen.language, chosen.look, chosen.text_size) if chosen else Wishes()
