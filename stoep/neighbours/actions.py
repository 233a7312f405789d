"""What neighbours and staff change about themselves."""

from datetime import datetime

from stoep.access.gate import require
from stoep.people.models import Person

LOOKS = set(Person.Look)
TEXT_SIZES = set(Person.TextSize)


def choose_preferences(*, person: Person, wishes: dict[str, str], now: datetime) -> None:
    """Keep language, look or text size: those that are named; what we do not know stays as it was."""
    require(person, "neighbours:person:change", person, now=now)
    if wishes:
        Person.objects.filter(pk=person.pk).update(**wishes)
