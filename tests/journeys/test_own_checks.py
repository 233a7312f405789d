"""What axe cannot see, on every page: it fits at 320 px and at the largest letters, and nothing is cut off."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Page

from tests.journeys.conftest import HEIGHT, NARROW, NewPage, PageOf
from tests.journeys.looking import begin_anew, prefer
from tests.journeys.pages import AT_HOME, EVERYWHERE, Place
from tests.journeys.town import Town

pytestmark = pytest.mark.browser
LOOKING = (Path(__file__).parent / "looking.js").read_text()
CONTROLS = "a[href], button, summary, input:not([type=hidden]), select, textarea"
MANY_PIXELS = 24
# What is left of a window of 1280 × 1024 at 400 %.
ZOOMED_HEIGHT = 256

# On a picture of the whole page the bar of a phone lies over whatever is under it at that moment.
LIE_STILL = """document.querySelectorAll("body *").forEach((element) => {
  if (!["fixed", "sticky"].includes(getComputedStyle(element).position)) return;
  element.style.position = "static";
  element.dataset.layStill = "";
})"""
MOVE_AGAIN = """document.querySelectorAll("[data-lay-still]").forEach((element) => {
  element.style.position = "";
  delete element.dataset.layStill;
})"""

# Where each control is that is not folded away.
SHOWN = """(controls) => [...document.querySelectorAll(controls)].filter((one) => one.checkVisibility()).map((one) => {
  const { x, y, width, height } = one.getBoundingClientRect();
  return { x, y, width, height, markup: one.outerHTML.slice(0, 90) };
})"""

everywhere = pytest.mark.parametrize("place", [*EVERYWHERE, *AT_HOME], ids=str)


def go_as_usual(page: Page, place: Place, town: Town) -> None:
    """In Dutch and at normal letters, whatever another test preferred before."""
    begin_anew(page, place.who)
    prefer(page, "/settings/" if place.who else "/join/no-code/", language="nl", text_size="m")
    place.go(page, town)


def wrong(page: Page, *names: str) -> list[str]:
    found: list[str] = page.evaluate("names => lookAt(...names)", list(names))
    return found


@everywhere
def test_it_fits_on_the_smallest_screen_and_in_forced_colours(page_of: PageOf, town: Town, place: Place) -> None:
    page = page_of(place.who, "light")
    go_as_usual(page, place, town)
    found = [] if "wrong" in place.name else _unseen_in_forced_colours(page)
    page.evaluate(LOOKING)
    page.evaluate("openAll()")
    found += wrong(page, "sideways", "clipped", "targets", "heading", "primary", "labels", "maps")
    page.evaluate("spaceText()")
    found += [f"spaced: {words}" for words in wrong(page, "sideways", "clipped")]

    page.set_viewport_size({"width": NARROW, "height": ZOOMED_HEIGHT})
    page.evaluate("document.adoptedStyleSheets = []; document.documentElement.dataset.text = 'xl'")
    found += [f"extra large: {words}" for words in wrong(page, "sideways", "clipped", "targets")]
    page.set_viewport_size({"width": NARROW, "height": HEIGHT})
    assert not found, "\n".join(found)


def _unseen_in_forced_colours(page: Page) -> list[str]:
    """The controls that cannot be told from the ground around them. Afterwards the page is as before."""
    page.emulate_media(forced_colors="active")
    page.evaluate("scrollTo(0, 0)")
    page.evaluate(LIE_STILL)
    picture = Image.open(BytesIO(page.screenshot(full_page=True))).convert("RGB")
    unseen = []
    for edge in page.evaluate(SHOWN, CONTROLS):
        # Off the page until it has the focus; or in a part that scrolls sideways, and not there yet.
        if edge["width"] < 2 or edge["y"] < 0 or edge["x"] > NARROW - MANY_PIXELS:
            continue
        if not _stands_out(picture, edge):
            unseen.append(f"in forced colours: {edge['markup']}")
    page.evaluate(MOVE_AGAIN)
    page.emulate_media(forced_colors="none")
    return unseen


def _stands_out(picture: Image.Image, edge: dict[str, Any]) -> bool:
    """Whether enough pixels of the control differ from the ground around it."""
    left, top = max(0, edge["x"] - 3), max(0, edge["y"] - 3)
    right, bottom = min(picture.width, edge["x"] + edge["width"] + 3), edge["y"] + edge["height"] + 3
    part = picture.crop((int(left), int(top), int(right), int(min(picture.height, bottom))))
    counts = [count for count, _colour in part.getcolors(maxcolors=part.width * part.height) or ()]
    return sum(counts) - max(counts, default=0) >= MANY_PIXELS


@pytest.mark.parametrize(
    "place", [one for one in EVERYWHERE if one.name in {"feed", "post", "rollout", "settings", "sign-in"}], ids=str
)
def test_on_paper_there_are_no_bars_and_no_buttons(visit: NewPage, town: Town, place: Place) -> None:
    page = visit(place.who, "", color_scheme="dark")
    go_as_usual(page, place, town)
    page.emulate_media(media="print")
    hidden = page.locator(".navigation, .button, .header__me, .skip-link, .languages, .back-link")
    assert [one for one in hidden.all() if one.is_visible()] == []
    assert page.locator("main").evaluate("main => getComputedStyle(main).color") == "rgb(0, 0, 0)"
    assert page.locator("body").evaluate("body => getComputedStyle(body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.locator("h1").count() == 1
