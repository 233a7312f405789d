"""Two neighbours talk in private: from a profile on, live where scripts run, by a link where they do not."""

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import NewPage
from tests.journeys.steps import Way, is_marked, mark, open_mail, open_post, send, ways, write_post

pytestmark = pytest.mark.browser
LIVE = 8_000


@ways("360 light", "360 dark")
def test_what_two_say_comes_by_itself_or_by_a_link_and_is_in_no_mail(visit: NewPage, way: Way) -> None:
    title, offer, hour = f"Ik zoek een ladder {way}", f"Ik heb er een. {way}", f"Kom maar om zes uur. {way}"
    asking = visit("neighbour", **way.options)
    write_post(asking, "borrow", title)

    helping = visit("second-neighbour", **way.options)
    open_post(helping, title)
    helping.locator(".card__who a.name").first.click()
    helping.locator("main a[href*='/chat/with/']").click()
    helping.locator("[name=body]").wait_for()
    if "/with/" in helping.url:  # the first of the two ways; at the second they talk already
        expect(helping.locator(".notice--info")).to_contain_text("Koorstraat")
    helping.locator("[name=body]").fill(offer)
    send(helping)
    expect(helping.locator(".bubble--own", has_text=offer)).to_be_visible()

    assert offer not in open_mail(asking, "neighbour@hasselt.example", "Je hebt een nieuw bericht")
    asking.goto("/")
    expect(asking.locator(".navigation .dot")).to_be_visible()
    asking.locator(".navigation a[href='/chat/']").click()
    asking.locator(".chats__entry--new a").first.click()
    expect(asking.locator(".bubble", has_text=offer)).to_be_visible()
    expect(asking.locator(".navigation .dot")).to_have_count(0)

    if way.scripts:
        mark(asking)
        asking.locator("[name=body]").fill("Nog aan het typen")
    helping.locator("[name=body]").fill(hour)
    send(helping)
    came = asking.locator(".bubble", has_text=hour)
    if way.scripts:
        expect(came).to_be_visible(timeout=LIVE)
        assert is_marked(asking)
        expect(asking.locator("[name=body]")).to_have_value("Nog aan het typen")
    else:
        asking.locator("a.chat-again").click()
        expect(came).to_be_visible()

    outsider = visit("ambassador", **way.options)
    answer = outsider.goto(helping.url)
    assert answer is not None
    assert answer.status == 404
