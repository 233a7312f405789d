"""Reads about places that many pages share."""

from functools import lru_cache
from uuid import UUID

from stoep.places.models import Municipality

# A city's name and contact lines change a few times a year; another worker may show the old ones this long.
SECONDS_KEPT = 60


def municipality_by_id(municipality_id: UUID, *, minute: int) -> Municipality | None:
    """The municipality, from memory within the same minute (`minute`: any number that changes with it)."""
    return _by_id(municipality_id, minute)


def municipality_by_host(host: str, *, minute: int) -> Municipality | None:
    """The municipality of a request's host (without port), from memory within the same minute."""
    return _by_host(host, minute)


def forget_municipalities() -> None:
    """For actions that change one, and for tests."""
    _by_id.cache_clear()
    _by_host.cache_clear()


@lru_cache(maxsize=1000)
def _by_id(municipality_id: UUID, _minute: int) -> Municipality | None:
    return Municipality.objects.filter(pk=municipality_id).first()


@lru_cache(maxsize=1000)
def _by_host(host: str, _minute: int) -> Municipality | None:
    return Municipality.objects.filter(host=host).first()
