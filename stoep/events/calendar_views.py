"""Events in somebody's own calendar: one as a file, or all of them at an address that only their program knows."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from stoep.access.decorators import neighbours_only, public, readers_only
from stoep.access.requests import person_of
from stoep.common import clock
from stoep.delivery.links import site_url
from stoep.events.calendar_links import end_link, links_of, make_link, opened
from stoep.events.calendars import calendar_file
from stoep.events.days import MADE_AHEAD, answers_of
from stoep.events.models import CalendarLink
from stoep.events.queries import KEPT_IN_CALENDARS, AgendaLine, all_days, days_for, my_days

GONE, UNPROCESSABLE = 410, 422
TYPE = "text/calendar; charset=utf-8"


@readers_only
@require_GET
def event_file(request: HttpRequest, day_id: UUID) -> HttpResponse:
    person = person_of(request)
    day = get_object_or_404(days_for(person), pk=day_id)
    line = AgendaLine(day, 0, answers_of(person, [day]).get(day.pk))
    content = calendar_file(day.event.post.title, [line], person.municipality, now=clock.now())
    return HttpResponse(content, content_type=TYPE, headers={"Content-Disposition": 'attachment; filename="event.ics"'})


@public
@require_GET
def calendar(_request: HttpRequest, token: str) -> HttpResponse:
    """For a program that cannot sign in. What its owner sees is asked anew each time; ended or unknown is the same."""
    found = opened(token)
    if found is None:
        return HttpResponse(_("This calendar was ended."), status=GONE, content_type="text/plain; charset=utf-8")
    person, kind = found
    now = clock.now()
    span = {"since": now - KEPT_IN_CALENDARS, "until": now + MADE_AHEAD}
    lines = my_days(person, **span) if kind == CalendarLink.Kind.MINE else all_days(person, **span)
    with override(person.language):
        name = _("What I come to") if kind == CalendarLink.Kind.MINE else person.standing.neighbourhood_name
    return HttpResponse(calendar_file(name, lines, person.municipality, now=now), content_type=TYPE)


@neighbours_only
@require_http_methods(["GET", "POST"])
def my_calendar(request: HttpRequest) -> HttpResponse:
    """A new address is shown once, in the answer to the press that made it."""
    person = person_of(request)
    facts: dict[str, object] = {"made": "", "address": "", "is_ended": "ended" in request.GET}
    status = 200
    if request.method == "POST":
        kind = request.POST.get("kind", "")
        if kind in CalendarLink.Kind.values:
            token = make_link(person=person, kind=kind, now=clock.now())
            whole = site_url(person.municipality, reverse("calendar", args=[token]))
            facts |= {"made": kind, "address": whole, "program": f"webcal:{whole.partition(':')[2]}"}
        else:
            status = UNPROCESSABLE
    facts |= {"kinds": CalendarLink.Kind.choices, "links": links_of(person)}
    return render(request, "events/my_calendar.html", facts, status=status)


@neighbours_only
@require_POST
def link_removal(request: HttpRequest) -> HttpResponse:
    end_link(person=person_of(request), kind=request.POST.get("kind", ""), now=clock.now())
    return HttpResponseRedirect(f"{reverse('my_calendar')}?ended")
