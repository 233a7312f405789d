"""Finding the one resident who asks, by what they bring: the code of their letter, and their name.

Nobody is listed, nobody is looked up by name or address. A wrong code and a wrong name have one answer and count alike.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from stoep.access.gate import require
from stoep.access.limits import Limit
from stoep.access.visitors import Visitor
from stoep.desk.naming import is_same_name
from stoep.joining import codes
from stoep.joining.limits import guarded, guess_at_code
from stoep.joining.reissuing import people_of_letter
from stoep.people.models import Person

WRONG_OF_STAFF = Limit("wrong letters and names of a member of staff", 10, timedelta(hours=1))


@dataclass(frozen=True)
class Found:
    """Somebody who asks for help, and the letter that they have in hand (hashed)."""

    person: Person
    code_hash: str


def find_resident(*, staff: Person, typed_code: str, typed_name: str, visitor: Visitor, now: datetime) -> Found | None:
    """Who joined with this letter and has this name, also when the letter lets nobody in any more.

    Raises CodeRefused for what cannot be a code, which is nobody's guess, and limits.TooMany.
    """
    require(staff, "desk:resident:find", staff.municipality, now=now)
    code_hash = codes.code_hash(codes.well_formed(typed_code))
    with (
        guarded((WRONG_OF_STAFF, str(staff.pk)), now=now) as own,
        guess_at_code(staff.municipality, visitor, now=now) as guess,
    ):
        found = one_of(people_of_letter(staff.municipality_id, code_hash), typed_name)
        if found is None:
            return None
        own.right()
        guess.right()
    return Found(found, code_hash)


def one_of(people: list[Person], typed_name: str) -> Person | None:
    """The one with this name, which who is protected still has. Two of one name are nobody: not the wrong one."""
    named = [each for each in people if is_same_name(typed_name, each.name) or is_same_name(typed_name, each.own_name)]
    return named[0] if len(named) == 1 else None
