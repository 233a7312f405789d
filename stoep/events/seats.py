"""Seats: who has one, who waits, and who moves up. Whoever changes something here holds the lock of the post."""

from datetime import datetime

from django.db.models import F

from stoep.delivery.outbox import tell
from stoep.events.days import upcoming
from stoep.events.models import Attendance, Event, Occurrence
from stoep.feed.models import Post
from stoep.people.models import Person

WITH_PLACE = ("event__post__audience__municipality", "event__post__author")


def locked(day: Occurrence) -> Occurrence:
    """The day as it is now, until the end of the transaction. An edit of the post takes the same lock, and no other."""
    Post.objects.select_for_update(no_key=True).get(pk=day.event.post_id)
    return Occurrence.objects.select_related(*WITH_PLACE).get(pk=day.pk)


def fits(day: Occurrence, people: int) -> bool:
    return day.event.seats is None or day.coming + people <= day.event.seats


def count(day: Occurrence, change: int) -> None:
    if change:
        Occurrence.objects.filter(pk=day.pk).update(coming=F("coming") + change)
        day.coming += change


def move_up(day: Occurrence, now: datetime) -> None:
    """In the order of their waiting; a group for which there is no room yet is passed over. Each is told."""
    waiting = Attendance.objects.filter(occurrence=day, waiting_since__isnull=False)
    for each in waiting.order_by("waiting_since", "id"):
        if fits(day, each.together):
            Attendance.objects.filter(pk=each.pk).update(waiting_since=None)
            count(day, each.together)
            city = day.event.post.audience.municipality_id
            tell("events.seat", municipality_id=city, subject_id=each.pk, actor=None, now=now)


def move_up_everywhere(event: Event, now: datetime) -> None:
    """There are more seats now."""
    for day in upcoming(event, now).filter(cancelled_at=None).select_related(*WITH_PLACE):
        move_up(day, now)


def give_up(person: Person, days: list[Occurrence], now: datetime) -> None:
    """Their answers to these days end, and their seats are free."""
    for day in sorted(days, key=lambda each: each.event.post_id):
        fresh = locked(day)
        mine = Attendance.objects.filter(occurrence=fresh, person=person).first()
        if mine is None:
            continue
        mine.delete()
        if mine.answer == Attendance.Answer.YES and mine.waiting_since is None:
            count(fresh, -mine.together)
            move_up(fresh, now)
