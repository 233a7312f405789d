"""What a daily mail can hold, handed down by each app in `ready()`: they know what is new for whom, delivery when."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum
from uuid import UUID

from django.utils.functional import Promise

from stoep.delivery.models import MailChoices
from stoep.delivery.notices import notice_named
from stoep.people.models import Person
from stoep.places.models import Municipality, Neighbourhood


class Rank(IntEnum):
    """The order in the mail."""

    CITY = 1
    MINE = 2
    HELP = 3
    REST = 4
    AGENDA = 5


@dataclass(frozen=True)
class Line:
    """One thing that a reader may hear of. `notice` and `subject_id`: as it was told; `ink` and `tint` colour its chip.

    `link` is a whole address; `moment` is for the agenda: when it takes place. `outside`: what stands in the subject
    instead of a title that names somebody, since a subject is read over one's shoulder. `counted`: the keys of what
    the line counts too, as "and 2 others".
    """

    notice: str
    subject_id: UUID
    rank: Rank
    stream: str
    chip: str | Promise
    title: str
    link: str
    created_at: datetime
    text: str = ""
    writer: str = ""
    place: str = ""
    ink: str = "#0B6B5D"
    tint: str = "#E2F1ED"
    may_be_answered: bool = True
    moment: datetime | None = None
    outside: str = ""
    counted: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """By which it is never told twice."""
        return key_of(self.notice, self.subject_id, self.created_at)

    def was_told(self, keys: Collection[str]) -> bool:
        """Also by the key without its moment, as it was written until November 2026: for eight days."""
        return self.key in keys or f"{self.notice} {self.subject_id}" in keys


def key_of(notice: str, subject_id: UUID, told_at: datetime) -> str:
    """Of what happens again and again also when: each time is told."""
    found = notice_named(notice)
    return f"{notice} {subject_id} {told_at.isoformat()}" if found and found.repeats else f"{notice} {subject_id}"


@dataclass(frozen=True)
class Readers:
    """The people of one batch, all of one neighbourhood, and the time of which they may hear something."""

    municipality: Municipality
    neighbourhood: Neighbourhood
    people: list[Person]
    choices: Mapping[UUID, MailChoices]
    since: datetime
    until: datetime


@dataclass(frozen=True)
class Source:
    """`lines`: for each reader, in a number of queries that does not grow with them. `activity`: how many things
    happened in the neighbourhood since a moment; where little happens the mail comes once a week."""

    name: str
    lines: Callable[[Readers], dict[UUID, list[Line]]]
    activity: Callable[[Neighbourhood, datetime], int]


@dataclass
class _Registry:
    sources: dict[str, Source] = field(default_factory=dict)


_registry = _Registry()


def register_source(source: Source) -> None:
    _registry.sources[source.name] = source


def sources() -> list[Source]:
    return list(_registry.sources.values())
