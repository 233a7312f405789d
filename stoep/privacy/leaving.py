"""Leaving hides everything at once; coming back in time shows exactly that again. What, the declarations say."""

from datetime import datetime

from django.db import transaction
from django.db.models import F

from stoep.people.data_map import declarations
from stoep.people.models import Person


class TooLateError(Exception):
    """The time is over: there is nobody left to come back."""


def hide(person: Person, now: datetime, *, is_aside: bool = False) -> None:
    """In the transaction of the caller. From here on no session of theirs opens anything.

    `is_aside`: not for good, so it is kept for longer.
    """
    gone = {"left_at": now, "is_aside": is_aside}
    Person.objects.filter(pk=person.pk).update(**gone, session_version=F("session_version") + 1)
    person.left_at, person.is_aside = now, is_aside
    for declaration in reversed(declarations()):
        if declaration.hidden is not None:
            declaration.hidden.hide(person, now)


@transaction.atomic
def come_back(*, returning: Person, now: datetime) -> Person:
    """Everything stands again as it was. Raises TooLateError.

    The gate knows nobody who left; what permits it is the proof at the door (`joining.entering.who_left`).
    """
    there = Person.objects.select_for_update().filter(pk=returning.pk).first()
    if there is None or (there.back_until is not None and there.back_until <= now):
        raise TooLateError
    if there.left_at is None:
        return there
    for declaration in declarations():
        if declaration.hidden is not None:
            declaration.hidden.show(there, there.left_at)
    Person.objects.filter(pk=there.pk).update(left_at=None, is_aside=False, feed_seen_at=now)
    return Person.objects.get(pk=there.pk)
