"""How often somebody may try the residents' doors (trust.md T6): shared by all workers, closed when in doubt."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import structlog

from stoep.access.limits import Limit, give_back, hit, reached
from stoep.access.visitors import Visitor
from stoep.places.models import Municipality

HOUR = timedelta(hours=1)

WRONG_OF_NETWORK = Limit("wrong letter codes of a network", 10, HOUR)
WRONG_OF_DEVICE = Limit("wrong letter codes of a device", 20, timedelta(days=1))
WRONG_OF_CITY = Limit("wrong letter codes of a city", 100, HOUR)
# While a city is being guessed at, all tries together go no faster than this: who holds a letter waits a minute.
SLOW_LANE = Limit("tries in the slow lane", 10, timedelta(minutes=1))

WRONG_KEYS = Limit("wrong own keys of a letter", 5, timedelta(minutes=30))
WRONG_KEYS_A_DAY = Limit("wrong own keys of a letter a day", 20, timedelta(days=1))
WRONG_RETURNS = Limit("wrong returns of a network", 20, HOUR)

MAILS_TO_ADDRESS = Limit("mails to an address", 5, HOUR)
MAILS_OF_NETWORK = Limit("mails asked by a network", 30, HOUR)
CHANGES_OF_ADDRESS = Limit("changes of e-mail of a person", 6, HOUR)

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
    city = str(municipality.pk)
    own = _keyed((WRONG_OF_NETWORK, visitor.network), (WRONG_OF_DEVICE, visitor.device))
    full = reached([*own, (WRONG_OF_CITY, city), (SLOW_LANE, city)], now=now)
    if not full.isdisjoint({WRONG_OF_NETWORK, WRONG_OF_DEVICE}) or full >= {WRONG_OF_CITY, SLOW_LANE}:
        raise TooMany
    if WRONG_OF_CITY in full:
        log.warning("somebody guesses letter codes", municipality=municipality.slug)
        spend(SLOW_LANE, city, now=now)
    with guarded(*own, now=now) as guess:
        yield guess
        if not guess.is_right:
            hit(WRONG_OF_CITY, city, now=now)


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
    yield guess
    if guess.is_right:
        _give_back(counted, now=now)


def spend(limit: Limit, key: str, *, now: datetime) -> None:
    """Use one of what the limit allows. Raises TooMany."""
    if not hit(limit, key, now=now):
        raise TooMany


def _keyed(*limits: Counted) -> list[Counted]:
    """Those that have something to count by: a first visit has no device yet."""
    return [(limit, key) for limit, key in limits if key]


def _give_back(counted: list[Counted], *, now: datetime) -> None:
    for limit, key in counted:
        give_back(limit, key, now=now)
