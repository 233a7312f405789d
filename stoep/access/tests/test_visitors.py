"""From where somebody comes: what limits count by must not be theirs to choose."""

from typing import TYPE_CHECKING
from uuid import UUID

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from stoep.access.visitors import Visitor, device_of, mark_device

if TYPE_CHECKING:
    from pytest_django.fixtures import Settings

PEER = "192.0.2.10"


def network(*, peer: str = PEER, forwarded: str | None = None) -> str:
    headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}
    return Visitor.of(RequestFactory().get("/", headers=headers, REMOTE_ADDR=peer)).network


@pytest.mark.parametrize(
    ("peer", "counted"),
    [
        ("192.0.2.10", "192.0.2.10"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff:ffff:ffff:ffff", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("::ffff:192.0.2.10", "192.0.2.10"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", "unknown"),
        ("nonsense", "unknown"),
        ("999.1.1.1", "unknown"),
    ],
)
def test_an_address_counts_for_itself_and_a_home_of_ipv6_as_one(peer: str, counted: str) -> None:
    assert network(peer=peer) == counted


def test_without_proxies_nobody_says_where_they_come_from(settings: "Settings") -> None:
    settings.STOEP_PROXIES = 0

    assert network(forwarded="198.51.100.1") == PEER
    assert network(forwarded="198.51.100.1, 203.0.113.5") == PEER


@pytest.mark.parametrize(
    ("proxies", "forwarded", "counted"),
    [
        (1, "198.51.100.1", "198.51.100.1"),
        (1, "10.0.0.1, 198.51.100.1", "198.51.100.1"),
        (2, "10.0.0.1, 198.51.100.1, 203.0.113.5", "198.51.100.1"),
        (2, "10.0.0.1 ,198.51.100.1,, 203.0.113.5 ,", "198.51.100.1"),
        (2, "203.0.113.5", PEER),
        (1, "", PEER),
        (1, None, PEER),
        (1, "198.51.100.1:51234", "198.51.100.1"),
        (1, "[2001:db8:1:2::7]:443", "2001:db8:1:2::/64"),
        (1, "2001:db8:1:2::7", "2001:db8:1:2::/64"),
        (1, "[2001:db8:1:2::7", "2001:db8:1:2::/64"),
        (1, "<script>", "unknown"),
        (1, "1" * 10_000, "unknown"),
    ],
)
def test_behind_proxies_what_the_outermost_of_ours_wrote_counts(
    settings: "Settings", proxies: int, forwarded: str | None, counted: str
) -> None:
    settings.STOEP_PROXIES = proxies

    assert network(forwarded=forwarded) == counted


def test_a_browser_gets_a_mark_once_and_the_mark_says_nothing(settings: "Settings") -> None:
    first = HttpResponse()
    mark_device(RequestFactory().get("/"), first)
    cookie = first.cookies[settings.DEVICE_COOKIE_NAME]
    again = RequestFactory().get("/")
    again.COOKIES[settings.DEVICE_COOKIE_NAME] = cookie.value
    second = HttpResponse()
    mark_device(again, second)

    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert UUID(cookie.value) == device_of(again)
    assert Visitor.of(again).device == cookie.value
    assert not second.cookies


@pytest.mark.parametrize("mark", ["", "x", "' OR 1=1", "a" * 5000])
def test_a_mark_that_we_did_not_give_is_none(settings: "Settings", mark: str) -> None:
    request = RequestFactory().get("/")
    request.COOKIES[settings.DEVICE_COOKIE_NAME] = mark
    response = HttpResponse()
    mark_device(request, response)

    assert Visitor.of(request).device == ""
    assert response.cookies[settings.DEVICE_COOKIE_NAME].value != mark
