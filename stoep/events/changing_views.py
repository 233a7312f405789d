"""What the one who planned an event changes beyond its words: more about it, and calling it off. The city too."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from stoep.access.decorators import neighbours_only, readers_only
from stoep.access.gate import NotAllowed, may
from stoep.access.requests import person_of
from stoep.common import clock
from stoep.common.text import TextRefused
from stoep.events.actions import EventRefused, cancel_event, change_details
from stoep.events.forms import CancelForm, DetailsForm, refuse
from stoep.events.queries import days_for


@neighbours_only
@require_http_methods(["GET", "POST"])
def details(request: HttpRequest, day_id: UUID) -> HttpResponse:
    person = person_of(request)
    day = get_object_or_404(days_for(person), pk=day_id)
    if not may(person, "events:event:change", day.event.post):
        raise NotAllowed
    form = DetailsForm.of(day.event, request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            change_details(person=person, event=day.event, details=form.details, now=clock.now())
        except (EventRefused, TextRefused) as error:
            refuse(form, error)
        else:
            return HttpResponseRedirect(reverse("post", args=[day.event.post_id]) + "#event")
    return render(request, "events/details.html", {"form": form, "day": day}, status=422 if form.errors else 200)


@readers_only
@require_http_methods(["GET", "POST"])
def cancellation(request: HttpRequest, day_id: UUID) -> HttpResponse:
    """For whoever planned it; what the city planned, its department calls off."""
    person = person_of(request)
    day = get_object_or_404(days_for(person), pk=day_id)
    if not may(person, "events:event:cancel", day.event.post):
        raise NotAllowed
    comes_back = bool(day.event.rule)
    form = CancelForm(request.POST if request.method == "POST" else None, comes_back=comes_back)
    if form.is_valid():
        one = None if form.is_whole else day
        try:
            cancel_event(person=person, event=day.event, day=one, reason=form.cleaned_data["reason"], now=clock.now())
        except (EventRefused, TextRefused) as error:
            refuse(form, error, "reason" if isinstance(error, TextRefused) else None)
        else:
            return HttpResponseRedirect(reverse("post", args=[day.event.post_id]) + "#event")
    layout = "shell/city.html" if person.is_staff_member else "shell/neighbour.html"
    facts = {"form": form, "day": day, "layout": layout}
    return render(request, "events/cancellation.html", facts, status=422 if form.errors else 200)
