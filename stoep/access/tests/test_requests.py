"""Which page a request may name as the next one: ours, and no other."""

import pytest
from django.http import HttpResponseRedirect
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from stoep.access.requests import safe_next, uuid_or_none
from stoep.common.ids import new_id

OURS = ["/", "/posts/", "/posts/?kind=help&before=1", "/settings/?saved#top", "/search/?q=déjà vu", "/a//b"]
NOT_OURS = [
    "",
    "posts/",
    "https://evil.example/",
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\/evil.example",
    "/\t/evil.example",
    "javascript:alert(1)",
    " /posts/",
    "/posts/\r\nX: y",
    "/\x00",
    "/" + "a" * 600,
    "/" + "é" * 200,
]


@pytest.mark.parametrize("wish", OURS)
def test_pages_of_ours_are_gone_to(wish: str) -> None:
    assert safe_next(RequestFactory().get("/", {"next": wish}), "/else/") == wish
    assert safe_next(RequestFactory().post("/", {"next": wish}), "/else/") == wish


@pytest.mark.parametrize("wish", NOT_OURS)
def test_others_are_not(wish: str) -> None:
    assert safe_next(RequestFactory().get("/", {"next": wish}), "/else/") == "/else/"


def test_nothing_named_is_what_the_view_says() -> None:
    assert safe_next(RequestFactory().get("/"), "/else/") == "/else/"


@given(st.text())
def test_whatever_is_wished_django_can_redirect_and_stays_on_the_site(wish: str) -> None:
    target = HttpResponseRedirect(safe_next(RequestFactory().post("/", {"next": wish}), "/else/"))["Location"]

    assert target.startswith("/")
    assert not target.startswith(("//", "/\\"))


@pytest.mark.parametrize("text", ["", "x", "1", "0" * 33, "é" * 32, "\x00"])
def test_what_is_no_id_is_none(text: str) -> None:
    assert uuid_or_none(text) is None


def test_an_id_is_read() -> None:
    key = new_id()

    assert uuid_or_none(str(key)) == key
