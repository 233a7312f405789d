"""The page of who does not want to be found: translate, call one action, answer."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from stoep.access.decorators import neighbours_only
from stoep.access.requests import person_of
from stoep.common import clock
from stoep.neighbours.actions import TooManyNames
from stoep.neighbours.forms import ChosenNameForm
from stoep.neighbours.protecting import OwnNameGiven, protect, stop_protecting
from stoep.people.real_names import NAME_REASONS, NameRefused


@neighbours_only
@require_http_methods(["GET", "POST"])
def my_protection(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    kept = {"name": person.name if person.is_protected else ""}
    form = ChosenNameForm(request.POST if request.method == "POST" else None, initial=kept)
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            protect(person=person, name=form.cleaned_data["name"], now=clock.now())
        except NameRefused as error:
            form.add_error("name", str(NAME_REASONS[error.reason]))
        except OwnNameGiven:
            form.add_error("name", _("Your own last name is in it. Choose another one."))
        except TooManyNames:
            form.add_error("name", _("You changed your name often lately. Wait a month, or call us."))
            status = 429
        else:
            return HttpResponseRedirect(reverse("my_protection"))
    return render(request, "neighbours/my_protection.html", {"form": form}, status=status)


@neighbours_only
@require_POST
def end_protection(request: HttpRequest) -> HttpResponse:
    stop_protecting(person=person_of(request), now=clock.now())
    return HttpResponseRedirect(reverse("settings") + "?saved")
