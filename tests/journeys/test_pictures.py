"""The pictures of the README: drawn anew when `STOEP_PICTURES` names a running demo, else only looked at.

`STOEP_PICTURES=http://127.0.0.1:8000/ ./dev test tests/journeys/test_pictures.py`
"""

import os
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page

from tests.journeys.conftest import NewPage
from tests.journeys.steps import mails_to, send

pytestmark = pytest.mark.browser
FOLDER = Path(__file__).parents[2] / "docs" / "pictures"
LARGEST = 150_000
# name → who looks, at what, how wide, how high
PICTURES: dict[str, tuple[str | None, str, int, int]] = {
    "agenda-phone": ("neighbour", "/agenda/", 360, 780),
    "chat-phone": ("neighbour", "/chat/", 360, 780),
    "desk": ("desk", "/desk/", 1280, 860),
    "digest-phone": (None, "/demo/mailbox/", 360, 780),
    "feed-phone": ("neighbour", "/", 360, 780),
    "join-phone": (None, "/join/", 360, 780),
    "me-phone": ("neighbour", "/settings/", 360, 780),
    "moderation": ("moderator", "/moderation/", 1280, 860),
    "photo-phone": ("neighbour", "/", 360, 780),
    "rollout": ("rollout", "/city/rollout/", 1280, 860),
    "shelf-phone": ("neighbour", "/share/", 360, 780),
}


@pytest.mark.parametrize("name", PICTURES)
def test_the_readme_has_its_picture(visit: NewPage, name: str) -> None:
    who, path, width, height = PICTURES[name]
    file = FOLDER / f"{name}.png"
    demo = os.environ.get("STOEP_PICTURES")
    if demo:
        size = {"width": width, "height": height}
        page = visit(who, path, base_url=demo, viewport=size, device_scale_factor=2)
        THEN.get(name, lambda _page: None)(page)
        draw(page, file)
    with Image.open(file) as picture:
        assert picture.size == (2 * width, 2 * height)
    assert file.stat().st_size < LARGEST


def _act_for_somebody(page: Page) -> None:
    """For the resident whose letter lies on the demo's page."""
    home = page.context.new_page()
    home.goto("/demo/")
    resident = home.locator("li:has(.code-shown)").last
    page.locator("[name=code]").fill(resident.locator(".code-shown").inner_text())
    page.locator("[name=name]").fill(resident.locator(".muted").inner_text())
    send(page, "main form.card")
    page.locator("[name=channel][value=phone]").check()
    page.locator("[name=said_yes]").check()
    send(page, "main form.card")
    page.locator("form.acting-for").wait_for()


def _daily_mail(page: Page) -> None:
    mails_to(page, "marie.peeters@demo.invalid").filter(has_text="Kermt: ").first.get_by_role("link").click()
    page.locator("main a.button--quiet").click()
    page.wait_for_load_state()


def _first_case(page: Page) -> None:
    """A neighbour reports a message first; then it is looked at."""
    browser = page.context.browser
    assert browser
    neighbour = browser.new_context(base_url=page.url.partition("moderation/")[0])
    neighbour.request.post("/demo/session/", form={"person": "second-neighbour"})
    reporting = neighbour.new_page()
    reporting.goto("/")
    reporting.locator("article a[href^='/posts/']").first.click()
    reporting.locator("main a[href^='/report/post/']").first.click()
    reporting.locator("[name=reason]").last.check()
    reporting.locator("[name=explanation]").fill("Hier klopt iets niet.")
    send(reporting)
    reporting.wait_for_load_state()
    neighbour.close()
    page.reload()
    page.locator("main a[href^='/moderation/cases/']").first.click()
    page.wait_for_load_state()


def _first_conversation(page: Page) -> None:
    page.locator("main a[href^='/chat/']").first.click()
    page.locator(".bubble").last.wait_for()
    page.evaluate("scrollTo(0, 0)")


def _first_photo(page: Page) -> None:
    photo = page.locator("article:has(img.card__photo)").first
    photo.scroll_into_view_if_needed()
    photo.evaluate("card => scrollTo(0, card.getBoundingClientRect().top + scrollY - 80)")
    photo.locator("img.card__photo").evaluate("image => image.decode()")


THEN = {
    "chat-phone": _first_conversation,
    "desk": _act_for_somebody,
    "digest-phone": _daily_mail,
    "moderation": _first_case,
    "photo-phone": _first_photo,
}


def draw(page: Page, file: Path) -> None:
    """As on a sharp screen, with few colours."""
    page.evaluate("document.fonts.ready")
    page.screenshot(path=file)
    with Image.open(file) as sharp:
        few = sharp.convert("RGB").quantize(colors=128, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    few.save(file, optimize=True)
