"""How often somebody may try the residents' doors (docs/trust.md T6): shared by all workers, closed when in doubt."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from stoep.access.limits import Limit, give_back, hit, reached
from stoep.access.visitors import Visitor
from stoep.common.crypto import keyed_hash
from stoep.places.models import Municipality

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True)
class Brake:
    """A city in which somebody guesses a lot is not closed but slow: all tries there share the `lane`."""

    wrong: Limit
    lane: Limit


WRONG_OF_NETWORK = Limit("wrong letter codes of a network", 10, HOUR)
WRONG_OF_DEVICE = Limit("wrong letter codes of a device", 20, DAY)
CODES = Brake(
    Limit("wrong letter codes of a city", 100, HOUR),
    Limit("slow letter codes of a city", 10, timedelta(minutes=1), is_final=True),
)

# Counted for every address that is typed, whether or not anybody has it: so the answer tells nothing.
WRONG_DIGITS = Limit("wrong mailed digits of an address", 5, timedelta(minutes=20))
# Who waits here still comes in by the link in the same mail.
DIGITS = Brake(
    Limit("wrong mailed digits of a city", 100, HOUR),
    Limit("slow mailed digits of a city", 10, timedelta(minutes=1), is_final=True),
)

WRONG_KEYS = Limit("wrong own keys of a letter", 5, timedelta(minutes=30))
WRONG_KEYS_A_DAY = Limit("wrong own keys of a letter a day", 20, DAY)
WRONG_RETURNS = Limit("wrong returns of a network", 20, HOUR)

# Who asks, asks for what is theirs: so a stranger elsewhere uses up no mails of a neighbour.
MAILS_ASKED = Limit("mails to an address asked by a network", 5, HOUR)
MAILS_TO_ADDRESS = Limit("mails to an address", 20, HOUR)
MAILS_OF_NETWORK = Limit("mails asked by a network", 30, HOUR)
CHANGES_OF_ADDRESS = Limit("changes of e-mail of a person", 6, HOUR)
# Counted apart from the mails of those who come back: or a change would tell who does.
QUESTIONS_TO_ADDRESS = Limit("questions to an address", 5, HOUR)

# Every text costs money, and whoever owns the number is woken by it.
TEXTS_ASKED = Limit("texts to a number asked by a network", 5, HOUR)
TEXTS_TO_NUMBER = Limit("texts to a number", 10, HOUR)
TEXTS_OF_NETWORK = Limit("texts asked by a network", 10, HOUR)
TEXTS_OF_CITY = Limit("texts of a city", 1000, HOUR)
QUESTIONS_TO_NUMBER = Limit("questions to a number", 3, HOUR)
# Each makes the city print a letter.
LETTERS_ASKED = Limit("letters asked by a network", 5, DAY)
# Beside the number that may live at one time: who ends and makes them over and over hands out links to the world.
INVITATIONS_MADE = Limit("invitations made by a neighbour", 10, DAY)

Counted = tuple[Limit, str]

log = structlog.get_logger(__name__)


class TooMany(Exception):
    """Too many tries: wait an hour, or call."""


class Guess:
    """One try: wrong until it is called right."""

    is_right = False

    def right(self) -> None:
        self.is_right = True


@contextmanager
def guess_at_code(municipality: Municipality, visitor: Visitor, *, now: datetime) -> Iterator[Guess]:
    """One look-up of a letter code. A wrong one counts for network, device and city. Raises TooMany."""
    own = ((WRONG_OF_NETWORK, visitor.network), (WRONG_OF_DEVICE, visitor.device))
    with _slowed(CODES, municipality, *own, now=now) as guess:
        yield guess


@contextmanager
def guess_at_digits(municipality: Municipality, visitor: Visitor, address: str, *, now: datetime) -> Iterator[Guess]:
    """One try of mailed digits. A wrong one counts for network, address (its hash) and city. Raises TooMany."""
    own = ((WRONG_RETURNS, visitor.network), (WRONG_DIGITS, f"{municipality.pk}:{address}"))
    with _slowed(DIGITS, municipality, *own, now=now) as guess:
        yield guess


@contextmanager
def _slowed(brake: Brake, municipality: Municipality, *own: Counted, now: datetime) -> Iterator[Guess]:
    """A try that counts for its own limits, which close, and for the city's, which slows down."""
    if reached([(brake.lane, str(municipality.pk)), *_keyed(*own)], now=now):
        raise TooMany
    with guarded(*own, now=now) as guess, _counted_for_city(brake, municipality, guess, now=now):
        yield guess


@contextmanager
def _counted_for_city(brake: Brake, municipality: Municipality, guess: Guess, *, now: datetime) -> Iterator[None]:
    """Counted before it is made, as in `guarded`."""
    city = str(municipality.pk)
    if not hit(brake.wrong, city, now=now):
        log.warning("somebody guesses: tries go slowly now", what=brake.wrong.name, municipality=municipality.slug)
        if not hit(brake.lane, city, now=now):
            guess.right()  # it is not made at all, so it counts for nobody
            give_back(brake.wrong, city, now=now)
            raise TooMany
    yield
    if guess.is_right:
        give_back(brake.wrong, city, now=now)


@contextmanager
def guarded(*limits: Counted, now: datetime) -> Iterator[Guess]:
    """Count a try before it is made, so that tries at one moment cannot slip through; a right one is given back.

    Raises TooMany when one of `limits` is used up.
    """
    counted: list[Counted] = []
    for limit, key in _keyed(*limits):
        counted.append((limit, key))
        if not hit(limit, key, now=now):
            _give_back(counted, now=now)
            raise TooMany
    guess = Guess()
    try:
        yield guess
    finally:
        if guess.is_right:
            _give_back(counted, now=now)


def spend(limit: Limit, key: str, *, now: datetime) -> None:
    """Use one of what the limit allows. Raises TooMany."""
    if not hit(limit, key, now=now):
        raise TooMany


def together(*parts: object) -> str:
    """One key for what is counted together, and short enough to be one."""
    return keyed_hash("joining.limits", " ".join(str(part) for part in parts))


def _keyed(*limits: Counted) -> list[Counted]:
    """Those that have something to count by: a first visit has no device yet."""
    return [(limit, key) for limit, key in limits if key]


def _give_back(counted: list[Counted], *, now: datetime) -> None:
    for limit, key in counted:
        give_back(limit, key, now=now)
