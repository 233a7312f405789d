"""Places on a page that apps above may fill: handed down in their `ready()`, asked by whoever makes the page."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from stoep.people.models import Person

Facts = Mapping[str, Any]
# Place → how many are shown there at most: above the feed one question at a time. Those of the beginning are asked only
# in a neighbourhood that is beginning; `composer.first` is said before a kind of message asks anything.
PLACES = {
    "composer.first": 4,
    "feed.top": 1,
    "feed.side": 4,
    "feed.progress": 1,
    "feed.beginning": 4,
    "people.beginning": 1,
}


@dataclass(frozen=True)
class Slot:
    """What may stand at `place`, the lowest `order` first.

    `fill(person, now)` answers the `facts` that `template` needs, or None where there is nothing to show. It is asked
    with every page: where the row of the person can tell, it asks the database nothing.
    """

    place: str
    order: int
    fill: Callable[[Person, datetime], Facts | None]
    template: str


class Filled(NamedTuple):
    template: str
    facts: Facts


@dataclass
class _Registry:
    slots: dict[tuple[str, str], Slot] = field(default_factory=dict)


_registry = _Registry()


def register(slot: Slot) -> None:
    if slot.place not in PLACES:
        raise ValueError(f"Nobody asks for {slot.place}.")
    _registry.slots[slot.place, slot.template] = slot


def registered() -> list[Slot]:
    return sorted(_registry.slots.values(), key=lambda slot: (slot.place, slot.order, slot.template))


def filled(place: str, person: Person, now: datetime) -> list[Filled]:
    """What this person is shown there; once the place is full, nobody else is asked."""
    found: list[Filled] = []
    for slot in registered():
        if slot.place == place and len(found) < PLACES[place]:
            facts = slot.fill(person, now)
            found += [] if facts is None else [Filled(slot.template, facts)]
    return found
