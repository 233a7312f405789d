"""No more letters to a letterbox, as the letter itself promises: asked with its code, or by call or writing."""

from datetime import datetime
from uuid import UUID

from stoep.access.gate import require
from stoep.access.visitors import Visitor
from stoep.common.crypto import keyed_hash
from stoep.common.ids import new_id
from stoep.joining import codes
from stoep.joining.asking import door_at
from stoep.joining.codes import CodeRefused
from stoep.joining.limits import guess_at_code
from stoep.joining.models import LetterCode, NoLetters
from stoep.people.models import Person
from stoep.places.models import Address, Municipality


class NoSuchDoor(LookupError):
    """The register knows no such letterbox."""


def ask_by_code(*, municipality: Municipality, typed: str, is_wanted: bool, visitor: Visitor, now: datetime) -> None:
    """Whoever holds a letter speaks for its letterbox, also when its code opens nothing any more.

    `is_wanted`: letters again. Raises CodeRefused, limits.TooMany.
    """
    code_hash = codes.code_hash(codes.well_formed(typed))
    with guess_at_code(municipality, visitor, now=now) as guess:
        letters = LetterCode.objects.filter(municipality=municipality, code_hash=code_hash, withdrawn_at=None)
        letter = letters.select_related("address__street").first()
        if letter is not None:
            guess.right()
    if letter is None or letter.address is None:
        raise CodeRefused("unknown")
    _note(letter.address, is_wanted=is_wanted, now=now)


def ask_for_door(
    *, person: Person, municipality: Municipality, street: str, number: str, is_wanted: bool, now: datetime
) -> Address:
    """As somebody who called or wrote asked. Raises NoSuchDoor."""
    require(person, "joining:letters:decline", municipality, now=now)
    door = door_at(municipality, street, number)
    if door is None:
        raise NoSuchDoor
    _note(door, is_wanted=is_wanted, now=now)
    return door


def declining_doors(municipality: Municipality) -> list[UUID]:
    """The letterboxes of today's register to which no round of letters goes."""
    hashes = set(NoLetters.objects.filter(municipality=municipality).values_list("door_hash", flat=True))
    if not hashes:
        return []
    doors = Address.objects.filter(municipality=municipality, retired_at=None).select_related("street")
    return [door.pk for door in doors.iterator(chunk_size=2000) if _hash_of(door) in hashes]


def _note(door: Address, *, is_wanted: bool, now: datetime) -> None:
    """Asked twice, it stands once."""
    said = {"municipality_id": door.municipality_id, "door_hash": _hash_of(door)}
    if is_wanted:
        NoLetters.objects.filter(**said).delete()
    else:
        NoLetters.objects.get_or_create(**said, defaults={"id": new_id(now), "since": now})


def _hash_of(door: Address) -> str:
    """By what stands on the door: it outlives the row, which a new register may retire and bring back."""
    parts = (str(door.municipality_id), door.postcode, door.street.name, door.number, door.box)
    return keyed_hash("joining.no-letters", "|".join(part.strip().casefold() for part in parts))
