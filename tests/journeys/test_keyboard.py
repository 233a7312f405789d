"""Whoever has no mouse joins, posts, answers and announces all the same, and always sees where they are."""

from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import pytest
from PIL import Image, ImageChops
from playwright.sync_api import Page, expect

from tests.journeys.conftest import NewPage
from tests.journeys.looking import prefer
from tests.journeys.steps import card
from tests.journeys.town import Town

pytestmark = pytest.mark.browser
MOST_STOPS = 140
MOST_LOOKS = 15
AROUND = 8
LEAST_RING = 2
LEAST_CONTRAST = 3.0
# Of 255: what is drawn twice differs by so much, here and there, at a round corner that lies between two pixels.
MOST_NOISE = 2
FOCUSED = """async () => {
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));  // until it has scrolled there
  const element = document.activeElement;
  const part = element.closest("label.choice, label.tile") || element;
  const box = part.getBoundingClientRect();
  const inset = 3;
  const points = [[.5, .5], [0, 0], [1, 0], [0, 1], [1, 1]].map(([x, y]) => [
    box.left + inset + (box.width - 2 * inset) * x, box.top + inset + (box.height - 2 * inset) * y]);
  // A round corner belongs to nobody: its points lie on the middles of the sides instead.
  const radius = parseFloat(getComputedStyle(part).borderTopLeftRadius) || 0;
  const sides = [[.5, .5], [.5, 0], [.5, 1], [0, .5], [1, .5]].map(([x, y]) => [
    box.left + inset + (box.width - 2 * inset) * x, box.top + inset + (box.height - 2 * inset) * y]);
  const seen = (radius > 6 || element.matches("a:not([class])") ? sides : points).map(([x, y]) => {
    const top = document.elementFromPoint(x, y);
    return Boolean(top) && (part.contains(top) || top.contains(part) || top === part);
  });
  return {
    x: box.left, y: box.top, width: box.width, height: box.height, seen,
    tag: element.tagName, name: element.name || "", value: element.value || "", type: element.type || "",
    text: (element.closest("label") || element).innerText || "", href: element.getAttribute("href") || "",
    classes: element.className.baseVal ?? element.className, inMain: Boolean(element.closest("main")),
  };
}"""


