"""The coming week as one sheet of paper for a hallway or a library: in the largest letters with which it fits.

Paper is read by everybody, also by who lives elsewhere. So it holds what the city plans, and what the reader plans
themselves: neighbours wrote their events for the neighbourhood, and no tick asks them whether it may go further.
It holds no names of people and not how many come.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from math import ceil

from django.utils import timezone

from stoep.events.models import Occurrence
from stoep.events.queries import days_for_paper
from stoep.events.resting import card_rests
from stoep.people.models import Person

DAYS_ON_PAPER = 7
# What is left of an A4 for the days themselves, in points: its margins, its heading and its last lines are off.
ROOM = 590


@dataclass(frozen=True)
class Letters:
    """Heights in points, as print.css has them. `across` and `across_below`: how many letters fit on a line."""

    name: str
    title: float
    below: float
    gap: float
    day: float
    across: int
    across_below: int

    def height_of(self, event: Occurrence) -> float:
        titles = ceil(_length(event.event.post.title) / self.across)
        below = ceil(_length_below(event) / self.across_below)
        return self.gap + titles * self.title + below * self.below


LARGE = Letters("large", title=25, below=19.5, gap=10, day=36, across=35, across_below=49)
SMALL = Letters("small", title=17.6, below=14.5, gap=5, day=24, across=52, across_below=70)
# "By phone or online" or "Called off" in the longest of the four languages, with the point between.
WORDS_BELOW = 26
CAPITALS_ADD = 0.4


@dataclass(frozen=True)
class SheetDay:
    on: date
    events: list[Occurrence]


@dataclass(frozen=True)
class Sheet:
    """`left_out`: how many found no place, not even in small letters."""

    first: date
    last: date
    days: list[SheetDay]
    letters: str
    left_out: int = 0


def week_of(person: Person, now: datetime) -> Sheet:
    """As this reader may hang it. What rests in crisis mode invites nobody from a wall either."""
    first = timezone.localtime(now).date()
    found = days_for_paper(person, now=now, first=first, last=first + timedelta(days=DAYS_ON_PAPER - 1))
    return sheet_of([day for day in found if not card_rests(person.standing, day, now)], first)


def sheet_of(events: Sequence[Occurrence], first: date) -> Sheet:
    last = first + timedelta(days=DAYS_ON_PAPER - 1)
    for letters in (LARGE, SMALL):
        if len(list(_fitting(events, letters))) == len(events):
            return Sheet(first, last, _by_day(events), letters.name)
    kept = list(_fitting(events, SMALL))
    return Sheet(first, last, _by_day(kept), SMALL.name, left_out=len(events) - len(kept))


def sender_of(event: Occurrence) -> str:
    """The department that says it. A neighbour is never named on paper."""
    department = event.event.post.speaking_for
    return department.name if department else ""


def _length_below(event: Occurrence) -> float:
    """Of the text below a title: where, how, and who says it."""
    said = sum((event.cancelled_at is not None, event.event.is_remote)) * WORDS_BELOW
    return _length(event.event.place) + said + _length(f" · {sender_of(event)}")


def _length(text: str) -> float:
    """In letters of usual width: capitals are wider."""
    return len(text) + CAPITALS_ADD * sum(letter.isupper() for letter in text)


def _fitting(events: Sequence[Occurrence], letters: Letters) -> Iterator[Occurrence]:
    """From the first on, until the sheet is full."""
    height, before = 0.0, None
    for event in events:
        height += letters.height_of(event) + (letters.day if _day_of(event) != before else 0)
        before = _day_of(event)
        if height > ROOM:
            return
        yield event


def _by_day(events: Sequence[Occurrence]) -> list[SheetDay]:
    return [SheetDay(on, list(some)) for on, some in groupby(events, _day_of)]


def _day_of(event: Occurrence) -> date:
    return timezone.localtime(event.starts_at).date()
