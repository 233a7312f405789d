"""Doors for who has a number: coming back by text, saying that a number is theirs, and keeping or deleting them."""

from urllib.parse import urlencode

from django.contrib.auth import update_session_auth_hash
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from stoep.access.decorators import neighbours_only, public, signed_in_person
from stoep.access.requests import person_of, safe_next
from stoep.access.visitors import Visitor
from stoep.common import clock
from stoep.delivery import sms
from stoep.joining import begun
from stoep.joining.entering import enter, onward
from stoep.joining.forms import TOO_MANY, TOO_MANY_DIGITS, EmergencyForm, NumberForm, TextCodeForm
from stoep.joining.limits import TooMany
from stoep.joining.phones import (
    EMERGENCY,
    REACH,
    change_number,
    confirm_number,
    forget_number,
    keep_emergency_number,
    open_number_question,
    phone_of,
    shown_number,
)
from stoep.joining.texting_in import ask_sign_in_text, use_text_code


@public
@require_http_methods(["GET", "POST"])
def sign_in_text(request: HttpRequest) -> HttpResponse:
    """A number, to which a link and six digits are texted if we know it."""
    municipality = getattr(request, "municipality", None)
    if not sms.is_offered():
        raise Http404
    form, status = NumberForm(request.POST if request.method == "POST" else None, country=_country(request)), 200
    if form.is_bound:
        status = 422
        if form.is_valid() and municipality is not None:
            number = form.cleaned_data["number"]
            try:
                ask_sign_in_text(municipality=municipality, number=number, visitor=Visitor.of(request), now=clock.now())
            except TooMany:
                form.add_error(None, str(TOO_MANY))
                status = 429
            else:
                begun.remember_number(request.session, number)
                return HttpResponseRedirect(_with_next(request))
    facts = {"form": form, "next": safe_next(request, "")}
    return render(request, "joining/sign_in_text.html", facts, status=status)


@public
@require_http_methods(["GET", "POST"])
def sign_in_text_code(request: HttpRequest) -> HttpResponse:
    """Six digits from the text; the number is asked too, so that they work in another browser."""
    municipality, asked = getattr(request, "municipality", None), begun.number_asked(request.session)
    data = request.POST if request.method == "POST" else None
    form, status = TextCodeForm(data, country=_country(request), initial={"number": asked}), 200
    if form.is_bound:
        status = 422
        if form.is_valid() and municipality is not None:
            number, typed, is_shared = (form.cleaned_data[name] for name in ("number", "code", "shared"))
            try:
                person = use_text_code(
                    municipality=municipality, number=number, typed=typed, visitor=Visitor.of(request), now=clock.now()
                )
            except TooMany:
                form.add_error("code", str(TOO_MANY_DIGITS))
                status = 429
            else:
                if person is not None:
                    target = safe_next(request, reverse("feed"))
                    enter(request, person, is_shared=is_shared)
                    return HttpResponseRedirect(onward(person, target))
                form.add_error("code", _("These digits are not right, or too old. Ask for a new message."))
    facts = {"form": form, "asked": shown_number(asked) if asked else "", "next": safe_next(request, "")}
    return render(request, "joining/sign_in_text_code.html", facts, status=status)


@public
@require_http_methods(["GET", "POST"])
def number_question(request: HttpRequest, token: str) -> HttpResponse:
    """The question "Is this your number?", answered by one button."""
    question, is_confirmed = open_number_question(token, now=clock.now()), False
    if request.method == "POST" and question is not None:
        confirmed = confirm_number(token=token, now=clock.now())
        is_confirmed = confirmed is not None
        if confirmed is not None and signed_in_person(request) == confirmed:
            # A new number ends the sessions that the old one opened, but not the one in which its owner sits here.
            update_session_auth_hash(request, confirmed)
    shown = shown_number(question.number) if question else ""
    facts = {"number": shown, "is_confirmed": is_confirmed}
    return render(request, "joining/number_question.html", facts, status=200 if question else 410)


@neighbours_only
@require_http_methods(["GET", "POST"])
def my_phone(request: HttpRequest) -> HttpResponse:
    """Both numbers: to be reached at, and for emergencies."""
    is_emergency = request.POST.get("purpose") == EMERGENCY
    posted, country = request.POST if request.method == "POST" else None, _country(request)
    reach = NumberForm(None if is_emergency else posted, country=country, prefix=None, auto_id="reach_%s")
    emergency = EmergencyForm(posted if is_emergency else None, country=country, auto_id="emergency_%s")
    form, status = emergency if is_emergency else reach, 200
    if form.is_bound:
        status = 422
        try:
            if form.is_valid():
                _keep(request, form.cleaned_data["number"], is_emergency=is_emergency)
                return HttpResponseRedirect(reverse("my_phone") + "?saved")
        except TooMany:
            form.add_error(None, str(TOO_MANY))
            status = 429
    person = person_of(request)
    facts = {"reach": reach, "emergency": emergency, "form": form, "has_sms": sms.is_offered()}
    facts |= {"number": _shown(phone_of(person, REACH)), "emergency_number": _shown(phone_of(person, EMERGENCY))}
    facts |= {"is_confirmed": _is_confirmed(phone_of(person, REACH)), "saved": "saved" in request.GET}
    return render(request, "joining/my_phone.html", facts, status=status)


@neighbours_only
@require_POST
def forget_phone(request: HttpRequest) -> HttpResponse:
    purpose = EMERGENCY if request.POST.get("purpose") == EMERGENCY else REACH
    forget_number(person=person_of(request), purpose=purpose, now=clock.now())
    return HttpResponseRedirect(reverse("my_phone") + "?saved")


def _keep(request: HttpRequest, number: str, *, is_emergency: bool) -> None:
    if is_emergency:
        keep_emergency_number(person=person_of(request), number=number, now=clock.now())
    else:
        change_number(person=person_of(request), number=number, now=clock.now())


def _shown(phone: object) -> str:
    number = getattr(phone, "number", "")
    return shown_number(number) if number else ""


def _is_confirmed(phone: object) -> bool:
    return getattr(phone, "confirmed_at", None) is not None


def _country(request: HttpRequest) -> str:
    municipality = getattr(request, "municipality", None)
    return str(municipality.country) if municipality else "BE"


def _with_next(request: HttpRequest) -> str:
    target = safe_next(request, "")
    return reverse("sign_in_text_code") + (f"?{urlencode({'next': target})}" if target else "")
