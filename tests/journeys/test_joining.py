"""From the letter to the square, and back again: by mail, by letter, on a computer that others use too."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import NewPage
from tests.journeys.steps import (
    DIGITS,
    Way,
    follow_link,
    give_name,
    join_with_email,
    join_with_own_key,
    open_mail,
    say_the_address_is_right,
    send,
    type_code,
    ways,
)
from tests.journeys.town import Town

pytestmark = pytest.mark.browser


@ways("320 light", "320 dark")
def test_who_has_no_email_joins_and_comes_back_with_the_letter(visit: NewPage, town: Town, way: Way) -> None:
    code = town.take_code()
    page = visit(None, "/join/", **way.options)
    key = join_with_own_key(page, code, "Godelieve Vandebeek")

    page.goto("/settings/")
    send(page, "form[action='/sign-out/']")
    expect(page).to_have_url(f"{town.address}sign-in/")
    page.goto("/")
    expect(page).to_have_url(re.compile("/sign-in/"))

    later = visit(None, "/sign-in/letter/", **way.options)
    later.locator("[name=code]").fill(code)
    later.locator("[name=own_key]").fill("000 000")
    send(later)
    expect(later.locator("[data-error-summary]")).to_be_visible()
    later.locator("[name=own_key]").fill(key)
    send(later)
    expect(later).to_have_url(town.address)


@ways("360 dark", "360 light")
def test_who_joins_by_email_says_that_the_address_is_right(visit: NewPage, town: Town, way: Way) -> None:
    email = f"fatima.{way}@voorbeeld.example"
    page = visit(None, "/join/", **way.options)
    join_with_email(page, town.take_code(), "Fatima Benali", email)
    page.goto("/")
    expect(page.locator(".notice--warn")).to_contain_text(email)
    say_the_address_is_right(page, email)
    page.goto("/")
    expect(page.locator(".notice--warn")).to_have_count(0)


@ways("1280 light", "1280 dark")
def test_a_mistyped_address_is_mended(visit: NewPage, town: Town, way: Way) -> None:
    wrong, right = f"jan.{way}@voorbeeld.exampel", f"jan.{way}@voorbeeld.example"
    page = visit(None, "/join/", **way.options)
    join_with_email(page, town.take_code(), "Jan Verstraeten", wrong)
    page.goto("/")
    page.locator(".notice--warn a").click()
    page.locator("[name=email]").fill(right)
    send(page)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    say_the_address_is_right(page, right)
    page.goto("/settings/")
    expect(page.locator("main")).to_contain_text(right)


@ways("320 dark", "320 light")
def test_a_mailed_link_lets_in_once(visit: NewPage, town: Town, way: Way) -> None:
    email = f"{'neighbour' if way.scripts else 'ambassador'}@hasselt.example"
    page = visit(None, "/sign-in/", **way.options)
    page.locator("[name=email]").fill(email)
    send(page, "form[action='/sign-in/']")
    open_mail(page, email, DIGITS)
    follow_link(page)
    link = page.url
    expect(page.get_by_role("heading", level=1)).to_contain_text("Marie" if way.scripts else "Jos")
    send(page)
    expect(page).to_have_url(town.address)
    again = visit(None, link)
    expect(again.locator("main form")).to_have_count(0)


@ways("360 light", "360 dark")
def test_mailed_digits_work_in_another_browser(visit: NewPage, town: Town, way: Way) -> None:
    email = f"{'second-neighbour' if way.scripts else 'next-neighbourhood'}@hasselt.example"
    asking = visit(None, "/sign-in/")
    asking.locator("[name=email]").fill(email)
    send(asking, "form[action='/sign-in/']")
    digits = DIGITS.search(open_mail(asking, email, DIGITS))
    assert digits

    page = visit(None, "/sign-in/code/", **way.options)
    page.locator("[name=email]").fill(email)
    page.locator("[name=code]").fill(digits[0])
    send(page)
    expect(page).to_have_url(town.address)


@ways("1280 dark", "1280 light")
def test_on_a_shared_computer_the_session_is_short(visit: NewPage, town: Town, way: Way) -> None:
    lives = []
    for is_shared in (False, True):
        page = visit(None, "/join/", **way.options)
        type_code(page, town.take_code())
        give_name(page, "Maria Janssens")
        page.locator("[name=way][value=none]").check()
        page.locator("[name=shared]").set_checked(is_shared)
        send(page)
        cookie = next(one for one in page.context.cookies() if one["name"].startswith("stoep_session"))
        lives.append(cookie["expires"] - page.evaluate("Date.now()") / 1000)
    own, shared = lives
    assert own > 300 * 24 * 3600
    assert shared <= 3600


@ways("360 light", "320 dark")
def test_a_second_person_of_the_household_joins_with_the_same_letter(visit: NewPage, town: Town, way: Way) -> None:
    code = town.take_code()
    for name in ("Karel Stevens", "Karin Stevens"):
        join_with_own_key(visit(None, "/join/", **way.options), code, name)


@ways("320 light", "360 dark")
def test_what_was_typed_wrong_is_kept_and_explained(visit: NewPage, town: Town, way: Way) -> None:
    code = town.take_code()
    typo = f"{code[:11]}{(int(code[11]) + 1) % 10}"
    page = visit(None, "/join/", **way.options)
    type_code(page, typo)
    summary = page.locator("[data-error-summary]")
    expect(summary).to_be_focused()
    summary.get_by_role("link").click()
    expect(page.locator("[name=code]")).to_be_focused()
    expect(page.locator("[name=code]")).to_have_value(f"{typo[:4]} {typo[4:8]} {typo[8:]}")
    expect(page.locator("a[href^='tel:']")).to_be_visible()
    type_code(page, code)
    give_name(page, "Stad Hasselt")
    expect(summary).to_be_visible()
    give_name(page, "Noor Willems")
    page.locator("[name=way][value=email]").check()
    send(page)
    expect(summary).to_be_visible()
    expect(page.locator("[name=way][value=email]")).to_be_checked()
