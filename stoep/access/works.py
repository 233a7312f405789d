"""What somebody wrote, as the apps above show it to a reader: handed down in `ready()`, asked by the profile."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from stoep.people.models import Person


@dataclass(frozen=True)
class Work:
    """One thing that somebody wrote: how it is called, where it stands, when it was written."""

    title: str
    href: str
    created_at: datetime


@dataclass(frozen=True)
class Works:
    """`has_seen`: whether the reader may see anything of that author; `recent`: the newest of it, at most so many."""

    has_seen: Callable[[Person, UUID], bool]
    recent: Callable[[Person, UUID, int], list[Work]]


@dataclass
class _Registry:
    kinds: dict[str, Works] = field(default_factory=dict)


_registry = _Registry()


def register(name: str, works: Works) -> None:
    _registry.kinds[name] = works


def has_seen(reader: Person, author_id: UUID) -> bool:
    """Whether the reader may see something that this author wrote."""
    return any(works.has_seen(reader, author_id) for works in _registry.kinds.values())


def recent(reader: Person, author_id: UUID, *, most: int) -> list[Work]:
    """The newest of it that the reader may see, newest first."""
    found = [work for works in _registry.kinds.values() for work in works.recent(reader, author_id, most)]
    return sorted(found, key=lambda work: work.created_at, reverse=True)[:most]
