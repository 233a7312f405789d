"""The staff's own door: e-mail, mailed code, app. Never the residents' one."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from stoep.access.decorators import public
from stoep.access.visitors import Visitor
from stoep.common import clock
from stoep.joining.forms import TOO_MANY
from stoep.joining.limits import TooMany
from stoep.joining.staff_codes import ask_staff_code, check_staff_code, new_ticket_secret
from stoep.joining.staff_entering import PENDING, SECRET, TICKET, enter, keep, kept, pending
from stoep.joining.staff_forms import StaffCodeForm, StaffEmailForm
from stoep.joining.staff_passkeys import passkeys_of
from stoep.joining.staff_providers import provider_of
from stoep.joining.staff_sign_in import check_app_code, finish_set_up, has_app, new_set_up
from stoep.places.models import Municipality


@public
@require_http_methods(["GET", "POST"])
def staff_sign_in(request: HttpRequest) -> HttpResponse:
    form = StaffEmailForm(request.POST if request.method == "POST" else None)
    municipality = getattr(request, "municipality", None)
    status = 422 if form.is_bound else 200
    if request.method == "POST" and form.is_valid() and municipality is not None:
        try:
            _ask(request, municipality, form.cleaned_data["email"])
        except TooMany:
            form.add_error(None, str(TOO_MANY))
            status = 429
        else:
            return HttpResponseRedirect(reverse("staff_code"))
    facts = {"form": form, "provider": provider_of(municipality)}
    return render(request, "joining/staff/email.html", facts, status=status)


@public
@require_http_methods(["GET", "POST"])
def staff_code(request: HttpRequest) -> HttpResponse:
    ticket, municipality = kept(request, TICKET), getattr(request, "municipality", None)
    if not ticket or municipality is None:
        return HttpResponseRedirect(reverse("staff_sign_in"))
    form = StaffCodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            person = check_staff_code(
                municipality=municipality,
                secret=ticket,
                typed=form.cleaned_data["code"],
                visitor=Visitor.of(request),
                now=clock.now(),
            )
        except TooMany:
            return _too_often(request, "joining/staff/code.html", form)
        if person is not None:
            request.session.cycle_key()
            keep(request, PENDING, f"{person.pk} {clock.now().isoformat()}")
            return HttpResponseRedirect(reverse("staff_app" if has_app(person) else "staff_app_set_up"))
        form.add_error("code", _("This code is not right, or it is too old."))
    return render(request, "joining/staff/code.html", {"form": form}, status=422 if form.is_bound else 200)


@public
@require_http_methods(["GET", "POST"])
def staff_app(request: HttpRequest) -> HttpResponse:
    person = pending(request)
    if person is None or not has_app(person):
        return HttpResponseRedirect(reverse("staff_sign_in"))
    form = StaffCodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            is_right = check_app_code(person=person, typed=form.cleaned_data["code"], now=clock.now())
        except TooMany:
            return _too_often(request, "joining/staff/app.html", form)
        if is_right:
            enter(request, person)
            return HttpResponseRedirect(reverse("city"))
        form.add_error("code", _("This code is not right. Wait for the next one in the app."))
    facts = {"form": form, "has_passkey": passkeys_of(person).exists()}
    return render(request, "joining/staff/app.html", facts, status=422 if form.is_bound else 200)


@public
@require_http_methods(["GET", "POST"])
def staff_app_set_up(request: HttpRequest) -> HttpResponse:
    person = pending(request)
    if person is None or has_app(person):
        return HttpResponseRedirect(reverse("staff_sign_in"))
    set_up = new_set_up(person, secret=kept(request, SECRET))
    keep(request, SECRET, set_up.secret)
    form = StaffCodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        recovery = finish_set_up(person=person, secret=set_up.secret, typed=form.cleaned_data["code"], now=clock.now())
        if recovery is not None:
            enter(request, person)
            shown = {"recovery": recovery, "person": person, "onward": reverse("city")}
            return render(request, "joining/staff/recovery.html", shown)
        form.add_error("code", _("This code is not right. Wait for the next one in the app."))
    facts: dict[str, Any] = {"form": form, "set_up": set_up}
    return render(request, "joining/staff/set_up.html", facts, status=422 if form.is_bound else 200)


def _ask(request: HttpRequest, municipality: Municipality, email: str) -> None:
    """Ask for a mail and wait for it; who asked too often goes on waiting for the one before. Raises TooMany."""
    secret = new_ticket_secret()
    is_asked = ask_staff_code(
        municipality=municipality, email=email, secret=secret, visitor=Visitor.of(request), now=clock.now()
    )
    if is_asked or not kept(request, TICKET):
        keep(request, TICKET, secret)


def _too_often(request: HttpRequest, template: str, form: StaffCodeForm) -> HttpResponse:
    form.add_error(None, _("Too many wrong codes. Wait half an hour, then ask for a new one."))
    return render(request, template, {"form": form, "has_passkey": False}, status=429)
