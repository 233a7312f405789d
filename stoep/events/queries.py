"""Reads for the agenda, for the page of an event and for calendars: everything begins with who reads."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.db.models.functions import TruncDate
from django.utils import timezone

from stoep.access.small_numbers import Figure
from stoep.events.days import COMES, OVER_AT, answers_of, coming_for, is_over, upcoming
from stoep.events.meeting import has_met, met_figure
from stoep.events.models import Attendance, Event, Occurrence
from stoep.feed.models import Post
from stoep.media.queries import profile_photos
from stoep.people.models import Membership, Person
from stoep.people.naming import ShownPerson, shown_to

PAGE = 60
OTHER_DAYS = 8
CITY_LOOKS_AHEAD = timedelta(days=365)
MOST_NAMES = 60
WITH_POST = ("event__post__audience__municipality", "event__post__speaking_for", "event__post__author")


def days_for(person: Person) -> "QuerySet[Occurrence]":
    """The days of the events that exist for this person."""
    found = Occurrence.objects.filter(event__post__in=Post.objects.all().visible_to(person))
    return found.select_related(*WITH_POST)


def events_for(person: Person) -> "QuerySet[Event]":
    found = Event.objects.filter(post__in=Post.objects.all().visible_to(person))
    return found.select_related("post__audience__municipality", "post__author", "post__speaking_for")


@dataclass(frozen=True)
class AgendaLine:
    """One day of an event as one reader sees it. `mine`: what the reader answered, if anything."""

    day: Occurrence
    coming: int
    mine: Attendance | None


def agenda(
    person: Person,
    *,
    since: datetime,
    until: datetime,
    begins: datetime | None = None,
    after: Occurrence | None = None,
    most: int = PAGE + 1,
) -> list[AgendaLine]:
    """What is not over at `since` and begins before `until`, from `after` on; nothing of whom the reader muted.

    `begins`: and not earlier than this, which leaves out the party of the evening before.
    """
    found = _in_agenda(person, since, until)
    if begins is not None:
        found = found.filter(starts_at__gte=begins)
    if after is not None:
        found = found.filter(Q(starts_at__gt=after.starts_at) | Q(starts_at=after.starts_at, pk__gt=after.pk))
    return _lines(person, found.order_by("starts_at", "id")[:most])


def days_holding_something(person: Person, *, since: datetime, until: datetime) -> set[date]:
    """The days on which something of this reader's agenda begins, however long the agenda is."""
    here = timezone.get_current_timezone()
    found = _in_agenda(person, since, until).annotate(on=TruncDate("starts_at", tzinfo=here))
    return set(found.order_by().values_list("on", flat=True).distinct())


def _in_agenda(person: Person, since: datetime, until: datetime) -> "QuerySet[Occurrence]":
    found = days_for(person).annotate(over_at=OVER_AT).filter(over_at__gt=since, starts_at__lt=until)
    if person.standing.muted:
        found = found.exclude(event__post__author__in=person.standing.muted, event__post__speaking_for=None)
    return found


def days_for_paper(person: Person, *, now: datetime, first: date, last: date) -> list[Occurrence]:
    """From now to the end of `last`, what this reader may hang where everybody reads it (see week.py).

    That is what the city says to them and what is their own; but what they plan for a group stays in the group.
    """
    here = timezone.get_current_timezone()
    begins, ends = (datetime.combine(on, time(), here) for on in (first, last + timedelta(days=1)))
    found = days_for(person).filter(starts_at__gte=begins, starts_at__lt=ends).annotate(over_at=OVER_AT)
    ours = Q(event__post__speaking_for__isnull=False) | Q(event__post__author=person)
    found = found.filter(ours, over_at__gt=now).exclude(event__post__audience__atoms__group__isnull=False)
    return list(found.order_by("starts_at", "id")[:PAGE])


def citys_agenda(person: Person, *, since: datetime) -> list[AgendaLine]:
    """What the city plans for this reader in a year, one page of it: for where the neighbours plan nothing yet."""
    found = days_for(person).filter(event__post__speaking_for__isnull=False, starts_at__lt=since + CITY_LOOKS_AHEAD)
    found = found.annotate(over_at=OVER_AT).filter(over_at__gt=since)
    return _lines(person, found.order_by("starts_at", "id")[:PAGE])


