"""What a visitor has told on the way in, in their session, at most a fortnight; what nobody may read there is sealed.

With the code come the id of the person to be and an own key: so the last screen, sent twice, makes one person.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from cryptography.fernet import InvalidToken
from django.contrib.sessions.backends.base import SessionBase

from stoep.access.requests import uuid_or_none
from stoep.common.crypto import seal, unseal
from stoep.common.ids import new_id
from stoep.joining import codes
from stoep.joining.entrances import WayIn

CODE, INVITED, SHOWN, SHOWN_UNTIL, NAME, PLAN, OWN_KEY, ADDRESS, NUMBER, CARD = (
    "join_code",
    "join_invited",
    "join_shown",
    "join_shown_until",
    "join_name",
    "join_plan",
    "join_own_key",
    "sign_in_address",
    "sign_in_number",
    "join_card",
)
PURPOSE = "joining.session"
# An unfinished sign-up is kept no longer (docs/trust.md 4.3).
KEPT_FOR = timedelta(days=14)
# A code that was only scanned: whoever does not go on with it, perhaps on a borrowed phone, leaves it no longer.
SCANNED_FOR = timedelta(hours=1)


@dataclass(frozen=True)
class Plan:
    """Who somebody will be once they join, and their own key if they want one."""

    person_id: UUID
    own_key: str

    @classmethod
    def opened(cls, sealed: str) -> "Plan | None":
        person_id, _space, own_key = _opened(sealed).partition(" ")
        found = uuid_or_none(person_id)
        return cls(found, own_key) if found and own_key else None

    @classmethod
    def fresh(cls) -> "Plan":
        return cls(new_id(), codes.new_own_key())

    def sealed(self) -> str:
        return seal(PURPOSE, f"{self.person_id} {self.own_key}")


def remember_code(session: SessionBase, found: WayIn) -> None:
    """A good code was typed. The session gets a new key: who knew the old one does not come along."""
    session.cycle_key()
    if session.get(CODE) != str(found.pk):
        session[PLAN] = Plan(new_id(), codes.new_own_key()).sealed()
    session[CODE] = str(found.pk)
    session.set_expiry(KEPT_FOR)


def remember_shown(session: SessionBase, code: str) -> None:
    """What stands in the first screen's field, also when one comes back to it."""
    session.pop(SHOWN_UNTIL, None)
    session[SHOWN] = seal(PURPOSE, codes.shown(code))
    session.set_expiry(KEPT_FOR)


def remember_scanned(session: SessionBase, code: str, *, now: datetime) -> None:
    """The same for an hour, and the session itself ends then if it holds nothing else."""
    is_all = not set(session.keys()) - {SHOWN, SHOWN_UNTIL, "_session_expiry"}
    until = now + SCANNED_FOR
    session[SHOWN], session[SHOWN_UNTIL] = seal(PURPOSE, codes.shown(code)), until.isoformat()
    if is_all:
        session.set_expiry(until)


def shown_code(session: SessionBase, *, now: datetime) -> str:
    until = session.get(SHOWN_UNTIL)
    if until and datetime.fromisoformat(until) <= now:
        _forget_scanned(session)
    return _opened(session.get(SHOWN, ""))


def remember_invited(session: SessionBase, token: str) -> None:
    """An invitation was opened, and not used: the page behind it asks first."""
    session[INVITED] = seal(PURPOSE, token)
    session.set_expiry(KEPT_FOR)


def invited_by_token(session: SessionBase) -> str:
    return _opened(session.get(INVITED, ""))


def code_id(session: SessionBase) -> UUID | None:
    return uuid_or_none(session.get(CODE, ""))


def plan_of(session: SessionBase) -> Plan | None:
    return Plan.opened(session.get(PLAN, ""))


def remember_address(session: SessionBase, email: str) -> None:
    """Where the sign-in mail went; the page for its digits reads it. Who asks for one does not go on with a letter."""
    _forget_scanned(session)
    session[ADDRESS] = seal(PURPOSE, email)
    session.set_expiry(KEPT_FOR)


def address_of(session: SessionBase) -> str:
    return _opened(session.get(ADDRESS, ""))


def remember_number(session: SessionBase, number: str) -> None:
    """As `remember_address`, for where the text went."""
    _forget_scanned(session)
    session[NUMBER] = seal(PURPOSE, number)
    session.set_expiry(KEPT_FOR)


def number_asked(session: SessionBase) -> str:
    return _opened(session.get(NUMBER, ""))


def keep_own_key(session: SessionBase, own_key: str) -> None:
    """Until it is written down."""
    session[OWN_KEY] = seal(PURPOSE, own_key)


def own_key_of(session: SessionBase) -> str:
    return _opened(session.get(OWN_KEY, ""))


def forget_own_key(session: SessionBase) -> None:
    session.pop(OWN_KEY, None)


def keep_card(session: SessionBase, own_key: str, name: str) -> None:
    """For somebody else, until it is printed."""
    session[CARD] = seal(PURPOSE, f"{own_key} {name}")


def card_for_somebody(session: SessionBase) -> tuple[str, str] | None:
    """Their own key and their name."""
    own_key, _space, name = _opened(session.get(CARD, "")).partition(" ")
    return (own_key, name) if name else None


def forget_card(session: SessionBase) -> None:
    session.pop(CARD, None)


def _forget_scanned(session: SessionBase) -> None:
    if session.pop(SHOWN_UNTIL, None):
        session.pop(SHOWN, None)


def _opened(sealed: str) -> str:
    """Nothing, for what we did not seal."""
    try:
        return unseal(PURPOSE, sealed)
    except InvalidToken:
        return ""
