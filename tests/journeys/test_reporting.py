"""A report from the button to the reasons: one neighbour reports, a moderator decides, both sides read why."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import NewPage
from tests.journeys.steps import Way, card, send, ways, write_post

pytestmark = pytest.mark.browser
WHY = "Deze woorden kwetsen een buur. Ze staan niet in de huisregels."


@ways("360 light", "320 dark")
def test_what_hurts_is_reported_judged_and_gone_and_both_sides_read_why(visit: NewPage, way: Way) -> None:
    title = f"Wat een klagers hier {way}"
    writer = visit("second-neighbour", "/", **way.options)
    write_post(writer, "information", title)
    reporter = visit("neighbour", "/", **way.options)
    reporter.get_by_role("link", name=title, exact=True).click()
    reporter.locator("main a[href^='/report/post/']").first.click()
    send(reporter)
    expect(reporter.locator("[name=reason]:invalid").first).to_be_focused()
    reporter.locator("[name=reason][value=insult]").check()
    reporter.locator("[name=explanation]").fill("Hij bedoelt ons allemaal.")
    send(reporter)
    number = re.search(r"\b[A-Z0-9]{10}\b", reporter.locator(".notice--success").inner_text())
    assert number, reporter.locator(".notice--success").inner_text()
    expect(card(visit("ambassador", "/"), title)).to_be_visible()

    moderator = visit("moderator", "/moderation/", **{**way.options, "width": 1280})
    moderator.locator("article", has_text=title).get_by_role("link").click()
    expect(moderator.locator("main")).to_contain_text("Hij bedoelt ons allemaal.")
    moderator.locator("[name=outcome][value=remove]").check()
    moderator.locator("[name=ground_text]").fill("Geen beledigingen")
    send(moderator)
    expect(moderator.locator("[name=facts]:invalid")).to_be_focused()
    moderator.locator("[name=facts]").fill(WHY)
    send(moderator)
    expect(moderator.locator("article", has_text=title)).to_have_count(0)

    for page in (writer, reporter, visit("ambassador", "/")):
        page.goto("/")
        expect(card(page, title)).to_have_count(0)
    for page in (writer, reporter):
        page.goto("/me/reports/")
        expect(page.locator("article", has_text=WHY).first).to_be_visible()
    assert "Marie Peeters" not in writer.locator("main").inner_text()
    expect(reporter.locator("main")).to_contain_text(number[0])


def test_next_door_and_the_city_report_nothing_they_do_not_see(visit: NewPage) -> None:
    title = "Alleen voor Kermt geschreven"
    writer = visit("second-neighbour", "/")
    write_post(writer, "question", title)
    writer.get_by_role("link", name=title, exact=True).click()
    post_id = writer.url.rstrip("/").rpartition("/")[2]
    for who in ("next-neighbourhood", "other-city"):
        assert visit(who, "/").context.request.get(f"/report/post/{post_id}/").status == 404
    assert visit("editor", "/city/announcements/").context.request.get(f"/report/post/{post_id}/").status in {403, 404}