def is_citys_alone(lines: list[AgendaLine]) -> bool:
    """Whether this is the whole agenda, and no neighbour plans anything in it."""
    return len(lines) <= PAGE and all(line.day.event.post.speaking_for_id for line in lines)


def _lines(person: Person, found: "QuerySet[Occurrence]") -> list[AgendaLine]:
    days = list(found)
    counts, mine = coming_for(person.standing, days), answers_of(person, days)
    return [AgendaLine(day, counts[day.pk], mine.get(day.pk)) for day in days]


@dataclass(frozen=True)
class Comer:
    """Somebody who comes, as the reader may see them."""

    person_id: UUID
    shown: ShownPerson
    together: int
    brings: str


@dataclass(frozen=True)
class DayPage:
    """One day of an event to one reader. Staff reads no names and no numbers of those who come (docs/trust.md 2.3).

    Afterwards the names are gone: who was where is nobody's business. `met`: only where enough people said so.
    """

    day: Occurrence
    is_over: bool
    has_begun: bool
    coming: int
    maybe: int
    waiting: int
    mine: Attendance | None
    comers: list[Comer]
    others: list[Occurrence]
    met: Figure | None
    has_met: bool
    names_left_out: int = field(default=0)

    @property
    def was_there(self) -> bool:
        mine = self.mine
        return mine is not None and mine.answer == Attendance.Answer.YES and mine.waiting_since is None


def day_page(person: Person, day: Occurrence, now: datetime) -> DayPage:
    has_begun, over = day.starts_at <= now, is_over(day, now)
    answers = _answers(person, day) if person.standing.is_member else []
    coming = [each for each in answers if each.answer == Attendance.Answer.YES and each.waiting_since is None]
    return DayPage(
        day=day,
        is_over=over,
        has_begun=has_begun,
        coming=sum(each.together for each in coming),
        maybe=sum(each.answer == Attendance.Answer.MAYBE for each in answers),
        waiting=sum(each.waiting_since is not None for each in answers),
        mine=next((each for each in answers if each.person_id == person.pk), None),
        comers=[] if over else list(_comers(person, coming[:MOST_NAMES])),
        others=list(upcoming(day.event, now).exclude(pk=day.pk)[:OTHER_DAYS]) if day.event.rule else [],
        met=met_figure(day) if has_begun and person.standing.is_member else None,
        has_met=has_begun and has_met(person, day),
        names_left_out=0 if over else max(0, len(coming) - MOST_NAMES),
    )


def _answers(person: Person, day: Occurrence) -> list[Attendance]:
    """In the order of answering; nothing of whom a block keeps apart, or who left."""
    found = Attendance.objects.filter(occurrence=day, person__left_at=None).exclude(person__in=person.standing.apart)
    return list(found.select_related("person").order_by("answered_at", "id"))


def _comers(reader: Person, coming: list[Attendance]) -> Iterator[Comer]:
    ids = [each.person_id for each in coming]
    homes = Membership.objects.filter(person__in=ids, ended_at=None).select_related("neighbourhood", "shown_street")
    known, faces = {home.person_id: home for home in homes}, profile_photos(ids)
    for each in coming:
        home = known.get(each.person_id)
        shown = shown_to(
            reader.standing,
            name=each.person.name,
            neighbourhood_id=home.neighbourhood_id if home else None,
            neighbourhood_name=home.neighbourhood.name if home else "",
            street_name=home.shown_street.name if home and home.shown_street else None,
            photo_id=faces.get(each.person_id),
        )
        is_muted = each.person_id in reader.standing.muted
        yield Comer(each.person_id, shown, each.together, "" if is_muted else each.brings)


def my_days(person: Person, *, since: datetime, until: datetime) -> list[AgendaLine]:
    """What this person comes to, or might, as far as it still exists for them."""
    said = Attendance.objects.filter(
        COMES | Q(answer=Attendance.Answer.MAYBE), person=person, occurrence__starts_at__range=(since, until)
    )
    days = list(days_for(person).filter(pk__in=said.values("occurrence")).order_by("starts_at", "id"))
    mine = answers_of(person, days)
    return [AgendaLine(day, 0, mine.get(day.pk)) for day in days]


def all_days(person: Person, *, since: datetime, until: datetime) -> list[AgendaLine]:
    return agenda(person, since=since, until=until, most=10 * PAGE)


KEPT_IN_CALENDARS = timedelta(days=31)
