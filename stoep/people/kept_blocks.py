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
            with_letterbox=block.blocked_id == person.pk and block.household_id is not None,
            kept_since=now,
        )
        for block in Block.objects.filter(Q(person=person) | Q(blocked=person)).order_by("pk")
    ]
    KeptBlock.objects.bulk_create(rows, ignore_conflicts=True)


def restore_blocks(person: Person, now: datetime) -> None:
    """As somebody joins, proves a home or confirms an address: what stood between them and others stands again.

    What the one who went had set stands again only for whoever proves to have their address: it is in the list of who
    sets a block, and would tell a stranger at the same letterbox whom they kept away from. The other way round a typed
    address is enough, as nobody is told. It is kept on, so that no second account walks around it.
    """
    mark = _mark(person)
    kept = KeptBlock.objects.filter(mark=mark, kept_since__gt=now - KEPT).exclude(person=person) if mark else []
    for each in kept:
        if each.was_set_by_gone and person.email_confirmed_at is None:
            continue
        sides: tuple[UUID, UUID] = (person.pk, each.person_id)
        blocking, blocked = sides if each.was_set_by_gone else sides[::-1]
        home = _home(person) if each.with_letterbox else None
        facts = {"created_at": now, "household_id": home}
        Block.objects.get_or_create(person_id=blocking, blocked_id=blocked, defaults=facts)


def drop_kept_block(one: Person, other: Person) -> None:
    """A block between them was taken back: it stands no more, however often one of them comes back."""
    for gone, stayed in ((one, other), (other, one)):
        mark = _mark(gone)
        if mark is not None:
            KeptBlock.objects.filter(person=stayed, mark=mark).delete()


def forget_kept_blocks(now: datetime) -> int:
    return KeptBlock.objects.filter(kept_since__lte=now - KEPT).delete()[0]


def _mark(person: Person) -> str | None:
    """Of the last letterbox, and of the address or, where there is none, the name. None: nobody proved a letterbox."""
    homes = Membership.objects.filter(person=person, household__isnull=False).order_by("-started_at", "-pk")
    address = homes.values_list("household__address", flat=True).first()
    if address is None:
        return None
    name = person.own_name or person.name  # what a protected person is called by is none of the two
    who = person.email.strip().casefold() or " ".join(name.split()).casefold()
    return keyed_hash("people.kept_block", f"{address} {who}")


def _home(person: Person) -> UUID | None:
    return Membership.objects.filter(person=person, ended_at=None).values_list("household", flat=True).first()
