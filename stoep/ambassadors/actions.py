"""Appointing by a link that the city hands over, accepting it, and putting the task down."""

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from stoep.access.gate import may, require
from stoep.ambassadors.models import AppointmentLink
from stoep.common.crypto import keyed_hash
from stoep.common.ids import new_id
from stoep.people.models import Person, Role, RoleName
from stoep.places.models import Neighbourhood

LINK_LASTS = timedelta(days=30)


class LinkRefused(ValueError):
    """The link was used, withdrawn, ran out, never was, or is for another neighbourhood: all the same to its holder."""


def make_link(*, person: Person, neighbourhood: Neighbourhood, now: datetime) -> str:
    """Answers the token, which is shown this once."""
    require(person, "ambassadors:link:create", neighbourhood, now=now)
    token = secrets.token_urlsafe(18)
    AppointmentLink.objects.create(
        id=new_id(now),
        neighbourhood=neighbourhood,
        token_hash=_hash(token),
        made_by=person,
        made_at=now,
        expires_at=now + LINK_LASTS,
    )
    return token


def withdraw_link(*, person: Person, link: AppointmentLink, now: datetime) -> None:
    require(person, "ambassadors:link:create", link.neighbourhood, now=now)
    AppointmentLink.objects.filter(pk=link.pk, accepted_at=None).update(withdrawn_at=now)


def link_for(person: Person, token: str, *, now: datetime) -> AppointmentLink:
    """The open link for who lives where it is for, with a letter. Raises LinkRefused."""
    found = AppointmentLink.objects.filter(token_hash=_hash(token)).select_related("neighbourhood").first()
    if found is None or not found.is_open(now) or not may(person, "ambassadors:task:accept", person):
        raise LinkRefused
    if found.neighbourhood_id != person.standing.neighbourhood_id:
        raise LinkRefused
    return found


@transaction.atomic
def accept(*, person: Person, token: str, now: datetime) -> None:
    """From the next request on this neighbour is an ambassador, and the city sees their name. Raises LinkRefused."""
    require(person, "ambassadors:task:accept", person, now=now)
    link = AppointmentLink.objects.select_for_update().get(pk=link_for(person, token, now=now).pk)
    if not link.is_open(now):
        raise LinkRefused
    AppointmentLink.objects.filter(pk=link.pk).update(accepted_by=person, accepted_at=now)
    Role.objects.get_or_create(
        person=person,
        role=RoleName.AMBASSADOR,
        ended_at=None,
        defaults={"granted_by_id": link.made_by_id, "granted_at": now},
    )


def release(*, person: Person, role_id: UUID, now: datetime) -> None:
    """The city ends the task; it works on that neighbour's next request."""
    require(person, "ambassadors:ambassador:release", person.municipality, now=now)
    held = Role.objects.filter(pk=role_id, role=RoleName.AMBASSADOR, ended_at=None)
    held.filter(person__municipality=person.municipality_id).update(ended_at=now)


def step_down(*, person: Person, now: datetime) -> None:
    """An ambassador puts the task down; nobody asks why."""
    require(person, "ambassadors:desk:read", person, now=now)
    Role.objects.filter(person=person, role=RoleName.AMBASSADOR, ended_at=None).update(ended_at=now)


def _hash(token: str) -> str:
    return keyed_hash("ambassadors.link", token)
