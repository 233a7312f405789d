"""In production: a session counts on its own city's host only, and the pages come from there."""

from typing import TYPE_CHECKING

import pytest
from django.conf import settings as django_settings
from django.test import Client

from stoep.delivery.live_doors import Knock, Listener, Turned, knock_of, page_origins, who_knocks
from stoep.operations.cast import Cast

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_django import DjangoAssertNumQueries
    from pytest_django.fixtures import Settings

    from stoep.people.models import Person

    SignIn = Callable[[Client, Person], Client]

HASSELT, DIEPENBEEK = "buurt.hasselt.example", "buurt.diepenbeek.example"


def session(cast: Cast, sign_in: "SignIn", key: str) -> str:
    return sign_in(Client(), cast[key]).cookies[django_settings.SESSION_COOKIE_NAME].value


def test_a_session_of_another_city_means_nothing_here(cast: Cast, sign_in: "SignIn", settings: "Settings") -> None:
    mine, other = (session(cast, sign_in, key) for key in ("neighbour", "other-city"))
    settings.IS_REHEARSAL = False
    hosts = [(mine, HASSELT), (mine, DIEPENBEEK), (other, HASSELT), (other, DIEPENBEEK), (mine, "evil.example")]
    here, *elsewhere, there, nowhere = who_knocks([Knock(*pair) for pair in hosts])
    assert isinstance(here, Listener)
    assert isinstance(there, Listener)
    assert [one.home.municipality_id for one in (here, there)] == [cast.cities[name].pk for name in cast.cities]
    assert [*elsewhere, nowhere] == [Turned.STRANGER] * 3


def test_many_are_asked_for_in_two_queries(
    cast: Cast, sign_in: "SignIn", django_assert_num_queries: "DjangoAssertNumQueries"
) -> None:
    keys = [session(cast, sign_in, key) for key in cast]
    with django_assert_num_queries(2):
        visits = who_knocks([Knock(key, "127.0.0.1") for key in [*keys, *keys, "invented"]])
    assert len(visits) == 2 * len(keys) + 1
    assert visits[: len(keys)] == visits[len(keys) : -1]
    assert visits[-1] is Turned.STRANGER
    assert sum(isinstance(visit, Listener) for visit in visits) == 12


def test_who_has_no_session_does_not_knock() -> None:
    assert knock_of("", "127.0.0.1:8001") is None
    assert knock_of("other=1; stoep_session_1=x", "127.0.0.1:8001") is None
    found = knock_of(f"a=b; {django_settings.SESSION_COOKIE_NAME}=KEY; c=d", "[::1]:8001")
    assert found == Knock("KEY", "[::1]")


@pytest.mark.parametrize("key", ["\\000", "a b", "é", "%00"])
def test_a_session_key_that_is_none_of_ours_does_not_knock(key: str) -> None:
    cookies = f'{django_settings.SESSION_COOKIE_NAME}="{key}"'
    assert knock_of(cookies, HASSELT) is None


@pytest.mark.parametrize(
    ("is_tls", "port", "scheme", "host", "origins"),
    [
        (False, 8000, "http", "127.0.0.1:8001", {"http://127.0.0.1:8000"}),
        (False, 8000, "http", "[::1]:8001", {"http://[::1]:8000"}),
        (False, 80, "http", "box.local:81", {"http://box.local:80", "http://box.local"}),
        (True, 8000, "http", HASSELT, {f"https://{HASSELT}", f"https://{HASSELT}:8000"}),
        (True, 8000, "http", "", set()),
        (False, 8000, "http", "evil example", set()),
    ],
)
def test_pages_come_from_the_same_host(
    settings: "Settings", *, is_tls: bool, port: int, scheme: str, host: str, origins: set[str]
) -> None:
    settings.USES_TLS, settings.STOEP_PORT = is_tls, port
    assert page_origins(scheme, host) == origins
