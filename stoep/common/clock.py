"""The one place that reads the clock; only doors (views, jobs, commands) call it. Everything else takes `now`."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

_frozen: list[datetime] = []


def now() -> datetime:
    """The moment, in UTC and aware."""
    if _frozen:
        return _frozen[-1]
    return datetime.now(tz=UTC)  # noqa: TID251  the one reading of the clock in this code base


@contextmanager
def frozen(moment: datetime) -> Iterator[datetime]:
    """Let `now()` answer `moment` inside the block: for tests and for building the demo's past."""
    _frozen.append(moment)
    try:
        yield moment
    finally:
        _frozen.pop()
