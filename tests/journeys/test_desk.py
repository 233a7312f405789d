"""A person of 80 without e-mail is helped by phone once: found by her letter, heard, and left with a slip."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import NewPage
from tests.journeys.steps import DIGITS, Way, join_with_own_key, send, ways
from tests.journeys.test_keyboard import at_the_keyboard
from tests.journeys.town import Town

pytestmark = pytest.mark.browser
NAME = "Godelieve Vandebeek"
ASKED = "Wie rijdt vrijdag mee naar de markt?"
ACTING = "form.acting-for"


def in_again(page: Page, code: str, own_key: str) -> None:
    page.goto("/sign-in/letter/")
    page.locator("[name=code]").fill(code)
    page.locator("[name=own_key]").fill(own_key)
    send(page)


@ways("360 light", "1280 dark")
def test_who_has_no_email_is_helped_by_phone_once(visit: NewPage, town: Town, way: Way) -> None:
    code = town.take_code()
    hers = visit(None, "/join/", **way.options)
    lost = join_with_own_key(hers, code, NAME)

    # She calls: she has lost her key, and wants to ask something.
    desk = visit("desk", "/desk/", **way.options)
    desk.locator("[name=code]").fill(code)
    desk.locator("[name=name]").fill("godelieve van de beek")
    send(desk, "main form.card")
    desk.locator("[name=channel][value=phone]").check()
    desk.locator("[name=said_yes]").check()
    send(desk, "main form.card")
    expect(desk.locator(ACTING)).to_contain_text(NAME)

    desk.locator("a[href$='/message/']").click()
    asked = f"{ASKED} ({way})"
    desk.locator("[name=title]").fill(asked)
    send(desk, "main form.card")
    desk.locator("a[href$='/own-key/']").click()
    send(desk, "main form.confirm")
    found = DIGITS.search(desk.inner_text("main .own-key"))
    assert found

    # Stop, and the slip.
    desk.locator(f"{ACTING} button").click()
    expect(desk.locator(".slip")).to_contain_text(found[0])
    expect(desk.locator(ACTING)).to_have_count(0)
    send(desk, "main form")
    expect(desk).to_have_url(re.compile("/desk/$"))
    assert NAME not in desk.inner_text("main")

    # The old key is dead. With the new one she is in, and reads for herself.
    later = visit(None, "/sign-in/letter/", **way.options)
    in_again(later, code, lost)
    expect(later.locator("[data-error-summary]")).to_be_visible()
    in_again(later, code, found[0])
    expect(later.get_by_role("article", name=asked, exact=True)).to_be_visible()
    later.goto("/me/helped/")
    expect(later.locator("main section")).to_contain_text("Hilde")
    expect(later.locator("main section li")).to_have_count(2)


def test_the_desk_needs_no_mouse(visit: NewPage, town: Town) -> None:
    code = town.take_code()
    join_with_own_key(visit(None, "/join/"), code, NAME)
    desk = visit("desk", "/settings/", width=1280)
    keys = at_the_keyboard(desk)
    desk.goto("/desk/")
    keys.write(code, name="code")
    keys.write(NAME, name="name")
    keys.press("Enter", type="submit", inMain=True)
    expect(desk.locator("[name=said_yes]")).to_be_visible()
    keys.press("Space", name="channel")
    keys.press("Space", name="said_yes")
    keys.press("Enter", type="submit")
    expect(desk.locator(ACTING)).to_be_visible()
    keys.press("Enter", href="/own-key/")
    desk.locator("form.confirm").wait_for()
    keys.press("Enter", type="submit", classes="button--danger")
    expect(desk.locator(".slip")).to_be_visible()
    assert keys.troubles == []
