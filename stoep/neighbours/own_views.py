"""Correcting what we hold: the name, the street that neighbours see; and signing out everywhere."""

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from stoep.access.decorators import neighbours_only, signed_in_only
from stoep.access.requests import person_of
from stoep.common import clock
from stoep.neighbours.actions import (
    NoStreetToShow,
    TooManyNames,
    change_name,
    show_street,
    sign_out_everywhere,
)
from stoep.neighbours.forms import NameForm, StreetForm
from stoep.neighbours.queries import street_of
from stoep.people.real_names import NAME_REASONS, NameRefused


@neighbours_only
@require_http_methods(["GET", "POST"])
def my_name(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    if person.is_protected:
        return HttpResponseRedirect(reverse("my_protection"))
    form = NameForm(request.POST if request.method == "POST" else None, initial={"name": person.name})
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            change_name(person=person, name=form.cleaned_data["name"], now=clock.now())
        except NameRefused as error:
            form.add_error("name", str(NAME_REASONS[error.reason]))
        except TooManyNames:
            form.add_error("name", _("You changed your name often lately. Wait a month, or call us."))
            status = 429
        else:
            return _saved()
    return render(request, "neighbours/my_name.html", {"form": form}, status=status)


@neighbours_only
@require_http_methods(["GET", "POST"])
def my_street(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    if person.is_protected:
        return HttpResponseRedirect(reverse("my_protection"))
    street = street_of(person)
    kept = {"shown": "street" if street.is_shown else "neighbourhood"}
    form = StreetForm(request.POST if request.method == "POST" else None, initial=kept)
    if form.is_bound and form.is_valid():
        try:
            show_street(person=person, is_shown=form.cleaned_data["shown"] == "street", now=clock.now())
        except NoStreetToShow:
            form.add_error("shown", _("Your street is too short to hide in. We show your neighbourhood."))
        else:
            return _saved()
    facts = {"form": form, "street": street}
    return render(request, "neighbours/my_street.html", facts, status=422 if form.is_bound else 200)


@signed_in_only
@require_http_methods(["GET", "POST"])
def everywhere(request: HttpRequest) -> HttpResponse:
    """The question, and then the news that it is done, here too."""
    person = person_of(request)
    if request.method == "POST":
        sign_out_everywhere(person=person, now=clock.now())
        logout(request)
        facts = {"door": reverse("staff_sign_in" if person.is_staff_member else "sign_in")}
        return render(request, "neighbours/signed_out.html", facts)
    layout = "shell/city.html" if person.is_staff_member else "shell/neighbour.html"
    return render(request, "neighbours/sign_out_everywhere.html", {"layout": layout})


def _saved() -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("settings") + "?saved")
