"""A block outlives leaving and coming back: found again by letterbox and e-mail address (docs/trust.md 1.4)."""

from datetime import datetime
from uuid import UUID

from django.db.models import Q

from stoep.common.crypto import keyed_hash
from stoep.people.data_map import months
from stoep.people.models import Block, KeptBlock, Membership, Person

KEPT = months(24)


def keep_blocks(person: Person, now: datetime) -> None:
    """As this person is erased: for everybody with whom a block stands."""
    mark = _mark(person)
    if mark is None:
        return
    rows = [
        KeptBlock(
            person_id=block.blocked_id if block.person_id == person.pk else block.person_id,
            mark=mark,
            was_set_by_gone=block.person_id == person.pk,
            kept_since=now,
        )
        for block in Block.objects.filter(Q(person=person) | Q(blocked=person)).order_by("pk")
    ]
    KeptBlock.objects.bulk_create(rows, ignore_conflicts=True)


def restore_blocks(person: Person, now: datetime) -> None:
    """As somebody joins, proves a home or an address: what stood between them and others stands again, silently."""
    mark = _mark(person)
    kept = KeptBlock.objects.filter(mark=mark, kept_since__gt=now - KEPT).exclude(person=person) if mark else []
    for each in kept:
        sides: tuple[UUID, UUID] = (person.pk, each.person_id)
        blocking, blocked = sides if each.was_set_by_gone else sides[::-1]
        Block.objects.get_or_create(person_id=blocking, blocked_id=blocked, defaults={"created_at": now})
        each.delete()


def forget_kept_blocks(now: datetime) -> int:
    return KeptBlock.objects.filter(kept_since__lte=now - KEPT).delete()[0]


def _mark(person: Person) -> str | None:
    """Of the last letterbox, and of the address or, where there is none, the name. None: nobody proved a letterbox."""
    homes = Membership.objects.filter(person=person, household__isnull=False).order_by("-started_at", "-pk")
    address = homes.values_list("household__address", flat=True).first()
    if address is None:
        return None
    who = person.email.strip().casefold() or " ".join(person.name.split()).casefold()
    return keyed_hash("people.kept_block", f"{address} {who}")
