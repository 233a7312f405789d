"""What a post of an event brings with it: the row, its days, and word to those who come when it changes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from stoep.common.text import checked
from stoep.delivery.outbox import tell
from stoep.events.days import by_wall, make_days, move_days, shown_days, upcoming, wanted_days
from stoep.events.models import PLACE_LENGTH, Attendance, Event, Occurrence
from stoep.events.recurring import Repeats, repeats_of, rule_of, until_of
from stoep.events.resting import RESTS, new_dates_rest
from stoep.feed.models import Post
from stoep.feed.parts import PartRefused
from stoep.people.models import Person

SAID_YES_OR_MAYBE = (Attendance.Answer.YES, Attendance.Answer.MAYBE)
YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Plan:
    """When, by the clock on the wall there, and where."""

    on: date
    at: time
    place: str
    is_remote: bool = False

    def starts_at(self, zone: ZoneInfo) -> datetime:
        return datetime.combine(self.on, self.at, zone)


def plan_event(post: Post, /, *, answers: Mapping[str, Any], now: datetime) -> None:
    """In the transaction that places or changes the post. Without a date the post stays a plain message."""
    if not answers.get("on"):
        return
    place, is_remote = checked(answers["place"], most=PLACE_LENGTH), bool(answers.get("is_remote"))
    plan = Plan(answers["on"], answers["at"], place, is_remote)
    starts_at = plan.starts_at(ZoneInfo(post.audience.municipality.time_zone))
    event = Event.objects.filter(post=post).select_related("post__audience__municipality").first()
    if (event is None or event.is_remote) and new_dates_rest(post, is_remote=is_remote):
        raise PartRefused(RESTS, "on")
    if event is None:
        event = Event.objects.create(post=post, starts_at=starts_at, place=plan.place, is_remote=is_remote)
        make_days(event, now)
    else:
        _change(event, starts_at, plan, now)


def repeat(event: Event, repeats: Repeats, until: date | None, now: datetime) -> None:
    """It takes place on other days from now on."""
    first = event.starts_at.astimezone(event.zone).date()
    event.rule = rule_of(repeats, first, until or first + YEAR)
    event.save(update_fields=["rule"])
    fit_days(event, now)


def fit_days(event: Event, now: datetime) -> None:
    """Days that are no longer in its rule go, or are called off where somebody comes; the missing ones are made."""
    left = upcoming(event, now).exclude(starts_at__in=wanted_days(event, now))
    said = Attendance.objects.filter(occurrence__in=left.values("pk"), answer__in=SAID_YES_OR_MAYBE)
    kept = set(said.values_list("occurrence", flat=True))
    left.exclude(pk__in=kept).delete()
    call_off(event, left.filter(pk__in=kept, cancelled_at=None), "", now)
    if event.cancelled_at is None:
        make_days(event, now)


def call_off(event: Event, days: Any, reason: str, now: datetime, by: Person | None = None) -> None:
    """Told at once to those who said that they come, or might. `by`: a colleague, where the author did not do it."""
    gone = Occurrence.objects.filter(pk__in=list(days.values_list("pk", flat=True)))
    is_awaited = Attendance.objects.filter(occurrence__in=gone.values("pk"), answer__in=SAID_YES_OR_MAYBE).exists()
    gone.update(cancelled_at=now, reason=reason)
    if is_awaited:
        _tell("events.cancelled", event, now, actor=by)


def when_removed(post: Post, now: datetime) -> None:
    """Its author deleted it. Who comes hears of it, unless it is put back within the minute."""
    event = Event.objects.filter(post=post).select_related("post__audience", "post__author").first()
    if event is not None and is_awaited(event, now):
        _tell("events.cancelled", event, now, wait=settings.UNDO_FOR)


def is_awaited(event: Event, now: datetime) -> bool:
    days = upcoming(event, now).filter(cancelled_at=None)
    return Attendance.objects.filter(occurrence__in=days.values("pk"), answer__in=SAID_YES_OR_MAYBE).exists()


def plan_ahead(now: datetime) -> None:
    """Every night the days that came within reach."""
    repeating = Event.objects.exclude(rule="").filter(cancelled_at=None)
    for event in repeating.select_related("post__audience__municipality").order_by("id"):
        make_days(event, now)


def kept_plan(post: Post, now: datetime) -> dict[str, Any]:
    """What an edit begins with: the day that the post is about now."""
    event = Event.objects.filter(post=post).select_related("post__audience__municipality").first()
    if event is None:
        return {}
    day = shown_days([post.pk], now).get(post.pk)
    local = (day.starts_at if day else event.starts_at).astimezone(event.zone)
    kept = {"on": local.date(), "at": local.time(), "place": event.place, "is_remote": event.is_remote}
    return {**kept, "was": local.strftime("%Y-%m-%dT%H:%M")}


def _change(event: Event, starts_at: datetime, plan: Plan, now: datetime) -> None:
    """The next day moves, and all that follow with it; what was, was."""
    day = shown_days([event.post_id], now).get(event.post_id)
    by = by_wall(event, day.starts_at if day else event.starts_at, starts_at)
    if not by and (plan.place, plan.is_remote) == (event.place, event.is_remote):
        return
    lasts, repeats, until = event.lasts, repeats_of(event.rule), until_of(event.rule)
    move_days(event, by, now)
    event.place, event.is_remote = plan.place, plan.is_remote
    event.starts_at = starts_at
    event.ends_at = event.starts_at + lasts if lasts else None
    first = event.starts_at.astimezone(event.zone).date()
    last = max(until or first, starts_at.astimezone(event.zone).date())
    event.rule = rule_of(repeats, first, last)
    event.save(update_fields=["place", "is_remote", "starts_at", "ends_at", "rule"])
    fit_days(event, now)
    if is_awaited(event, now):
        _tell("events.changed", event, now)


def _tell(
    notice: str, event: Event, now: datetime, *, wait: timedelta = timedelta(0), actor: Person | None = None
) -> None:
    city, actor = event.post.audience.municipality_id, actor or event.post.author
    tell(notice, municipality_id=city, subject_id=event.pk, actor=actor, now=now, wait=wait)
