"""Keeping away from somebody: a block works both ways and says nothing; a mute concerns only who set it."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from stoep.access.gate import require
from stoep.people.kept_blocks import drop_kept_block
from stoep.people.models import Block, Membership, Mute, Person


@transaction.atomic
def block(*, person: Person, other: Person, with_letterbox: bool = False, now: datetime) -> None:
    """From the next request neither sees anything of the other. `with_letterbox`: nor of whoever lives with `other`.

    It is the same whether anybody else lives there or not.
    """
    require(person, "neighbours:person:block", other, now=now)
    home = Membership.objects.filter(person=other, ended_at=None).values_list("household", flat=True).first()
    made, _is_new = Block.objects.get_or_create(person=person, blocked=other, defaults={"created_at": now})
    if with_letterbox and home is not None:
        Block.objects.filter(pk=made.pk).update(household=home)


@transaction.atomic
def unblock(*, person: Person, block_id: UUID, now: datetime) -> None:
    """Take one's own block back. One that the other set stays, and nobody is told of it."""
    require(person, "neighbours:person:change", person, now=now)
    found = Block.objects.filter(pk=block_id, person=person).select_related("blocked").first()
    if found is not None:
        drop_kept_block(person, found.blocked)
        found.delete()


def mute(*, person: Person, other: Person, now: datetime) -> None:
    """Nothing of theirs in my feed and my mails. They see everything as before."""
    require(person, "neighbours:person:mute", other, now=now)
    Mute.objects.get_or_create(person=person, muted=other, defaults={"created_at": now})


def unmute(*, person: Person, other_id: UUID, now: datetime) -> None:
    require(person, "neighbours:person:change", person, now=now)
    Mute.objects.filter(person=person, muted=other_id).delete()
