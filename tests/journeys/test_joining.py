"""From the letter to the square, and back again a week later."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import NewPage
from tests.journeys.town import Town

pytestmark = pytest.mark.browser


def type_code(page: Page, code: str) -> None:
    page.get_by_label("Je code").fill(f"{code[:4]} {code[4:8]} {code[8:]}")
    page.get_by_role("button", name="Volgende").click()


@pytest.mark.parametrize("scripts", [True, False])
def test_a_neighbour_without_email_joins_and_comes_back_with_the_letter(
    visit: NewPage, town: Town, scripts: bool
) -> None:
    code = town.take_code()
    page = visit(None, "/join/", width=320, java_script_enabled=scripts)
    type_code(page, code)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Kermt")
    page.get_by_role("textbox").fill("Godelieve Vandebeek")
    page.get_by_role("button", name="Akkoord, verder").click()
    page.get_by_label("Liever niet").check()
    page.locator("main").get_by_role("button").first.click()
    key = re.search(r"\d{3} \d{3}", page.inner_text("main"))
    assert key
    page.locator("main form button[type=submit]").click()
    expect(page.get_by_text("Welkom Godelieve")).to_be_visible()

    later = visit(None, "/sign-in/letter/", width=320, java_script_enabled=scripts)
    later.get_by_label("Je code").fill(code)
    later.locator("[name=own_key]").fill(key[0])
    later.locator("main form button[type=submit]").click()
    expect(later).to_have_url(town.address)
