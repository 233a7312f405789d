"""The city at work: an announcement to three streets and nowhere else, departments, and the staff's own door."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import NewPage
from tests.journeys.steps import (
    Way,
    app_code,
    card,
    choose_streets,
    give_mailed_code,
    reload_until,
    send,
    ways,
)
from tests.journeys.town import Town

pytestmark = pytest.mark.browser
THREE_STREETS = (("Kermt", "Koorstraat"), ("Tuilt", "Heerstraat"), ("Stevoort", "Alkenstraat"))
ADDRESSED = ("second-neighbour", "next-neighbourhood", "first-in-stevoort")
AT_ONCE = ADDRESSED[:2]
OTHERS = ("neighbour", "ambassador", "newcomer", "other-city")


@ways("1280 light", "360 dark")
def test_three_streets_are_told_and_nobody_else(visit: NewPage, way: Way) -> None:
    title = f"Vrijdag geen parkeren {way}"
    for key in AT_ONCE:  # whoever chose nothing reads it in the mail of the day
        wishes = visit(key, "/me/mail/")
        wishes.locator("[name=city][value=now]").check()
        send(wishes)
    page = visit("editor", "/city/announcements/new/", **way.options)
    page.locator("[name=title]").fill(title)
    page.locator("[name=body]").fill("Van acht tot vijf staat er een kraan.")
    choose_streets(page, THREE_STREETS)
    page.locator("button[name=preview]").click()
    preview = page.locator(".compose__preview")
    expect(preview).to_contain_text(title)
    for place, street in THREE_STREETS:
        expect(preview).to_contain_text(f"{street} ({place})")
    # Households exactly, neighbours never as they are: rounded, and hidden where they are few.
    expect(preview.locator("dd").first).to_have_text(str(12 + 11 + 12))
    page.locator("button[name=send]").click()
    expect(page).to_have_url(re.compile(r"/city/announcements/[0-9a-f-]+/\?sent"))

    for key in ADDRESSED:
        expect(card(visit(key, width=320), title)).to_be_visible()
    for key in OTHERS:
        expect(card(visit(key, width=320), title)).to_have_count(0)
    told = mailed(visit(None, "/demo/mailbox/"), title, wait_for=len(AT_ONCE))
    assert told == {f"{key}@hasselt.example" for key in AT_ONCE}

    send(page, "form.confirm")
    for key in ADDRESSED:
        expect(card(visit(key, width=320), title)).to_have_count(0)


def mailed(page: Page, title: str, *, wait_for: int) -> set[str]:
    """To whom a mail about this went, once as many as expected are there."""
    mails = page.locator(".mail-list li", has_text=title)
    reload_until(page, mails.nth(wait_for - 1))
    return {text.split("·")[0].split("\n")[-1].strip() for text in mails.all_inner_texts()}


@ways("320 dark", "1280 light")
def test_what_was_changed_after_the_preview_is_shown_once_more(visit: NewPage, way: Way) -> None:
    page = visit("editor", "/city/announcements/new/", **way.options)
    page.locator("[name=title]").fill("Eerste titel")
    page.locator("[name=body]").fill("Tekst.")
    choose_streets(page, THREE_STREETS[:1])
    page.locator("button[name=preview]").click()
    page.locator("[name=title]").fill("Tweede titel")
    page.locator("button[name=send]").click()
    expect(page.locator(".compose__preview .notice--warn")).to_be_visible()
    expect(page.locator(".compose__preview")).to_contain_text("Tweede titel")


@ways("1280 dark", "320 light")
def test_somebody_new_on_the_staff_comes_in_by_the_staffs_own_door(visit: NewPage, town: Town, way: Way) -> None:
    department, email = f"Groendienst {way}", f"groen.{way}@hasselt.example"
    admin = visit("city-admin", "/city/departments/", **way.options)
    admin.locator("[name=name]:not([type=hidden])").fill(department)
    send(admin, "form[aria-labelledby=add-title]")
    expect(admin.locator(".row", has_text=department)).to_be_visible()
    admin.goto("/city/staff/")
    admin.locator("[name=name]").fill("Griet Groen")
    admin.locator("[name=email]").fill(email)
    admin.locator("[name=role][value=editor]").check()
    admin.locator("[name=department]").select_option(label=department)
    send(admin, "form[aria-labelledby=add-title]")
    expect(admin.locator(".row", has_text=department)).to_contain_text("Griet Groen")

    page = visit(None, "/staff/", **way.options)
    give_mailed_code(page, visit(None, "/demo/mailbox/"), email)
    secret = page.locator(".code-shown").inner_text()
    page.locator("[name=code]").fill(app_code(secret))
    send(page)
    recovery = page.locator(".code-shown").all_inner_texts()
    assert len(recovery) >= 8
    page.locator("main a.button--primary").click()
    expect(page).to_have_url(f"{town.address}city/announcements/")
    page.goto("/")
    expect(page).to_have_url(f"{town.address}city/announcements/")

    # Without the phone a recovery code lets in, once.
    again = visit(None, "/staff/", **way.options)
    give_mailed_code(again, visit(None, "/demo/mailbox/"), email, nth=2)
    again.locator("[name=code]").fill("000000")
    send(again)
    expect(again.locator("[data-error-summary]")).to_be_visible()
    again.locator("[name=code]").fill(recovery[0])
    send(again)
    expect(again).to_have_url(re.compile("/city/"))
    third = visit(None, "/staff/", **way.options)
    give_mailed_code(third, visit(None, "/demo/mailbox/"), email, nth=3)
    third.locator("[name=code]").fill(recovery[0])
    send(third)
    expect(third.locator("[data-error-summary]")).to_be_visible()
