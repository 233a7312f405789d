"""A neighbour invites somebody they know: a link to pass on, a flyer to hand over. We write to nobody for them."""

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from stoep.access.gate import require
from stoep.access.once import once
from stoep.common.ids import new_id
from stoep.delivery.links import site_url
from stoep.joining import codes
from stoep.joining.confirming import token_hash
from stoep.joining.limits import INVITATIONS_MADE, spend
from stoep.joining.models import Invitation
from stoep.people.models import Membership, Person

GOOD_FOR = timedelta(days=14)


class InvitingRefused(Exception):
    """Why no invitation is made: `reason` is closed (the city's choice) or many (enough of them still work)."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def invite(*, person: Person, request_key: UUID, now: datetime) -> Invitation:
    """A fresh link and code. Raises InvitingRefused, and limits.TooMany for who makes many in a day."""
    require(person, "joining:invitation:create", person, now=now)
    if not person.municipality.invitations_open:
        raise InvitingRefused("closed")
    spend(INVITATIONS_MADE, str(person.pk), now=now)
    made_id, _is_new = once(
        person=person,
        action="joining:invitation:create",
        key=request_key,
        now=now,
        write=lambda: _make(person, now=now),
    )
    return Invitation.objects.get(pk=made_id)


def end_invitation(*, person: Person, invitation: Invitation, now: datetime) -> None:
    """From now on it lets nobody in; who came in stays. Said twice, it stays as it was."""
    require(person, "joining:invitation:end", invitation, now=now)
    Invitation.objects.filter(pk=invitation.pk, ended_at=None).update(ended_at=now)


def living_invitations(person: Person, *, now: datetime) -> QuerySet[Invitation]:
    """Those of somebody's that still let people in."""
    living = Q(ended_at=None, expires_at__gt=now, uses__lt=Invitation.MOST_USES)
    return Invitation.objects.filter(living, inviter=person).select_related("neighbourhood__municipality")


def guests_of(person: Person) -> QuerySet[Membership]:
    """Who came on somebody's invitation and still needs neighbours who know them."""
    newcomers = Membership.objects.filter(invited_by=person, ended_at=None, standing=Membership.Standing.PROVISIONAL)
    return newcomers.filter(person__left_at=None).select_related("person").order_by("started_at", "id")


def link_of(invitation: Invitation) -> str:
    """The whole address that its inviter passes on."""
    return site_url(invitation.neighbourhood.municipality, f"/i/{invitation.token}/")


def _make(person: Person, *, now: datetime) -> UUID:
    """Counted under a lock, so that two at one moment are not one too many."""
    with transaction.atomic():
        Person.objects.select_for_update().get(pk=person.pk)
        if living_invitations(person, now=now).count() >= Invitation.MOST_LIVING:
            raise InvitingRefused("many")
        token, code = secrets.token_urlsafe(18), codes.new_codes(1)[0]
        made = Invitation.objects.create(
            id=new_id(),
            inviter=person,
            neighbourhood=Membership.objects.select_related("neighbourhood")
            .get(person=person, ended_at=None)
            .neighbourhood,
            token=token,
            token_hash=token_hash(token),
            code=code,
            code_hash=codes.code_hash(code),
            created_at=now,
            expires_at=now + GOOD_FOR,
        )
    return UUID(str(made.pk))
