"""What can be reported, handed down by the apps above in `ready()`: moderation acts on it and knows none of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.utils.functional import Promise

from stoep.people.models import Person


@dataclass(frozen=True)
class Found:
    """A reported thing: whose, where, what it says, on which page. `writer`: as whoever found it may see them.

    `author_id`: whoever answers for it; None where nobody does, as for a group that all have left.
    """

    municipality_id: UUID
    neighbourhood_id: UUID | None
    author_id: UUID | None
    title: str
    body: str
    writer: str
    link: str


@dataclass(frozen=True)
class Piece:
    """A thing as a moderator sees it on the page of a case."""

    id: UUID
    title: str
    body: str
    writer: str
    created_at: datetime


@dataclass(frozen=True)
class Near:
    """A thing beside a reported one."""

    kind: str
    id: UUID


@dataclass(frozen=True)
class Material:
    """`find` asks for a reader, `load` for nobody: a notice without a sign-in is answered alike, whatever is there.

    `near`: two things on each side. `show`: of these ids what this moderator may see. `hide` answers whether it was in
    sight; `restore(id, was_live, now)` puts it back as it was. Without `hide` there is nothing to hide, as of a person.
    """

    kind: str
    label: Promise
    find: Callable[[Person, UUID], Found | None]
    load: Callable[[UUID], Found | None]
    near: Callable[[UUID], Sequence[Near]]
    show: Callable[[Person, Sequence[UUID]], list[Piece]]
    hide: Callable[[UUID, Person, datetime], bool] | None = None
    restore: Callable[[UUID, bool], None] | None = None


@dataclass
class _Registry:
    materials: dict[str, Material] = field(default_factory=dict)


_registry = _Registry()


def register(material: Material) -> None:
    _registry.materials[material.kind] = material


def material(kind: str) -> Material | None:
    return _registry.materials.get(kind)


def materials() -> list[Material]:
    return list(_registry.materials.values())