@dataclass
class Keyboard:
    """Tab, Space, Enter and letters; nothing else touches the page. Each new stop is looked at."""

    page: Page
    troubles: list[str] = field(default_factory=list)
    looked_at: set[str] = field(default_factory=set)

    def tab_to(self, **wanted: Any) -> dict[str, Any]:
        """On with Tab until the focus is on what is wanted: `name`, `value`, `type`, `text`, `href`, `tag`."""
        for _ in range(MOST_STOPS):
            self.page.keyboard.press("Tab")
            at = self._settled()
            self._look(at)
            if at["tag"] != "BODY" and all(str(value) in str(at[key]) for key, value in wanted.items()):
                return at
        raise AssertionError(f"Tab never came to {wanted}")

    def _settled(self) -> dict[str, Any]:
        """Where the focus is once the page lies still: a map that comes in late moves what stands below it."""
        at: dict[str, Any] = self.page.evaluate(FOCUSED)
        for _ in range(MOST_LOOKS):
            if all(at["seen"]):
                break
            self.page.wait_for_timeout(100)
            at = self.page.evaluate(FOCUSED)
        return at

    def write(self, words: str, **wanted: Any) -> None:
        self.tab_to(**wanted)
        self.page.keyboard.type(words)

    def press(self, key: str, **wanted: Any) -> None:
        self.tab_to(**wanted)
        self.page.keyboard.press(key)

    def choose(self, value: str, **wanted: Any) -> None:
        """One of a group of circles: with Space on the first, with the arrows on the others."""
        at = self.tab_to(**wanted)
        self.page.keyboard.press("Space")
        for _ in range(20):
            if at["value"] == value:
                return
            self.page.keyboard.press("ArrowDown")
            at = self.page.evaluate(FOCUSED)
        raise AssertionError(f"no circle {value}")

    def _look(self, at: dict[str, Any]) -> None:
        kind = f"{self.page.url.split('?')[0]} {at['tag']} {at['type']} {at['classes']} {at['inMain']}"
        if at["tag"] == "BODY" or at["width"] < 2:
            return
        if not all(at["seen"]):
            self.troubles.append(f"covered {at['seen']}: {kind} {at['text'][:30]}")
        if kind not in self.looked_at:  # of buttons that look alike, one is measured
            self.looked_at.add(kind)
            self._measure(at, kind)

    def _measure(self, at: dict[str, Any], kind: str) -> None:
        """What the focus changes on the screen: a ring of two pixels, of a contrast of three to one.

        Looked at again where there is none: the page may have moved between finding the place and taking its picture.
        """
        ring = self._ring_of(at)
        for _ in range(MOST_LOOKS):
            if ring >= LEAST_RING:
                return
            self.page.wait_for_timeout(100)
            ring = self._ring_of(self.page.evaluate(FOCUSED))
        self.troubles.append(f"a ring of {ring} px: {kind} {at['text'][:30]}")

    def _ring_of(self, at: dict[str, Any]) -> int:
        with_ring = self._picture(at)
        # `evaluate` leaves the focus where the keyboard put it, only its ring goes.
        self.page.evaluate("document.adoptedStyleSheets = [ringless()]")
        without = self._picture(at)
        self.page.evaluate("document.adoptedStyleSheets = []")
        return _ring(with_ring, without)

    def _picture(self, at: dict[str, Any]) -> Image.Image:
        size = self.page.viewport_size or {"width": 360, "height": 740}
        left, top = max(0, at["x"] - AROUND), max(0, at["y"] - AROUND)
        clip = {
            "x": left,
            "y": top,
            "width": min(size["width"] - left, at["width"] + 2 * AROUND),
            "height": min(size["height"] - top, at["height"] + 2 * AROUND),
        }
        return Image.open(BytesIO(self.page.screenshot(clip=clip))).convert("RGB")  # type: ignore[arg-type]  # a private shape


