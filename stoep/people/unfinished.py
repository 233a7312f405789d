"""What somebody still has to settle with neighbours before they leave: handed down by apps above in `ready()`."""

from collections.abc import Callable
from dataclasses import dataclass, field

from stoep.people.models import Person


@dataclass(frozen=True)
class Unfinished:
    """One thing, in words, and the page where it is settled."""

    text: str
    href: str


Find = Callable[[Person], list[Unfinished]]


@dataclass
class _Registry:
    finders: dict[str, Find] = field(default_factory=dict)


_registry = _Registry()


def register(name: str, find: Find) -> None:
    _registry.finders[name] = find


def unfinished_of(person: Person) -> list[Unfinished]:
    return [each for find in _registry.finders.values() for each in find(person)]
