"""The city's page of ambassadors, the way in by a link, and the desk of an ambassador."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from stoep.access.decorators import neighbours_only, staff_only
from stoep.access.gate import may
from stoep.access.requests import person_of
from stoep.ambassadors.actions import LinkRefused, accept, link_for, make_link, release, step_down, withdraw_link
from stoep.ambassadors.forms import HoldForm, LinkForm
from stoep.ambassadors.models import AppointmentLink
from stoep.ambassadors.poster import poster_of
from stoep.ambassadors.queries import desk_of, places_of
from stoep.common import clock
from stoep.delivery.links import site_url
from stoep.moderation.deciding import DecisionRefused, hold
from stoep.moderation.queries import cases_to_look_at
from stoep.people.models import Person
from stoep.people.models import RoleName as R

REFUSED = _("Somebody hid it before, or a moderator decided.")


@staff_only(R.CITY_ADMIN)
@require_http_methods(["GET", "POST"])
def city_ambassadors(request: HttpRequest) -> HttpResponse:
    """Where there are ambassadors; a new link is shown this once, to print and hand over."""
    person, now = person_of(request), clock.now()
    form = LinkForm(request.POST if request.method == "POST" else None, municipality=person.municipality)
    facts: dict[str, Any] = {"form": form, "new_link": "", "chosen": None}
    if form.is_valid():
        place = facts["chosen"] = form.cleaned_data["neighbourhood"]
        token = make_link(person=person, neighbourhood=place, now=now)
        facts["new_link"] = site_url(person.municipality, f"/ambassador/accept/{token}/")
    facts["places"] = places_of(person.municipality, now=now)
    return render(request, "ambassadors/city.html", facts, status=422 if form.errors else 200)


@staff_only(R.CITY_ADMIN)
@require_POST
def withdrawal(request: HttpRequest, link_id: UUID) -> HttpResponse:
    person = person_of(request)
    link = get_object_or_404(AppointmentLink, pk=link_id, neighbourhood__municipality=person.municipality_id)
    withdraw_link(person=person, link=link, now=clock.now())
    return HttpResponseRedirect(reverse("city_ambassadors"))


@staff_only(R.CITY_ADMIN)
@require_POST
def city_release(request: HttpRequest, role_id: UUID) -> HttpResponse:
    release(person=person_of(request), role_id=role_id, now=clock.now())
    return HttpResponseRedirect(reverse("city_ambassadors"))


@neighbours_only
@require_http_methods(["GET", "POST"])
def acceptance(request: HttpRequest, token: str) -> HttpResponse:
    """What the task is and who will know, before the button."""
    person, now = person_of(request), clock.now()
    try:
        link = link_for(person, token, now=now)
        if request.method == "POST":
            accept(person=person, token=token, now=now)
            return HttpResponseRedirect(reverse("ambassador"))
    except LinkRefused:
        return render(request, "ambassadors/no_link.html", status=410)
    return render(request, "ambassadors/accept.html", {"place": link.neighbourhood})


@neighbours_only
@require_GET
def desk(request: HttpRequest) -> HttpResponse:
    person = _ambassador(request)
    facts = {"desk": desk_of(person, now=clock.now()), "is_done": "done" in request.GET}
    return render(request, "ambassadors/desk.html", facts)


@neighbours_only
@require_http_methods(["GET", "POST"])
def look_at(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """One report: look at the thing itself, and hide it for a day if it cannot wait."""
    person = _ambassador(request)
    found = next((each for each in cases_to_look_at(person) if each.case.pk == case_id), None)
    if found is None:
        raise Http404
    form = HoldForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            hold(person=person, case=found.case, facts=form.cleaned_data["facts"], now=clock.now())
        except DecisionRefused:
            form.add_error(None, str(REFUSED))
        else:
            return HttpResponseRedirect(f"{reverse('ambassador')}?done")
    return render(
        request, "ambassadors/report.html", {"found": found, "form": form}, status=422 if form.errors else 200
    )


@neighbours_only
@require_GET
def poster(request: HttpRequest) -> HttpResponse:
    person = _ambassador(request)
    made = poster_of(person=person, now=clock.now())
    headers = {"Content-Disposition": 'inline; filename="poster.pdf"'}
    return HttpResponse(made, content_type="application/pdf", headers=headers)


@neighbours_only
@require_POST
def end(request: HttpRequest) -> HttpResponse:
    step_down(person=_ambassador(request), now=clock.now())
    return HttpResponseRedirect(reverse("feed"))


def _ambassador(request: HttpRequest) -> Person:
    person = person_of(request)
    if not may(person, "ambassadors:desk:read", person):
        raise Http404
    return person
