"""Who has a ladder? From the wish to "back" between two neighbours, with nothing to explain at any step."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from stoep.common import clock
from tests.journeys.conftest import NewPage
from tests.journeys.steps import Way, card, open_mail, open_post, send, ways, write_post

pytestmark = pytest.mark.browser


@ways("360 light", "1280 dark")
def test_a_ladder_is_wished_for_lent_and_brought_back(visit: NewPage, way: Way) -> None:
    title = f"Wie heeft een ladder? {way}"
    wishing, having = visit("neighbour", **way.options), visit("second-neighbour", **way.options)
    write_post(wishing, "borrow", title)

    having.goto("/")
    card(having, title).locator("a.button--primary").click()
    expect(having.locator("[name=name]")).to_have_value(re.compile("^Ladder"))
    send(having)
    expect(having).to_have_url(re.compile("/loans/"))

    open_post(wishing, title)
    wishing.locator("main a[href^='/loans/']").click()
    for name, ahead in (("from_on", 0), ("to_on", 2)):
        wishing.locator(f"[name={name}]").fill(str(timezone.localdate(clock.now()) + timedelta(days=ahead)))
    send(wishing)
    expect(wishing.locator("[name=from_on]")).to_have_count(0)
    wishing.goto("/")
    expect(card(wishing, title).locator(".chip--solved")).to_be_visible()

    _press_next(having)
    _press_next(having)
    expect(having.locator("main .button--primary")).to_have_count(0)

    having.goto("/share/")
    expect(having.locator(".thing", has_text="Ladder").first).to_be_visible()
    assert "Ladder" in open_mail(wishing, "neighbour@hasselt.example", "Ladder")


def _press_next(page: Page) -> None:
    """The one button that stands on the page of the loan."""
    page.reload()
    before = page.locator("main .button--primary").inner_text()
    page.locator("main .button--primary").click()
    expect(page.locator("main .button--primary", has_text=before)).to_have_count(0)
