"""A photo from a phone, a message after a killed browser, a minute to take it back, a second look by keyboard."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from stoep.media.tests import pictures
from tests.journeys.conftest import NewPage
from tests.journeys.looking import violations
from tests.journeys.steps import Way, answer, card, open_post, reload_until, send, ways, write_post

pytestmark = pytest.mark.browser
SAVED_WITHIN = 12_000


def begin(page: Page, title: str) -> None:
    page.goto("/posts/new/")
    page.locator(".tile--give").click()
    page.locator("[name=title]").fill(title)


@ways("360 light", "360 dark")
def test_a_heic_photo_from_a_phone_is_seen_by_the_neighbours(visit: NewPage, tmp_path: Path, way: Way) -> None:
    title = f"Tuinbank af te halen {way}"
    file = tmp_path / "IMG_0815.HEIC"
    file.write_bytes(pictures.heic(pictures.photo(1600, 1200, "teal"), orientation=6))
    author = visit("neighbour", **way.options)
    begin(author, title)
    author.locator("[name=photos]").set_input_files(file)
    if not way.scripts:
        send(author)
    words = author.locator("[name^=alt_]")
    expect(words).to_be_visible(timeout=SAVED_WITHIN)
    words.fill("Een groene tuinbank")
    if way.scripts:
        assert violations(author) == []
    send(author)
    expect(card(author, title)).to_be_visible()

    reader = visit("second-neighbour")
    shown = card(reader, title).get_by_role("img", name="Een groene tuinbank")
    reload_until(reader, shown)
    shown.scroll_into_view_if_needed()
    expect(shown).to_have_js_property("complete", True)
    box = shown.bounding_box()
    assert box is not None
    assert abs(box["width"] / box["height"] - 16 / 9) < 0.05
    reader.goto(card(reader, title).get_by_role("link", name=title, exact=True).get_attribute("href") or "")
    reader.get_by_role("link", name="Een groene tuinbank").click()
    expect(reader.locator(".photo-page img")).to_be_visible()
    expect(reader.locator(".photo-page img")).to_have_js_property("complete", True)
    box = reader.locator(".photo-page img").bounding_box()
    assert box is not None
    assert box["height"] > box["width"], "it stands upright"
    assert violations(reader) == []


def test_a_killed_browser_loses_nothing(visit: NewPage) -> None:
    page = visit("ambassador", "/posts/new/")
    page.locator(".tile--question").click()
    page.locator("[name=title]").fill("Wie heeft er een bladblazer?")
    page.locator("[name=body]").fill("Voor zaterdag, de eik heeft")
    expect(page.locator("[role=status][hx-post]")).not_to_be_empty(timeout=SAVED_WITHIN)
    page.context.close()

    again = visit("ambassador")
    found = again.locator(".draft-card")
    expect(found).to_contain_text("Wie heeft er een bladblazer?")
    assert violations(again) == []
    found.get_by_role("link").click()
    expect(again.locator("[name=body]")).to_have_value("Voor zaterdag, de eik heeft")
    expect(again.locator("[name=kind][value=question]")).to_be_checked()
    again.goto("/")
    found.get_by_role("button").click()
    expect(found).to_have_count(0)


@ways("360 light", "1280 dark")
def test_what_was_placed_a_moment_ago_is_taken_back(visit: NewPage, way: Way) -> None:
    title = f"Dit was een vergissing {way}"
    author, other = visit("neighbour", **way.options), visit("second-neighbour", **way.options)
    write_post(author, "information", title)
    author.locator(".notice--success").get_by_role("button").click()
    other.goto("/")
    expect(card(other, title)).to_have_count(0)

    kept = f"Wie weet dit? {way}"
    write_post(author, "question", kept)
    other.goto("/")
    open_post(other, kept)
    answer(other, "Ik niet.")
    other.locator(".comment__undo").get_by_role("button").click()
    expect(other.locator(".comment", has_text="Ik niet.")).to_have_count(0)


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
def test_a_second_look_is_had_and_answered_by_keyboard(visit: NewPage, scripts: bool) -> None:
    title = f"Over gisteren {scripts}"
    page = visit("neighbour", "/posts/new/", java_script_enabled=scripts)
    page.locator(".tile--information input").focus()
    page.keyboard.press("Space")
    page.locator("[name=title]").focus()
    page.keyboard.type(title)
    page.locator("[name=body]").focus()
    page.keyboard.type("Wat een klootzak.")
    page.locator("[name=title]").focus()
    page.keyboard.press("Enter")
    change = page.locator("main .button--primary")
    expect(change).to_be_visible()
    if scripts:
        assert violations(page) == []
    for _ in range(40):
        page.keyboard.press("Tab")
        if change.evaluate("button => button === document.activeElement"):
            break
    page.keyboard.press("Enter")
    words = page.locator("textarea[name=body]")
    expect(words).to_have_value("Wat een klootzak.")
    words.fill("Dat was niet zo fraai.")
    send(page)
    expect(card(page, title)).to_contain_text("Dat was niet zo fraai.")
