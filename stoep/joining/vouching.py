"""Newcomers without a letter: two neighbours of two addresses say that they know them, or the desk does."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction

from stoep.access.gate import Actor, require
from stoep.common.ids import new_id
from stoep.delivery.outbox import tell
from stoep.joining.models import Vouch
from stoep.people.models import Membership, Person


class VouchRefused(Exception):
    """Why a yes does not count: `reason` is address (somebody of yours said it) or month (three times already)."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Progress:
    """How far a newcomer is, without saying who spoke."""

    said: int
    needed: int = Vouch.NEEDED

    @property
    def missing(self) -> int:
        return max(self.needed - self.said, 0)


def vouch(*, person: Person, membership: Membership, now: datetime) -> Progress:
    """Say: I know this newcomer, they live here. Said twice it counts once. Raises VouchRefused.

    The newcomer's row is locked, so that two neighbours at one moment are the first and the second.
    """
    require(person, "joining:newcomer:vouch", membership, now=now)
    with transaction.atomic():
        newcomer = Membership.objects.select_for_update().select_related("person__municipality").get(pk=membership.pk)
        if newcomer.standing == Membership.Standing.PROVISIONAL and newcomer.ended_at is None:
            _say(person, newcomer, now=now)
            if newcomer.vouches.count() >= Vouch.NEEDED:
                let_in(newcomer, now=now)
    return progress_of(membership)


def confirm_newcomer(*, actor: Actor, newcomer: Person, now: datetime) -> bool:
    """The desk has seen that somebody lives here. Answers whether that was new; nothing changes for a full member."""
    require(actor, "joining:newcomer:confirm", newcomer, now=now)
    with transaction.atomic():
        current = Membership.objects.select_for_update().filter(person=newcomer, ended_at=None).first()
        return current is not None and let_in(current, proof=Membership.Proof.DESK, now=now)


def let_in(membership: Membership, *, proof: str = Membership.Proof.INVITATION, now: datetime) -> bool:
    """Make a provisional member a full one, and tell them, once. Their address stays unproven, so no street."""
    waiting = Membership.objects.filter(pk=membership.pk, standing=Membership.Standing.PROVISIONAL, ended_at=None)
    if not waiting.update(standing=Membership.Standing.FULL, proof=proof):
        return False
    municipality_id = Person.objects.values_list("municipality_id", flat=True).get(pk=membership.person_id)
    tell("joining.let_in", municipality_id=municipality_id, subject_id=membership.pk, actor=None, now=now)
    return True


def progress_of(membership: Membership) -> Progress:
    return Progress(min(Vouch.objects.filter(membership=membership).count(), Vouch.NEEDED))


def has_spoken(person: Person, membership: Membership) -> bool:
    return Vouch.objects.filter(membership=membership, voucher=person).exists()


def _say(person: Person, newcomer: Membership, *, now: datetime) -> None:
    if has_spoken(person, newcomer):
        return
    household_id = Membership.objects.values_list("household_id", flat=True).get(person=person, ended_at=None)
    if Vouch.objects.filter(membership=newcomer, household=household_id).exists():
        raise VouchRefused("address")
    # One neighbour's words are numbered under a lock; the database refuses a fourth number.
    Person.objects.select_for_update().get(pk=person.pk)
    month = _month(person, now)
    Vouch.objects.create(
        id=new_id(),
        membership=newcomer,
        newcomer_id=newcomer.person_id,
        voucher=person,
        household_id=household_id,
        month=month,
        slot=_free_slot(person.pk, month),
        created_at=now,
    )


def _free_slot(person_id: UUID, month: date) -> int:
    taken = set(Vouch.objects.filter(voucher=person_id, month=month).values_list("slot", flat=True))
    free = [slot for slot in range(1, Vouch.MOST_A_MONTH + 1) if slot not in taken]
    if not free:
        raise VouchRefused("month")
    return free[0]


def _month(person: Person, now: datetime) -> date:
    """The calendar month, as the city counts it."""
    return now.astimezone(ZoneInfo(person.municipality.time_zone)).date().replace(day=1)
