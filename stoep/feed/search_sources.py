"""What apps above let a search find besides messages, neighbours and streets: handed down by them in `ready()`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.functional import Promise

from stoep.people.models import Person


@dataclass(frozen=True)
class Hit:
    """A line that leads to a page: `meta` says whose it is or how it stands."""

    name: str
    href: str
    meta: str
    icon: str


@dataclass(frozen=True)
class SearchSource:
    """`find(person, asked, now)`: what this reader may see of it, for plain words; in a fixed number of queries."""

    name: str
    title: Promise
    find: Callable[[Person, Sequence[str], datetime], Sequence[Hit]]


@dataclass(frozen=True)
class Section:
    name: str
    title: Promise
    hits: Sequence[Hit]


@dataclass
class _Registry:
    sources: dict[str, SearchSource] = field(default_factory=dict)


_registry = _Registry()


def register(source: SearchSource) -> None:
    _registry.sources[source.name] = source


def found_elsewhere(person: Person, asked: Sequence[str], now: datetime) -> list[Section]:
    """A section for each source that found something."""
    found = [Section(one.name, one.title, one.find(person, asked, now)) for one in _registry.sources.values()]
    return [section for section in found if section.hits]
