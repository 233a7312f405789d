"""Who wants to know that somebody is shown in another way, filled in by apps above in their `ready()`."""

from collections.abc import Callable

from stoep.people.models import Person

_listeners: list[Callable[[Person], None]] = []


def when_shown_anew(listener: Callable[[Person], None]) -> None:
    """`listener(person)` is called in the transaction in which a name or a shown street changes."""
    if listener not in _listeners:
        _listeners.append(listener)


def shown_anew(person: Person) -> None:
    for listener in _listeners:
        listener(person)
