"""A city in crisis mode, in a browser: the square says it, a loan and an errand go without contact, a call is arranged.

Each page on the way passes axe in four languages, at the largest letters on the narrowest screen.
"""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from stoep.common import clock
from tests.journeys.conftest import NewPage
from tests.journeys.languages import english_on
from tests.journeys.looking import prefer, violations
from tests.journeys.steps import card, open_post, send, write_post
from tests.journeys.town import Town

pytestmark = pytest.mark.browser
# Each journey lends another one: a thing is with one person at a time.
THINGS = {"nl": "naaimachine", "fr": "tuinslang", "en": "stofzuiger", "de": "kruiwagen"}
SIDEWAYS = "document.documentElement.scrollWidth > innerWidth"


@pytest.fixture
def crisis(town: Town, visit: NewPage) -> Iterator[None]:
    """Afterwards the town is as it was, and so is what both prefer: other journeys find it by its usual words."""
    words = ("--municipality", "hasselt")
    assert "crisis mode since" in town.command("municipality", "crisis", "on", *words)
    yield
    town.command("municipality", "crisis", "off", *words)
    for person in ("neighbour", "second-neighbour"):
        prefer(visit(person), "/settings/", language="nl", text_size="m")


@pytest.mark.usefixtures("crisis")
@pytest.mark.parametrize(("language", "look"), [("nl", "dark"), ("fr", "light"), ("en", "dark"), ("de", "light")])
def test_at_a_distance_and_close_to_each_other(visit: NewPage, language: str, look: str) -> None:
    asking = visit("neighbour", width=320, color_scheme=look)
    helping = visit("second-neighbour", width=320, color_scheme=look, java_script_enabled=language in {"nl", "fr"})
    for page in (asking, helping):
        prefer(page, "/settings/", language=language, text_size="xl")
    found: list[str] = []

    def look_at(page: Page) -> None:
        wrong = violations(page) if page is asking else []
        wrong += english_on(page, language) if language != "en" and page is asking else []
        wrong += ["wider than the screen"] if page is asking and page.evaluate(SIDEWAYS) else []
        found.extend(f"{page.url}: {words}" for words in wrong)

    asking.goto("/")
    look_at(asking)
    asking.locator(".on-top a[href$='begin=phone-buddy']").click()
    look_at(asking)
    _ask_for_a_call(asking)
    for path in ("/agenda/", "/posts/new/?kind=activity"):
        asking.goto(path)
        look_at(asking)

    errand = f"Brood en melk {language}"
    write_post(asking, "help_wanted", errand)
    open_post(asking, errand)
    look_at(asking)
    asking.locator("button[formaction$='/distance/'][value=yes]").click()
    expect(asking.locator("button[formaction$='/distance/'][value=no]")).to_be_visible()
    look_at(asking)

    wish = f"Wie heeft een {THINGS[language]}?"
    write_post(asking, "borrow", wish)
    helping.goto("/")
    card(helping, wish).locator("a.button--primary").click()
    send(helping)
    open_post(asking, wish)
    asking.locator("main a[href^='/loans/']").click()
    for name, ahead in (("from_on", 0), ("to_on", 2)):
        asking.locator(f"[name={name}]").fill(str(timezone.localdate(clock.now()) + timedelta(days=ahead)))
    send(asking)
    look_at(asking)
    helping.reload()
    helping.locator("button[formaction$='/distance/'][value=yes]").click()
    expect(helping.locator("button[formaction$='/distance/'][value=no]")).to_be_visible()
    asking.reload()
    expect(asking.locator("#contactless")).to_be_visible()
    expect(asking.locator("main .button--primary")).to_have_count(1)
    look_at(asking)
    assert not found, "\n".join(found)


def _ask_for_a_call(page: Page) -> None:
    """In their own words: the town is everybody's, and in other languages nobody wants to find English in it."""
    page.locator("[name=title]").fill("Wie belt eens met mij?")
    page.locator("[name=body]").fill("Ik praat graag over de tuin.")
    send(page)
    expect(page.locator(".on-top")).to_be_visible()
