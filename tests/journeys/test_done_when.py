"""The first promise of all, walked from end to end."""

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import NewPage
from tests.journeys.steps import (
    answer,
    card,
    choose_streets,
    is_marked,
    join_with_email,
    mark,
    open_mail,
    open_post,
    say_the_address_is_right,
    write_post,
)

pytestmark = pytest.mark.browser
EMAIL = "robin@voorbeeld.example"
QUESTION = "Hallo buren, waar vind ik hier een goede kapper?"
NEWS = "Maandag is de weg dicht"


def test_a_stranger_joins_posts_is_answered_live_and_the_city_tells_three_streets(visit: NewPage) -> None:
    # A stranger opens the demo on a phone and takes a code as it stands on a printed letter.
    phone = visit(None, "/demo/", width=360)
    printed = phone.locator(".code-shown").first.inner_text().replace(" ", "")
    phone.get_by_role("link").and_(phone.locator("[href='/join/']")).click()
    join_with_email(phone, printed, "Robin De Smet", EMAIL)
    say_the_address_is_right(phone, EMAIL)

    # Robin posts, and keeps looking at it.
    write_post(phone, "question", QUESTION)
    open_post(phone, QUESTION)
    mark(phone)

    # Another browser answers: it stands on Robin's phone without a reload, and in the demo's mailbox.
    other = visit("second-neighbour", width=1280)
    open_post(other, QUESTION)
    answer(other, "Bij Nadia, naast de kerk.")
    expect(phone.locator(".comment", has_text="Bij Nadia")).to_be_visible(timeout=8_000)
    assert is_marked(phone)
    assert "Bij Nadia" in open_mail(visit(None), EMAIL, QUESTION)

    # The editor tells three streets, and it stands there and nowhere else.
    editor = visit("editor", "/city/announcements/new/", width=1280)
    editor.locator("[name=title]").fill(NEWS)
    editor.locator("[name=body]").fill("Van zeven tot vier.")
    choose_streets(editor, [("Kermt", "Koorstraat"), ("Tuilt", "Heerstraat"), ("Stevoort", "Alkenstraat")])
    editor.locator("button[name=preview]").click()
    editor.locator("button[name=send]").click()
    for key in ("second-neighbour", "next-neighbourhood", "first-in-stevoort"):
        expect(card(visit(key), NEWS)).to_be_visible()
    for key in ("neighbour", "ambassador", "newcomer", "other-city"):
        expect(card(visit(key), NEWS)).to_have_count(0)
