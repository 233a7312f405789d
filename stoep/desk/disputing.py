"""Who lives there? A letter was used by somebody else; the desk sees an identity card, and decides.

Nobody is looked up: it begins with the letter that the resident brings, and names stand only where it is asked already.
"""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from stoep.access.visitors import Visitor
from stoep.desk.finding import WRONG_OF_STAFF
from stoep.joining.disputes import decide_dispute, disputes_at, letter_after_dispute, letter_with
from stoep.joining.limits import guarded, guess_at_code
from stoep.joining.models import Dispute, LetterCode
from stoep.people.models import Person


def bring_letter(*, staff: Person, typed: str, visitor: Visitor, now: datetime) -> LetterCode | None:
    """The letter that somebody shows. None: we know none with this code. Raises limits.TooMany."""
    with (
        guarded((WRONG_OF_STAFF, str(staff.pk)), now=now) as own,
        guess_at_code(staff.municipality, visitor, now=now) as guess,
    ):
        letter = letter_with(actor=staff, municipality=staff.municipality, typed=typed, now=now)
        if letter is None:
            return None
        own.right()
        guess.right()
    return letter


@transaction.atomic
def decide_all(*, staff: Person, letter: LetterCode, outcomes: Mapping[str, bool], now: datetime) -> str:
    """What the desk saw, of everybody there at once. Answers a new code for the door if somebody had to go, else empty.

    What a colleague decided meanwhile stays as it is.
    """
    code = ""
    waiting: list[Dispute] = list(disputes_at(UUID(str(letter.address_id))))
    put_out = None
    for dispute in waiting:
        is_out = outcomes.get(str(dispute.pk))
        if is_out is None:
            continue
        was_open = decide_dispute(actor=staff, dispute=dispute, for_resident=is_out, now=now)
        put_out = dispute if was_open and is_out else put_out
    if put_out is not None:
        code = letter_after_dispute(actor=staff, dispute=put_out, now=now)
    return code
