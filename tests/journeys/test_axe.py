"""axe finds nothing, on any page, in four languages, by light and in the dark, at normal and at the largest letters."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.journeys.conftest import HEIGHT
from tests.journeys.pages import EVERYWHERE, Place
from tests.journeys.town import Town

pytestmark = pytest.mark.browser
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
OPTIONS = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
LANGUAGES = ("nl", "fr", "en", "de")
PAIRS = (("light", "m"), ("dark", "m"), ("light", "xl"), ("dark", "xl"))

PageOf = Callable[[str | None, str], Page]


@pytest.fixture(scope="package")
def page_of(town: Town, chromium: Browser) -> Iterator[PageOf]:
    """`page_of("viewer", "dark")`: one page for each, kept from test to test."""
    kept: dict[tuple[str | None, str], Page] = {}

    def page_of(who: str | None, look: str) -> Page:
        if (who, look) not in kept:
            viewport = {"width": 360, "height": HEIGHT}
            context = chromium.new_context(base_url=town.address, viewport=viewport, color_scheme=look)  # type: ignore[arg-type]  # plain words for private shapes
            if who is not None:
                assert context.request.post("/demo/session/", form={"person": who}).ok
            kept[who, look] = context.new_page()
        return kept[who, look]

    yield page_of
    for page in kept.values():
        page.context.close()


@pytest.mark.parametrize(("number", "place"), [*enumerate(EVERYWHERE)], ids=[str(place) for place in EVERYWHERE])
def test_axe_finds_nothing(page_of: PageOf, town: Town, number: int, place: Place) -> None:
    """Each page in each language; the four pairs of look and letters go round with the pages."""
    found = []
    for at, language in enumerate(LANGUAGES):
        look, size = PAIRS[(at + number) % len(PAIRS)]
        page = page_of(place.who, look)
        prefer(page, "/settings/" if place.who else "/join/no-code/", language=language, text_size=size)
        place.go(page, town)
        assert page.locator(f"html[lang={language}][data-text={size}]").count() == 1
        found += [f"{language} {look} {size}: {words}" for words in violations(page)]
    assert not found, "\n".join(found)


def prefer(page: Page, form_at: str, **wishes: str) -> None:
    """As the page of one's own details and the foot of the door do it."""
    request = page.context.request
    token = request.get(form_at).text().partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
    answer = request.post("/preferences/", form={"csrfmiddlewaretoken": token, "next": "/health/", **wishes})
    assert answer.ok


def violations(page: Page) -> list[str]:
    rules: list[dict[str, Any]] = Axe().run(page, options=OPTIONS).response["violations"]
    return [f"{rule['id']}: {node['target']} {node['html'][:100]}" for rule in rules for node in rule["nodes"]]
