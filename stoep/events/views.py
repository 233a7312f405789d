"""The agenda and one day of an event: translate, call one action, answer."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from stoep.access.decorators import neighbours_only, readers_only
from stoep.access.requests import person_of, safe_next, uuid_or_none
from stoep.common import clock
from stoep.common.text import TextRefused
from stoep.delivery.bell import read_about
from stoep.delivery.links import site_url
from stoep.events.actions import EventRefused, answer_event, say_we_met
from stoep.events.forms import AnswerForm, refuse
from stoep.events.models import Occurrence
from stoep.events.months import day_or_none, months, weekdays
from stoep.events.part import section_facts, who_comes
from stoep.events.queries import (
    PAGE,
    AgendaLine,
    agenda,
    citys_agenda,
    days_for,
    days_holding_something,
    is_citys_alone,
)
from stoep.events.week import sender_of, week_of
from stoep.places.queries import crisis_since

WEEKS_SHOWN = 6
SATURDAY = 5
WHEN = {"today": _("Today"), "weekend": _("This weekend"), "all": _("All")}


@dataclass(frozen=True)
class Day:
    """One day of the agenda. `lines`: each with the words about who comes."""

    on: date
    lines: list[tuple[AgendaLine, str]]


@dataclass(frozen=True)
class Span:
    """As `queries.agenda` takes it."""

    since: datetime
    until: datetime
    begins: datetime | None = None


@neighbours_only
@require_GET
def agenda_page(request: HttpRequest) -> HttpResponse:
    """Six weeks, day by day; or one of these days, which the small months beside it offer."""
    person, now = person_of(request), clock.now()
    first = timezone.localtime(now).date()
    last = first + timedelta(weeks=WEEKS_SHOWN, days=-1)
    on = day_or_none(request.GET.get("on", ""), first=first, last=last)
    when = request.GET.get("when", "all")
    when = "day" if on else when if when in WHEN else "all"
    after_id = uuid_or_none(request.GET.get("after", ""))
    after = days_for(person).filter(pk=after_id).first() if after_id else None
    span = _span(when, on, now)
    lines = agenda(person, since=span.since, until=span.until, begins=span.begins, after=after)
    is_whole = when == "all" and after is None
    if is_whole and not lines:
        lines = citys_agenda(person, since=now)
    holding = days_holding_something(person, since=now, until=_midnight(last + timedelta(days=1)))
    facts = {
        "is_citys_alone": is_whole and bool(lines) and is_citys_alone(lines),
        "days": [Day(on, [(line, _words(line)) for line in some]) for on, some in groupby(lines[:PAGE], _day_of)],
        "when": when,
        "on": on,
        "months": months(first, last, holding=holding, chosen=on) if holding else [],
        "weekdays": weekdays(),
        "choices": WHEN,
        "rests": crisis_since(person.municipality_id, now) is not None,
        "next_after": lines[PAGE - 1].day.pk if len(lines) > PAGE else None,
    }
    return render(request, "events/agenda.html", facts)


@neighbours_only
@require_GET
def week_page(request: HttpRequest) -> HttpResponse:
    """The coming seven days on one sheet, to hang up."""
    person = person_of(request)
    sheet = week_of(person, clock.now())
    address = site_url(person.municipality, "/").partition("//")[2].rstrip("/")
    return render(request, "events/week.html", {"sheet": sheet, "sender_of": sender_of, "address": address})


@readers_only
@require_GET
def day(request: HttpRequest, day_id: UUID) -> HttpResponse:
    person = person_of(request)
    found = get_object_or_404(days_for(person), pk=day_id)
    read_about(person, found.event.post_id, now=clock.now())
    return _day(request, found)


@readers_only
@require_POST
def answer(request: HttpRequest, day_id: UUID) -> HttpResponse:
    """I come, maybe, no. What is refused comes back with what was typed."""
    person, now = person_of(request), clock.now()
    found = get_object_or_404(days_for(person), pk=day_id)
    form = AnswerForm(request.POST)
    if form.is_valid():
        try:
            answer_event(person=person, day=found, reply=form.reply, now=now)
        except (EventRefused, TextRefused) as error:
            refuse(form, error, "brings" if isinstance(error, TextRefused) else None)
        else:
            return HttpResponseRedirect(safe_next(request, reverse("event", args=[found.pk])) + "#event")
    return _day(request, found, form)


@readers_only
@require_POST
def meeting(request: HttpRequest, day_id: UUID) -> HttpResponse:
    """We met: one tap; tapped twice, it counts once."""
    person = person_of(request)
    found = get_object_or_404(days_for(person), pk=day_id)
    try:
        say_we_met(person=person, day=found, now=clock.now())
    except EventRefused as error:
        form = AnswerForm({})
        form.full_clean()
        form.errors.clear()
        refuse(form, error)
        return _day(request, found, form)
    return HttpResponseRedirect(safe_next(request, reverse("event", args=[found.pk])) + "#event")


def _day(request: HttpRequest, found: Occurrence, form: AnswerForm | None = None) -> HttpResponse:
    person, now = person_of(request), clock.now()
    facts = {
        "facts": section_facts(person, found, now, form),
        "layout": "shell/city.html" if person.is_staff_member else "shell/neighbour.html",
    }
    return render(request, "events/day.html", facts, status=422 if form else 200)


def _span(when: str, on: date | None, now: datetime) -> Span:
    """One day from its first hour; or from now until midnight, to the end of the weekend, or six weeks."""
    today = timezone.localtime(now).date()
    if on:
        return Span(now, _midnight(on + timedelta(days=1)), begins=_midnight(on))
    if when == "today":
        return Span(now, _midnight(today + timedelta(days=1)))
    if when == "weekend":
        saturday = today + timedelta(days=SATURDAY - today.weekday())
        return Span(max(now, _midnight(saturday)), _midnight(saturday + timedelta(days=2)))
    return Span(now, _midnight(today + timedelta(weeks=WEEKS_SHOWN)))


def _midnight(on: date) -> datetime:
    return datetime.combine(on, time(), timezone.get_current_timezone())


def _day_of(line: AgendaLine) -> date:
    return timezone.localtime(line.day.starts_at).date()


def _words(line: AgendaLine) -> str:
    return "" if line.day.cancelled_at else who_comes(line.coming, line.day.seats_left)
