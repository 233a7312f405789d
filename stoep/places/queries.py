"""Reads about places that many pages share."""

import contextlib
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from django.conf import settings

from stoep.places.models import Municipality

# A city's name, look and contact lines change a few times a year. On this server every worker sees at once that they
# did, by a file that is touched; another server may show the old ones for a minute.
CHANGED = "municipalities.changed"


def municipality_by_id(municipality_id: UUID, *, minute: int) -> Municipality | None:
    """The municipality, from memory within the same minute (`minute`: any number that changes with it)."""
    return _by_id(municipality_id, (minute, _changed_at()))


def municipality_by_host(host: str, *, minute: int) -> Municipality | None:
    """The municipality of a request's host (without port), from memory within the same minute."""
    return _by_host(host, (minute, _changed_at()))


def crisis_since(municipality_id: UUID, now: datetime) -> datetime | None:
    """Since when that municipality is in crisis mode, from memory as above; None: it is not."""
    found = municipality_by_id(municipality_id, minute=int(now.timestamp()) // 60)
    return found.crisis_since if found else None


def forget_municipalities() -> None:
    """In this process; for tests too."""
    _by_id.cache_clear()
    _by_host.cache_clear()


def show_changed_municipalities() -> None:
    """For actions that change one: every worker on this server reads it anew with its next request."""
    forget_municipalities()
    with contextlib.suppress(OSError):
        settings.STOEP_VAR.mkdir(parents=True, exist_ok=True)
        (settings.STOEP_VAR / CHANGED).touch()


def _changed_at() -> int:
    """A look at one file: some microseconds."""
    try:
        return int((settings.STOEP_VAR / CHANGED).stat().st_mtime_ns)
    except OSError:
        return 0


@lru_cache(maxsize=1000)
def _by_id(municipality_id: UUID, _known_at: tuple[int, int]) -> Municipality | None:
    return Municipality.objects.filter(pk=municipality_id).first()


@lru_cache(maxsize=1000)
def _by_host(host: str, _known_at: tuple[int, int]) -> Municipality | None:
    return Municipality.objects.filter(host=host).first()
