"""What the browser of a member of staff keeps on our side between two pages, sealed: who was found, what was made.

A new key or code is shown until the slip is handed over, then never again.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from cryptography.fernet import InvalidToken
from django.contrib.sessions.backends.base import SessionBase

from stoep.common.crypto import seal, unseal
from stoep.desk.finding import Found
from stoep.desk.models import DeskSession
from stoep.joining.models import LetterCode
from stoep.people.models import Person

FOUND, MADE, LETTER = "desk_found", "desk_made", "desk_disputed"
PURPOSE = "desk.session"
# Between finding somebody and their yes.
FOUND_FOR = timedelta(minutes=10)


@dataclass(frozen=True)
class Made:
    """In the clear, for one slip."""

    own_key: str = ""
    letter_code: str = ""


def keep_found(session: SessionBase, found: Found, *, now: datetime) -> None:
    facts = {"person": str(found.person.pk), "letter": found.code_hash, "until": (now + FOUND_FOR).isoformat()}
    session[FOUND] = seal(PURPOSE, json.dumps(facts))


def found_in(session: SessionBase, staff: Person, *, now: datetime) -> Found | None:
    facts = _opened(session.get(FOUND, ""))
    if not facts or datetime.fromisoformat(facts["until"]) <= now:
        return None
    here = Person.objects.filter(municipality=staff.municipality_id, left_at=None)
    person = here.filter(pk=UUID(facts["person"])).first()
    return Found(person, facts["letter"]) if person else None


def forget_found(session: SessionBase) -> None:
    session.pop(FOUND, None)


def keep_letter(session: SessionBase, letter: LetterCode, *, now: datetime) -> None:
    """The letter about which there is a question, while it is decided."""
    session[LETTER] = seal(PURPOSE, json.dumps({"letter": str(letter.pk), "until": (now + FOUND_FOR).isoformat()}))


def letter_in(session: SessionBase, staff: Person, *, now: datetime) -> LetterCode | None:
    facts = _opened(session.get(LETTER, ""))
    if not facts or datetime.fromisoformat(facts["until"]) <= now:
        return None
    found = LetterCode.objects.filter(municipality=staff.municipality_id, address__isnull=False)
    return found.select_related("address").filter(pk=UUID(facts["letter"])).first()


def forget_letter(session: SessionBase) -> None:
    session.pop(LETTER, None)


def keep_made(session: SessionBase, desk_session: DeskSession, **made: str) -> None:
    """Beside what the same desk session made before; another one's is gone."""
    facts = {"session": str(desk_session.pk), **vars(made_in(session, UUID(str(desk_session.pk)))), **made}
    session[MADE] = seal(PURPOSE, json.dumps(facts))


def made_in(session: SessionBase, desk_session_id: UUID) -> Made:
    facts = _opened(session.get(MADE, ""))
    if facts.get("session") != str(desk_session_id):
        return Made()
    return Made(facts["own_key"], facts["letter_code"])


def forget_made(session: SessionBase) -> None:
    session.pop(MADE, None)


def _opened(sealed: str) -> dict[str, str]:
    """Nothing, for what we did not seal."""
    try:
        found: dict[str, str] = json.loads(unseal(PURPOSE, sealed))
    except (InvalidToken, ValueError):
        return {}
    return found
