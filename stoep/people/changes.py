"""Who wants to know that somebody or a group is shown in another way, filled in by apps above in their `ready()`."""

from collections.abc import Callable

from stoep.people.models import Group, Person

_listeners: list[Callable[[Person], None]] = []
_of_groups: list[Callable[[Group], None]] = []


def when_shown_anew(listener: Callable[[Person], None]) -> None:
    """`listener(person)` is called in the transaction in which a name or a shown street changes."""
    if listener not in _listeners:
        _listeners.append(listener)


def shown_anew(person: Person) -> None:
    for listener in _listeners:
        listener(person)


def when_group_shown_anew(listener: Callable[[Group], None]) -> None:
    """`listener(group)` is called in the transaction in which a group's name changes."""
    if listener not in _of_groups:
        _of_groups.append(listener)


def group_shown_anew(group: Group) -> None:
    for listener in _of_groups:
        listener(group)
