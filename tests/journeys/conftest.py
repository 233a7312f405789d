"""A town that runs, a real browser, and ways to look: by a phone, by keyboard, without scripts, in the dark."""

import os
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, sync_playwright

from stoep.operations.preparing import browser as find_browser
from tests.journeys.town import Town
from tests.journeys.town import town as running_town

NewPage = Callable[..., Page]
PageOf = Callable[[str | None, str], Page]
NARROW = 320
HEIGHT = 740
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@pytest.fixture(scope="session")
def town() -> Iterator[Town]:
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    with running_town(f"{os.environ.get('STOEP_TEST_DATABASE', 'town')}_{worker}") as made:
        yield made


# Of the package, not of the session: while it runs, this thread has an event loop, which other tests must not see.
@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=find_browser(is_needed=True), args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture
def visit(town: Town, chromium: Browser) -> Iterator[NewPage]:
    """`visit("neighbour", "/")`: a page of a browser of its own. Nobody signs in for None; "" opens nothing.

    Afterwards: no page had a script error, asked another host, or was answered with 500.
    """
    contexts: list[BrowserContext] = []
    troubles: list[str] = []

    def watch(request: Request) -> None:
        if urlsplit(request.url).hostname != "127.0.0.1" and not request.url.startswith("data:"):
            troubles.append(f"asked another host: {request.url}")

    def opened(person: str | None = None, path: str = "/", *, width: int = 360, **options: Any) -> Page:
        usual = {"base_url": town.address, "locale": "nl-BE", "viewport": {"width": width, "height": HEIGHT}}
        context = chromium.new_context(**{**usual, **options})
        contexts.append(context)
        if person is not None:
            assert context.request.post("/demo/session/", form={"person": person}).ok
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("console", lambda said: troubles.append(said.text) if "Content Security" in said.text else None)
        page.on("response", lambda answer: troubles.append(answer.url) if answer.status >= 500 else None)
        page.on("request", watch)
        if path:
            page.goto(path)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert troubles == []


@pytest.fixture(scope="package")
def page_of(town: Town, chromium: Browser) -> Iterator[PageOf]:
    """`page_of("viewer", "dark")`: one page of 320 px for each, kept from test to test."""
    kept: dict[tuple[str | None, str], Page] = {}

    def page_of(who: str | None, look: str) -> Page:
        if (who, look) not in kept:
            options: dict[str, Any] = {"viewport": {"width": NARROW, "height": HEIGHT}, "color_scheme": look}
            # What a browser keeps for itself has tests of its own: here each page comes from the server.
            context = chromium.new_context(base_url=town.address, service_workers="block", **options)
            if who is not None:
                assert context.request.post("/demo/session/", form={"person": who}).ok
            kept[who, look] = context.new_page()
        return kept[who, look]

    yield page_of
    for page in kept.values():
        page.context.close()
