"""Taking one's data along, leaving and coming back: with the keyboard alone, on a phone, without scripts."""

import json
import zipfile

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import NewPage
from tests.journeys.steps import card, join_with_own_key, reload_until, write_post
from tests.journeys.town import Town

pytestmark = pytest.mark.browser
MOST_STOPS = 140
NAME, TITLE = "Zwaantje Vertrekt", "Wie neemt mijn planten over?"


def tab_to(page: Page, wanted: str) -> None:
    """On with Tab until the focus is on what is wanted."""
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        if page.locator(f":focus:is({wanted})").count():
            return
    raise AssertionError(f"Tab never came to {wanted}")


def press(page: Page, wanted: str) -> None:
    tab_to(page, wanted)
    page.keyboard.press("Enter")


def write(page: Page, name: str, words: str) -> None:
    tab_to(page, f"[name={name}]")
    page.keyboard.type(words)


def test_data_along_out_of_the_door_and_back_by_keyboard_without_scripts(visit: NewPage, town: Town) -> None:
    code = town.take_code()
    page = visit(None, "/join/", java_script_enabled=False)
    key = join_with_own_key(page, code, NAME)
    write_post(page, "question", TITLE)

    _take_data_along(page)
    _leave(page)

    page.goto("/")
    expect(page.locator("[name=email]")).to_be_visible()
    page.goto("/sign-in/letter/")
    write(page, "code", code)
    write(page, "own_key", key)
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{town.address}come-back/")
    expect(page.locator("h1")).to_contain_text(NAME)
    press(page, "main form button")
    expect(page).to_have_url(town.address)
    expect(card(page, TITLE)).to_be_visible()


def _take_data_along(page: Page) -> None:
    page.goto("/settings/")
    press(page, "a[href='/me/download/']")
    press(page, "main form button")
    reload_until(page, page.locator("main .card a[href^='/me/download/']"))
    tab_to(page, "main .card a[href^='/me/download/']")
    with page.expect_download() as waiting:
        page.keyboard.press("Enter")
    with zipfile.ZipFile(waiting.value.path()) as archive:
        found = json.loads(archive.read("my-data.json"))
        assert NAME in archive.read("my-data.html").decode()
    posts = next(kind["rows"] for kind in found["kinds"] if kind["table"] == "feed.Post")
    assert [post["title"] for post in posts] == [TITLE]


def _leave(page: Page) -> None:
    """Two clicks: the line under "Me", and the button."""
    page.goto("/settings/")
    press(page, "a[href='/me/leave/']")
    press(page, "main form button")
    expect(page.locator(".notice--success")).to_be_visible()
