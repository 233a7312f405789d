"""Neighbours meet: one plans, another comes and takes it into a calendar, and hears when it is called off."""

import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import NewPage
from tests.journeys.steps import Way, card, open_mail, send, ways

pytestmark = pytest.mark.browser


@ways("360 light", "1280 dark")
def test_an_event_is_planned_come_to_and_called_off(visit: NewPage, way: Way) -> None:
    title = f"Koffie op de stoep {way}"
    author = visit("neighbour", **way.options)
    _plan(author, title, "Aan nummer dertig, op het gras")
    expect(card(author, title)).to_contain_text("Aan nummer dertig")

    guest = visit("second-neighbour", "/agenda/", **way.options)
    guest.get_by_role("link", name=title, exact=True).click()
    guest.locator("[name=answer][value=yes]").check()
    guest.locator("#event form details summary").click()
    guest.locator("[name=brings]").fill("Een thermos")
    send(guest, "#event form")
    expect(guest.locator(".event__comers")).to_contain_text("Een thermos")
    with guest.expect_download() as download:
        guest.locator("#event a[href$='.ics']").click()
    assert title in download.value.path().read_text()

    author.goto("/agenda/")
    author.get_by_role("link", name=title, exact=True).click()
    expect(author.locator(".event__comers")).to_contain_text("Ahmed El Amrani")
    author.locator("#event a[href*='/cancellation/']").click()
    author.locator("[name=reason]").fill("Het regent te hard.")
    send(author)
    expect(author.locator("#event")).to_contain_text("Het regent te hard.")
    assert "Het regent te hard." in open_mail(guest, "second-neighbour@hasselt.example", re.compile(re.escape(title)))


def _plan(page: Page, title: str, place: str) -> None:
    """The questions about day and place come with the tile, in browsers that can; in the others they stand there."""
    page.goto("/posts/new/")
    page.locator(".tile--activity").click()
    page.locator("[name=title]").fill(title)
    page.locator("[name=event-on]").fill((date.today() + timedelta(days=4)).isoformat())  # noqa: DTZ011  the browser's
    page.locator("[name=event-at]").fill("15:00")
    page.locator("[name=event-place]").fill(place)
    send(page)
