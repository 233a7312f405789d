"""A letter's code typed by somebody inside already: it proves their address, or that they moved to another one."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F

from stoep.access.gate import require
from stoep.delivery.outbox import tell
from stoep.joining.actions import household_at, shown_street_at
from stoep.joining.entrances import home_of
from stoep.joining.models import CodeUse, LetterCode, ReturnCredential
from stoep.people.kept_blocks import restore_blocks
from stoep.people.models import Membership, Person, Role, RoleName
from stoep.places.models import Address, Neighbourhood


@dataclass(frozen=True)
class Move:
    """What a code would do: `is_move` away from somewhere else, or only the proof of where somebody lives already."""

    address: Address
    is_move: bool
    is_same: bool
    old_place: str


def move_with(*, person: Person, code: LetterCode, now: datetime) -> Move:
    """Said before it is done. Raises CodeRefused."""
    address, current = home_of(code, now=now), _current(person)
    is_same = current is not None and _lives_at(current, address)
    is_move = current is not None and not is_same and not _is_proof_only(current, address)
    return Move(address, is_move, is_same, current.neighbourhood.name if current else "")


@transaction.atomic
def prove_home(*, person: Person, code: LetterCode, now: datetime) -> Membership:
    """Live where the letter went. Old posts stay where they were, under the membership of that time.

    Somebody whose membership ended is let in by the letter alone, as at the door. Raises CodeRefused.
    """
    if person.standing.is_member or person.standing.is_suspended:
        require(person, "joining:home:prove", person, now=now)
    code = LetterCode.objects.select_for_update().get(pk=code.pk)
    Person.objects.select_for_update().get(pk=person.pk)
    address, current = home_of(code, now=now), _current(person)
    if current is not None and _lives_at(current, address):
        return current
    if current is not None and _is_proof_only(current, address):
        made = _prove(current, address, now=now)
    else:
        if current is not None:
            _leave(current, address, now=now)
        made = _settle(person, address, now=now)
    _use(code, person, now=now)
    restore_blocks(person, now)
    municipality_id = person.municipality_id
    tell("joining.household_joined", municipality_id=municipality_id, subject_id=made.pk, actor=person, now=now)
    return made


def _current(person: Person) -> Membership | None:
    found = Membership.objects.filter(person=person, ended_at=None)
    return found.select_related("neighbourhood", "household").first()


def _lives_at(membership: Membership, address: Address) -> bool:
    return membership.household is not None and membership.household.address_id == address.pk


def _is_proof_only(membership: Membership, address: Address) -> bool:
    """Invited or confirmed without an address, in the neighbourhood where the letter went."""
    return membership.household_id is None and membership.neighbourhood_id == address.neighbourhood_id


def _prove(membership: Membership, address: Address, *, now: datetime) -> Membership:
    membership.household = household_at(address, now=now)
    membership.shown_street_id = _shown_street(membership.person, address)
    membership.standing = Membership.Standing.FULL
    membership.proof = Membership.Proof.LETTER
    membership.save(update_fields=["household", "shown_street", "standing", "proof"])
    return membership


def _leave(membership: Membership, address: Address, *, now: datetime) -> None:
    """The old place is seen no more. A task for the neighbours there ends, where it was for them."""
    Membership.objects.filter(pk=membership.pk).update(ended_at=now)
    _count(membership.neighbourhood_id, -1)
    if membership.neighbourhood_id != address.neighbourhood_id:
        tasks = Role.objects.filter(person=membership.person_id, role=RoleName.AMBASSADOR, ended_at=None)
        tasks.update(ended_at=now)


def _settle(person: Person, address: Address, *, now: datetime) -> Membership:
    assert address.neighbourhood_id is not None  # noqa: S101  `home_of` has looked
    _count(address.neighbourhood_id, 1)
    return Membership.objects.create(
        person=person,
        neighbourhood_id=address.neighbourhood_id,
        household=household_at(address, now=now),
        shown_street_id=_shown_street(person, address),
        proof=Membership.Proof.LETTER,
        started_at=now,
    )


def _shown_street(person: Person, address: Address) -> UUID | None:
    return None if person.is_protected else shown_street_at(address)


def _count(neighbourhood_id: UUID, difference: int) -> None:
    Neighbourhood.objects.filter(pk=neighbourhood_id).update(member_count=F("member_count") + difference)


def _use(code: LetterCode, person: Person, *, now: datetime) -> None:
    """The letter by which somebody lives here now is the one that opens together with their own key."""
    LetterCode.objects.filter(pk=code.pk).update(uses=F("uses") + 1)
    CodeUse.objects.update_or_create(person=person, defaults={"code": code, "used_at": now})
    ReturnCredential.objects.filter(person=person).update(code_hash=code.code_hash)
