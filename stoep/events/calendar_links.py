"""Addresses for calendar programs: made, ended, and found again by their hash. Nobody but their owner ever saw one."""

import secrets
from datetime import datetime

from django.db import transaction

from stoep.access.gate import require
from stoep.common.crypto import keyed_hash
from stoep.events.models import CalendarLink
from stoep.people.models import Person
from stoep.people.queries import person_with_standing

TOKEN_BYTES = 32


@transaction.atomic
def make_link(*, person: Person, kind: str, now: datetime) -> str:
    """The token, which is told once and kept nowhere. An earlier one of this kind ends."""
    require(person, "events:calendar:change", person, now=now)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    CalendarLink.objects.update_or_create(
        person=person, kind=kind, defaults={"token_hash": _hash(token), "made_at": now}
    )
    return token


def end_link(*, person: Person, kind: str, now: datetime) -> None:
    """From now on nothing is at that address."""
    require(person, "events:calendar:change", person, now=now)
    CalendarLink.objects.filter(person=person, kind=kind).delete()


def links_of(person: Person) -> dict[str, CalendarLink]:
    return {link.kind: link for link in CalendarLink.objects.filter(person=person)}


def opened(token: str) -> tuple[Person, str] | None:
    """Whose it is and of what kind; None where it ended, or its owner left, moved out or is paused."""
    link = CalendarLink.objects.filter(token_hash=_hash(token)).first()
    person = person_with_standing(link.person_id) if link else None
    if link is None or person is None or not person.standing.is_member:
        return None
    return person, link.kind


def _hash(token: str) -> str:
    return keyed_hash("events.calendar", token)