def _ring(one: Image.Image, other: Image.Image) -> int:
    """How thick the ring is where it is thinnest: rows and columns of changed pixels with enough contrast."""
    changed = ImageChops.difference(one, other).convert("L").point(lambda value: 255 if value > MOST_NOISE else 0)
    edge = changed.getbbox()
    if edge is None:
        return 0
    across = [_run(one, other, (x, (edge[1] + edge[3]) // 2), (1, 0)) for x in (edge[0],)]
    down = [_run(one, other, ((edge[0] + edge[2]) // 2, y), (0, 1)) for y in (edge[1],)]
    return min(across + down)


def _run(one: Image.Image, other: Image.Image, start: tuple[int, int], step: tuple[int, int]) -> int:
    """How many pixels in a row differ by three to one, from the outer edge of the ring inwards.

    An edge between two pixels colours the outer one only in part: it counts for nothing, and ends nothing.
    """
    x, y = start
    if _contrast(one.getpixel((x, y)), other.getpixel((x, y))) < LEAST_CONTRAST:
        x, y = x + step[0], y + step[1]
    count = 0
    while (
        x < one.width and y < one.height and _contrast(one.getpixel((x, y)), other.getpixel((x, y))) >= LEAST_CONTRAST
    ):
        count, x, y = count + 1, x + step[0], y + step[1]
    return count


def _contrast(one: Any, other: Any) -> float:
    low, high = sorted((_light(one), _light(other)))
    return (high + 0.05) / (low + 0.05)


def _light(colour: tuple[int, int, int]) -> float:
    parts = [part / 255 for part in colour]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


RINGLESS = """window.ringless = () => { const sheet = new CSSStyleSheet();
  sheet.replaceSync("*, *:focus-visible, *:has(:focus-visible) { outline-color: transparent !important; " +
    "transition: none !important; } .map [data-area]:focus-visible { stroke: inherit !important; }"); return sheet; }"""


def at_the_keyboard(page: Page) -> Keyboard:
    page.add_init_script(RINGLESS)
    page.reload()
    return Keyboard(page)


@pytest.mark.parametrize("look", ["light", "dark"])
def test_joining_by_keyboard(visit: NewPage, town: Town, look: str) -> None:
    page = visit(None, "/join/", width=320, color_scheme=look)
    keys = at_the_keyboard(page)
    keys.write(town.take_code(), name="code")
    page.keyboard.press("Enter")
    expect(page.locator("[name=name]")).to_be_visible()
    keys.write("Toon Toetsen", name="name")
    keys.press("Enter", type="submit", classes="button--primary")
    expect(page.locator("[name=way]").first).to_be_visible()
    keys.choose("none", name="way")
    keys.press("Enter", type="submit", classes="button--primary")
    expect(page.locator(".own-key")).to_be_visible()
    keys.press("Enter", type="submit", classes="button--primary")
    expect(page.locator(".banner")).to_be_visible()
    assert not keys.troubles, "\n".join(keys.troubles)


@pytest.mark.parametrize(("look", "size"), [("light", "m"), ("dark", "xl")])
def test_posting_and_answering_by_keyboard(visit: NewPage, look: str, size: str) -> None:
    title = f"Zonder muis gaat het ook ({look})"
    page = visit("viewer", width=360, color_scheme=look)
    prefer(page, "/settings/", text_size=size)
    keys = at_the_keyboard(page)
    keys.press("Enter", classes="skip-link")
    keys.press("Enter", classes="composer-pill")
    expect(page.locator("[name=title]")).to_be_visible()
    keys.choose("information", name="kind")
    keys.write(title, name="title")
    keys.write("Met de tabtoets.", name="body")
    keys.press("Space", name="adjacent")
    keys.press("Enter", type="submit", classes="button--primary")
    expect(card(page, title)).to_be_visible()
    keys.press("Enter", tag="A", text=title)
    expect(page.locator("#answer")).to_be_visible()
    keys.write("En met Control en Enter.", name="body")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".comment", has_text="En met Control")).to_be_visible()
    prefer(page, "/settings/", text_size="m")
    assert not keys.troubles, "\n".join(keys.troubles)


def test_announcing_by_keyboard(visit: NewPage) -> None:
    title = "Vandaag per toetsenbord"
    page = visit("editor", "/city/announcements/", width=1280)
    keys = at_the_keyboard(page)
    keys.press("Enter", href="/city/announcements/new/")
    expect(page.locator("[name=title]")).to_be_visible()
    keys.write(title, name="title")
    keys.write("Een bericht zonder muis.", name="body")
    keys.choose("some", name="where")
    keys.press("Enter", tag="SUMMARY", text="Kermt")
    keys.press("Space", name="streets")
    keys.press("Enter", name="preview")
    expect(page.locator(".compose__preview")).to_contain_text(title)
    keys.press("Enter", name="send")
    expect(page.locator(".notice--success")).to_be_visible()
    assert not keys.troubles, "\n".join(keys.troubles)


def test_tab_goes_round_and_is_trapped_nowhere(visit: NewPage) -> None:
    page = visit("viewer", "/posts/new/")
    stops = page.locator("a[href], button, input:not([type=hidden]), select, textarea, summary").count()
    for _ in range(stops + 2):
        page.keyboard.press("Tab")
        if page.evaluate(
            "document.activeElement === [...document.querySelectorAll('.navigation__link')]"
            ".filter((link) => link.checkVisibility()).at(-1)"
        ):
            return
    raise AssertionError("Tab did not come to the end of the page")
