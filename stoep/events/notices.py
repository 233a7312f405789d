"""What those who come are told: it changed, it was called off, it is tomorrow, there is a seat."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from stoep.delivery.links import site_url
from stoep.delivery.models import Stream
from stoep.delivery.notices import Notice, Rung, Told
from stoep.events.models import Attendance, Event, Occurrence
from stoep.events.planning import SAID_YES_OR_MAYBE
from stoep.feed.models import Post
from stoep.people.models import Person

WITH_POST = ("event__post__audience__municipality", "event__post__author")


def known_to(reader: Person) -> "QuerySet[Post]":
    """The posts that exist for this reader, and those that would if their author had not deleted them."""
    posts, taken_back = Post.objects.all(), Q(removed_by=F("author")) | Q(speaking_for__isnull=False)
    return posts.filter(posts.in_scope_of(reader.standing), Q(removed_at=None) | taken_back)


def _days_of_event(told: Told) -> "QuerySet[Occurrence]":
    """Those that did not begin yet, also where the mail comes later, as the one of the day or of the week."""
    return Occurrence.objects.filter(event=told.subject_id, starts_at__gt=max(told.told_at, told.now))


def _changed_days(told: Told) -> "QuerySet[Occurrence]":
    return _days_of_event(told).filter(cancelled_at=None, event__post__removed_at=None)


def _days_called_off(told: Told) -> "QuerySet[Occurrence]":
    """Those that were called off with this word; all of them where the post is deleted, and still is."""
    gone = Q(cancelled_at=told.told_at) | Q(cancelled_at=None, event__post__removed_at__isnull=False)
    return _days_of_event(told).filter(gone)


def _one_day(told: Told) -> "QuerySet[Occurrence]":
    ahead = Occurrence.objects.filter(starts_at__gt=told.now)
    return ahead.filter(pk=told.subject_id, cancelled_at=None, event__post__removed_at=None)


def _day_with_a_seat(told: Told) -> "QuerySet[Occurrence]":
    """While they still have it."""
    seated = Attendance.objects.filter(pk=told.subject_id, answer=Attendance.Answer.YES, waiting_since=None)
    ahead = Occurrence.objects.filter(starts_at__gt=told.now)
    return ahead.filter(pk__in=seated.values("occurrence"), cancelled_at=None)


Days = Callable[[Told], "QuerySet[Occurrence]"]


def _who_said(days: Days) -> Callable[[Told], Iterable[Person]]:
    """Those who come or might, but whoever did it."""

    def recipients(told: Told) -> Iterable[Person]:
        said = Attendance.objects.filter(occurrence__in=days(told).values("pk"), answer__in=SAID_YES_OR_MAYBE)
        return Person.objects.filter(pk__in=said.values("person"), left_at=None).exclude(
            pk=told.actor_id or UUID(int=0)
        )

    return recipients


def _who_waited(told: Told) -> Iterable[Person]:
    waited = Attendance.objects.filter(pk=told.subject_id, waiting_since=None)
    return Person.objects.filter(pk__in=waited.values("person"), left_at=None)


def _words(days: Days) -> Callable[[Told, Person], dict[str, Any] | None]:
    """The first of the days to which this reader comes, if the event exists for them."""

    def context(told: Told, reader: Person) -> dict[str, Any] | None:
        mine = days(told).filter(attendances__person=reader, event__post__in=known_to(reader))
        found = list(mine.select_related(*WITH_POST).order_by("starts_at", "id"))
        if not found:
            return None
        post = found[0].event.post
        path = f"/posts/{post.pk}/" if post.is_live else "/agenda/"
        facts = {"post": post, "day": found[0], "more": len(found) - 1, "thread_id": post.pk}
        return {**facts, "link": site_url(post.audience.municipality, path)}

    return context


def _post_of_event(told: Told) -> UUID | None:
    return Event.objects.filter(pk=told.subject_id).values_list("post", flat=True).first()


def _post_of_day(told: Told) -> UUID | None:
    return Occurrence.objects.filter(pk=told.subject_id).values_list("event__post", flat=True).first()


def _post_of_answer(told: Told) -> UUID | None:
    found = Attendance.objects.filter(pk=told.subject_id)
    return found.values_list("occurrence__event__post", flat=True).first()


def _rings(text: Promise, icon: str) -> Callable[[Person, Mapping[UUID, list[UUID]]], dict[UUID, Rung]]:
    def describe(reader: Person, groups: Mapping[UUID, list[UUID]]) -> dict[UUID, Rung]:
        found = known_to(reader).filter(pk__in=groups)
        return {
            post.pk: Rung(str(text), post.title, f"/posts/{post.pk}/" if post.is_live else "/agenda/", icon)
            for post in found
        }

    return describe


NOTICES = (
    Notice(
        "events.changed",
        _who_said(_changed_days),
        "events/mail/changed",
        _words(_changed_days),
        stream=Stream.MINE,
        group=_post_of_event,
        describe=_rings(_("There is another day, hour or place"), "calendar-blank"),
        push=_("Something to which you come has changed."),
        repeats=True,
    ),
    Notice(
        "events.cancelled",
        _who_said(_days_called_off),
        "events/mail/cancelled",
        _words(_days_called_off),
        stream=Stream.MINE,
        group=_post_of_event,
        describe=_rings(_("It was called off"), "x-circle"),
        push=_("Something to which you would come was called off."),
        repeats=True,
    ),
    Notice(
        "events.reminder",
        _who_said(_one_day),
        "events/mail/reminder",
        _words(_one_day),
        stream=Stream.MINE,
        group=_post_of_day,
        describe=_rings(_("You said that you come, or might"), "calendar-heart"),
        push=_("Tomorrow there is something to which you come."),
        repeats=True,
    ),
    Notice(
        "events.seat",
        _who_waited,
        "events/mail/seat",
        _words(_day_with_a_seat),
        stream=Stream.MINE,
        group=_post_of_answer,
        describe=_rings(_("There is a seat for you"), "calendar-heart"),
        push=_("There is a seat for you now."),
        repeats=True,
    ),
)
