"""A browser that walks every page keeps four cookies and nothing else, and asks nobody but us."""

import re

import pytest

from tests.journeys.conftest import NewPage
from tests.journeys.pages import EVERYWHERE
from tests.journeys.town import Town

KEEPS = """async () => ({
    local: Object.keys(localStorage), session: Object.keys(sessionStorage), readable: document.cookie,
    databases: (await indexedDB.databases()).map(one => one.name),
})"""
FOUR = re.compile(r"stoep_(session|csrf|preferences|device)_\d+")
# What a page of an installable app may keep for when there is no line: its own files, nothing of anybody.
NOTHING = {"local": [], "session": [], "readable": "", "databases": []}
PEOPLE = [None, *sorted({place.who for place in EVERYWHERE if place.who})]


@pytest.mark.browser
@pytest.mark.parametrize("who", PEOPLE, ids=[who or "visitor" for who in PEOPLE])
def test_four_cookies_and_nothing_else(who: str | None, visit: NewPage, town: Town) -> None:
    """`visit` itself watches for other hosts, for broken pages, and for what the policy had to stop."""
    page = visit(who, "/sign-in/")
    for place in EVERYWHERE:
        if place.who != who or (place.then and who is not None):
            continue
        place.go(page, town)
        assert page.evaluate(KEEPS) == NOTHING, place
    cookies = page.context.cookies()
    assert [one["name"] for one in cookies if not FOUR.fullmatch(one["name"])] == []
    assert all(one["httpOnly"] and one["sameSite"] == "Lax" for one in cookies)
