"""What a first visit costs on a cheap phone, counted by the browser itself: bytes, requests, hosts."""

import gzip
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import CDPSession, Page

from tests.journeys.conftest import NewPage
from tests.journeys.looking import prefer
from tests.journeys.town import Town

pytestmark = pytest.mark.browser
KIB, KB = 1024, 1000


@dataclass
class Received:
    """Each answer by its address: what came over the line, heads included."""

    sizes: dict[str, int] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    addresses: dict[str, str] = field(default_factory=dict)

    def watch(self, session: CDPSession) -> None:
        session.on("Network.responseReceived", self._response)
        session.on("Network.loadingFinished", self._finished)
        session.send("Network.enable")
        session.send("Network.setCacheDisabled", {"cacheDisabled": True})

    def _response(self, event: dict) -> None:  # type: ignore[type-arg]  # as the browser sends it
        self.addresses[event["requestId"]] = event["response"]["url"]
        self.kinds[event["response"]["url"]] = event["type"]

    def _finished(self, event: dict) -> None:  # type: ignore[type-arg]  # as the browser sends it
        self.sizes[self.addresses[event["requestId"]]] = int(event["encodedDataLength"])

    def of(self, kind: str) -> int:
        return sum(size for address, size in self.sizes.items() if self.kinds[address] == kind)


@pytest.fixture
def first_view(visit: NewPage) -> tuple[Page, Received]:
    """The square with twenty posts, on a phone that was never here."""
    page = visit("viewer", "about:blank", width=360)
    prefer(page, "/settings/", language="nl", text_size="m")
    received = Received()
    received.watch(page.context.new_cdp_session(page))
    page.goto("/", wait_until="load")
    page.evaluate("document.fonts.ready")
    page.wait_for_function("performance.getEntriesByType('resource').some(one => one.name.includes('icons'))")
    assert page.locator("main article").count() == 20
    return page, received


def test_the_first_view_stays_small(first_view: tuple[Page, Received], town: Town) -> None:
    page, received = first_view
    # No part of the view: the open line, and the icon that the browser fetches for the home screen when all is there.
    apart = ("/live/", "/icon/")
    kept = {address: size for address, size in received.sizes.items() if not urlsplit(address).path.startswith(apart)}
    # Pages are compressed by the proxy in front of us, which the demo has not: counted as it would send them.
    kept[town.address] = len(gzip.compress(page.context.request.get(town.address).body()))
    assert kept[town.address] <= 12 * KB
    assert received.of("Script") <= 20 * KB
    assert received.of("Font") > 0
    assert len(kept) <= 8, sorted(kept)
    assert sum(kept.values()) <= 100 * KIB, kept


def test_nothing_comes_from_elsewhere(first_view: tuple[Page, Received]) -> None:
    _page, received = first_view
    assert {urlsplit(address).hostname for address in received.addresses.values()} == {"127.0.0.1"}


def test_what_is_compressed_once_is_kept_for_ever(first_view: tuple[Page, Received]) -> None:
    page, received = first_view
    for address in received.sizes:
        if "/static/" not in address:
            continue
        answer = page.context.request.get(address, headers={"Accept-Encoding": "br"})
        assert "immutable" in answer.headers["cache-control"]
        if not address.endswith(".woff2"):
            assert answer.headers["content-encoding"] == "br"
