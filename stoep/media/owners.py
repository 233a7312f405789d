"""What photos belong to, handed down by each app in `ready()`: media keeps pictures, the owners say who sees them."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from uuid import UUID

from stoep.people.models import Person


@dataclass(frozen=True)
class Owner:
    """`is_seen_by(person, id)`: may this person see the thing? `existing(ids)`: which of them are still there?

    `address(id)`: the page on which the photo stands.
    """

    kind: str
    is_seen_by: Callable[[Person, UUID], bool]
    existing: Callable[[Collection[UUID]], set[UUID]]
    address: Callable[[UUID], str]


@dataclass
class _Registry:
    owners: dict[str, Owner] = field(default_factory=dict)
    listeners: dict[str, list[Callable[[UUID], None]]] = field(default_factory=dict)


_registry = _Registry()


def register(owner: Owner) -> None:
    _registry.owners[owner.kind] = owner


def when_changed(kind: str, hear: Callable[[UUID], None]) -> None:
    """`hear` is called with the owner's id, inside the transaction in which a photo of it came, changed or went."""
    heard = _registry.listeners.setdefault(kind, [])
    if hear not in heard:
        heard.append(hear)


def owner_of(kind: str) -> Owner | None:
    return _registry.owners.get(kind)


def kinds() -> list[str]:
    return sorted(_registry.owners)


def tell_changed(kind: str, owner_id: UUID) -> None:
    for hear in _registry.listeners.get(kind, []):
        hear(owner_id)
