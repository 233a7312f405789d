"""Who may listen: the neighbour of a session, asked for many at once, as the page server would find them."""

from collections.abc import Sequence
from enum import Enum, auto
from importlib import import_module
from typing import Any, NamedTuple
from uuid import UUID

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.http.cookie import parse_cookie
from django.http.request import split_domain_port
from django.utils.crypto import constant_time_compare

from stoep.access.audience import Home, home_of
from stoep.common import clock
from stoep.people.models import Person
from stoep.people.queries import people_with_standing
from stoep.places.queries import municipality_by_host

USUAL_PORTS = {"http": 80, "https": 443}


class Knock(NamedTuple):
    """A browser at the door: its session, and the host that it asked (without port)."""

    session_key: str
    host: str


class Turned(Enum):
    """Who is not let in: nobody we know, somebody who lives in no street here (staff, somebody paused), or a browser
    that listens many times already."""

    STRANGER = auto()
    NO_NEIGHBOUR = auto()
    TOO_MANY = auto()


class Listener(NamedTuple):
    """A neighbour who may listen: to what is for their home, and to what is for them alone."""

    person_id: UUID
    home: Home


Visit = Listener | Turned


def knock_of(cookies: str, host: str) -> Knock | None:
    """None: without a session's cookie nobody needs to be asked."""
    key = parse_cookie(cookies).get(settings.SESSION_COOKIE_NAME, "")
    # A cookie may hold what the database cannot even be asked for; keys of ours are plain.
    is_plain = key.isascii() and key.isalnum()
    return Knock(key, split_domain_port(host)[0]) if is_plain else None


def page_origins(scheme: str, host: str) -> set[str]:
    """Where the pages of this host come from: the only ones that may read the stream."""
    name = split_domain_port(host)[0]
    scheme = "https" if settings.USES_TLS else scheme
    origins = {f"{scheme}://{name}:{settings.STOEP_PORT}"}
    # Behind a proxy the browser sees the usual port, whatever ours is.
    if settings.USES_TLS or USUAL_PORTS.get(scheme) == settings.STOEP_PORT:
        origins.add(f"{scheme}://{name}")
    return origins if name else set()


def who_knocks(knocks: Sequence[Knock]) -> list[Visit]:
    """For each knock a listener, or why not. Two queries for all; nothing is written, also not for a bad session."""
    sessions = _sessions({knock.session_key for knock in knocks})
    ids = {found for data in sessions.values() if (found := _person_id(data)) is not None}
    people = {person.pk: person for person in people_with_standing(ids)} if ids else {}
    return [_visit(knock, sessions.get(knock.session_key, {}), people) for knock in knocks]


def _sessions(keys: set[str]) -> dict[str, dict[str, Any]]:
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    rows = store.model.objects.filter(session_key__in=keys, expire_date__gt=clock.now())
    return {key: store.decode(data) for key, data in rows.values_list("session_key", "session_data")}


def _person_id(data: dict[str, Any]) -> UUID | None:
    try:
        return UUID(data[SESSION_KEY])
    except (KeyError, ValueError):
        return None


def _visit(knock: Knock, data: dict[str, Any], people: dict[Any, Person]) -> Visit:
    person = people.get(_person_id(data))
    if person is None or not _is_theirs(data, person) or not _is_at_home(knock.host, person):
        return Turned.STRANGER
    if person.is_staff_member:
        return Turned.NO_NEIGHBOUR
    home = home_of(person.standing)
    return Listener(person.pk, home) if home is not None else Turned.NO_NEIGHBOUR


def _is_theirs(data: dict[str, Any], person: Person) -> bool:
    """What Django asks of a session (`django.contrib.auth.get_user`)."""
    is_our_backend = data.get(BACKEND_SESSION_KEY) in settings.AUTHENTICATION_BACKENDS
    return is_our_backend and constant_time_compare(data.get(HASH_SESSION_KEY, ""), person.get_session_auth_hash())


def _is_at_home(host: str, person: Person) -> bool:
    """A session of another city means nothing here; in a rehearsal all cities share one host."""
    if settings.IS_REHEARSAL:
        return True
    tenant = municipality_by_host(host, minute=int(clock.now().timestamp()) // 60)
    return tenant is not None and tenant.pk == person.municipality_id
