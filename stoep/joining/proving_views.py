"""The page that asks for a fresh proof, and then goes where somebody wanted to go."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from stoep.access.decorators import signed_in_only
from stoep.access.proof import note_proof
from stoep.access.requests import person_of, safe_next
from stoep.access.visitors import Visitor
from stoep.common import clock
from stoep.joining.forms import TOO_MANY, TOO_MANY_DIGITS, ProofForm
from stoep.joining.limits import TooMany
from stoep.joining.proving import Way, mail_digits, proves, way_of


@signed_in_only
@require_http_methods(["GET", "POST"])
def prove(request: HttpRequest) -> HttpResponse:
    """Two buttons by mail (send the digits, go on), one by own key."""
    way = way_of(person_of(request))
    if request.method == "POST" and "mail" in request.POST and way in {Way.MAIL, Way.TEXT}:
        return _mail(request)
    form = ProofForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid() and way in {Way.MAIL, Way.TEXT, Way.OWN_KEY}:
        return _check(request, form)
    return _page(request, form, status=422 if form.is_bound else 200)


def _mail(request: HttpRequest) -> HttpResponse:
    try:
        mail_digits(person=person_of(request), now=clock.now())
    except TooMany:
        return _page(request, _with_error(ProofForm({}), None, str(TOO_MANY)), status=429)
    return _page(request, ProofForm(), is_mailed=True)


def _check(request: HttpRequest, form: ProofForm) -> HttpResponse:
    try:
        is_right = proves(
            person=person_of(request), typed=form.cleaned_data["code"], visitor=Visitor.of(request), now=clock.now()
        )
    except TooMany:
        return _page(request, _with_error(form, "code", str(TOO_MANY_DIGITS)), status=429, is_mailed=True)
    if not is_right:
        words = _("These digits are not right, or too old.")
        return _page(request, _with_error(form, "code", words), status=422, is_mailed=True)
    note_proof(request.session, now=clock.now())
    return HttpResponseRedirect(safe_next(request, reverse("feed")))


def _with_error(form: ProofForm, name: str | None, words: str) -> ProofForm:
    form.full_clean()
    form.errors.clear()
    form.add_error(name, forms.ValidationError(words))
    return form


def _page(request: HttpRequest, form: ProofForm, *, status: int = 200, is_mailed: bool = False) -> HttpResponse:
    person = person_of(request)
    facts: dict[str, Any] = {
        "form": form,
        "next": safe_next(request, ""),
        "way": way_of(person).name,
        "is_mailed": is_mailed or (form.is_bound and "code" in form.errors),
        "layout": "shell/city.html" if person.is_staff_member else "shell/neighbour.html",
    }
    return render(request, "joining/prove.html", facts, status=status)
