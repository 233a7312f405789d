"""The shell in a real browser: it fits, axe finds nothing, the small comforts work and stay out of the way."""

import json
import mimetypes
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.template import engines
from playwright.sync_api import Browser, Page, expect, sync_playwright

from stoep.operations.preparing import browser as find_browser
from stoep.shell import build, examples, static_files

pytestmark = pytest.mark.browser
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
SQUARE = """{% extends "shell/neighbour.html" %}{% block main %}<h1>Kermt</h1>
<div data-live-feed="/feed/">{% for name in posts|reverse %}<article class="card">
<h2 id="post-{{ name }}"><a href="#{{ name }}">{{ name }}</a></h2><p>{{ "woord " * 300 }}</p></article>{% endfor %}
<textarea id="half"></textarea></div>
<form method="post" action="/posts/"><textarea name="text" id="text" maxlength="80"></textarea>
<button>Plaats</button></form>{% endblock %}"""


@dataclass
class Street:
    """A server of three pages: the style guide, a live feed, and whatever is posted to it."""

    address: str = ""
    posts: list[str] = field(default_factory=lambda: ["p1"])
    news: list[str] = field(default_factory=list)
    posted: list[str] = field(default_factory=list)

    def hear(self, *names: str) -> None:
        self.posts += names
        self.news.append(json.dumps({"ids": list(names)}))

    def page(self, path: str, query: dict[str, str]) -> str:
        chosen = {"language": "nl", "look": "auto", "text_size": "m", **query}
        context: dict[str, Any] = {
            "preferences": SimpleNamespace(**chosen),
            "municipality": SimpleNamespace(
                name="Voorbeeld", languages=[], help_phone="011 00 00 00", help_hours="", help_place=""
            ),
            "person": SimpleNamespace(
                name="Jan Vermeulen",
                is_staff_member=False,
                is_unreachable=False,
                unread_count=0,
                standing=SimpleNamespace(neighbourhood_name="Kermt", member_count=412, is_member=True),
            ),
            "navigation": examples.styleguide(NOW)["example_navigation"],
            "live_url": "/live/" if path == "/feed/" else "",
            "csrf_input": "",
            "request": SimpleNamespace(path=path),
        }
        if path == "/feed/":
            return str(engines["jinja2"].from_string(SQUARE).render({**context, "posts": self.posts}))
        page = engines["jinja2"].get_template("shell/styleguide.html")
        return str(page.render({**context, **examples.styleguide(NOW)}))


def handler(street: Street) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_args: Any) -> None:
            """Silence: the test speaks."""

        def do_GET(self) -> None:
            url = urlsplit(self.path)
            if url.path.startswith(static_files.PREFIX):
                file = static_files.FOLDER / url.path.removeprefix(static_files.PREFIX)
                self.answer(file.read_bytes(), mimetypes.guess_type(file.name)[0] or "font/woff2")
            elif url.path == "/live/":
                self.stream()
            else:
                query = {key: values[0] for key, values in parse_qs(url.query).items()}
                self.answer(street.page(url.path, query).encode(), "text/html; charset=utf-8")

        def do_POST(self) -> None:
            street.posted.append(self.path)
            self.rfile.read(int(self.headers["Content-Length"]))
            time.sleep(0.5)
            self.answer(b"<!doctype html><title>ok</title>", "text/html")

        def answer(self, body: bytes, content_type: str) -> None:
            self.send_response(200)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Content-Security-Policy", "default-src 'self'")
            self.end_headers()
            self.wfile.write(body)

        def stream(self) -> None:
            self.answer(
                b"".join(f"event: post\ndata: {news}\n\n".encode() for news in street.news), "text/event-stream"
            )
            street.news.clear()

    return Handler


@pytest.fixture
def street() -> Iterator[Street]:
    made = Street()
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler(made))
    made.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield made
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    build.build()
    static_files.manifest.cache_clear()
    with sync_playwright() as playwright:
        found = find_browser(is_needed=True)
        started = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        yield started
        started.close()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 360, "height": 740})
    made = context.new_page()
    troubles: list[str] = []
    made.on("pageerror", lambda error: troubles.append(str(error)))
    made.on("console", lambda message: troubles.append(message.text) if "Content Security" in message.text else None)
    yield made
    context.close()
    assert troubles == []


@pytest.mark.parametrize("text", ["m", "l", "xl"])
@pytest.mark.parametrize("width", [320, 360, 768, 1280])
def test_nothing_sticks_out_sideways(page: Page, street: Street, width: int, text: str) -> None:
    page.set_viewport_size({"width": width, "height": 740})
    page.goto(f"{street.address}/?text_size={text}")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("look", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_axe_finds_nothing(page: Page, street: Street, width: int, look: str) -> None:
    page.set_viewport_size({"width": width, "height": 740})
    page.goto(f"{street.address}/?look={look}")
    found = Axe().run(page).response
    assert [(rule["id"], [node["target"] for node in rule["nodes"]]) for rule in found["violations"]] == []
    assert {rule["id"] for rule in found["incomplete"]} <= {"color-contrast"}


def test_a_page_asks_only_its_own_host(page: Page, street: Street) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{street.address}/", wait_until="networkidle")
    assert asked
    assert all(url.startswith(street.address) for url in asked)
    # A phone leaves the font of wide screens alone. The drawings stand only where something is empty.
    assert not [url for url in asked if "bricolage" in url]
    assert len([url for url in asked if "pictures" not in url]) <= 8


def test_the_error_summary_has_the_focus(page: Page, street: Street) -> None:
    page.goto(f"{street.address}/")
    assert page.evaluate("document.activeElement.hasAttribute('data-error-summary')")


def test_map_and_list_say_the_same(page: Page, street: Street) -> None:
    page.goto(f"{street.address}/")
    shape, box = page.locator("path[data-area='1']"), page.locator("#area-1")
    assert shape.get_attribute("aria-checked") == "false"
    shape.click()
    assert box.is_checked()
    shape.press("Space")
    assert not box.is_checked()
    box.check()
    assert shape.get_attribute("aria-checked") == "true"
    assert page.locator("path[data-area='2']").get_attribute("aria-checked") == "true"


def test_a_form_sent_three_times_arrives_once(page: Page, street: Street) -> None:
    page.goto(f"{street.address}/feed/")
    page.evaluate("for (let times = 0; times < 3; times += 1) document.querySelector('main form').requestSubmit()")
    page.wait_for_url("**/posts/")
    assert street.posted == ["/posts/"]


def test_control_enter_sends_and_the_last_characters_are_counted(page: Page, street: Street) -> None:
    page.goto(f"{street.address}/feed/")
    page.fill("#text", "x" * 70)
    assert page.inner_text(".counter").startswith("10 ")
    page.press("#text", "Control+Enter")
    page.wait_for_url("**/posts/")


def test_news_appears_without_moving_what_is_read(page: Page, street: Street) -> None:
    page.goto(f"{street.address}/feed/")
    page.focus("a[href='#p1']")
    page.evaluate("scrollTo(0, 120)")
    place = "document.querySelector('main form').getBoundingClientRect().top"
    before = page.evaluate(place)
    street.hear("p2", "p3")
    expect(page.locator("[data-announcements]")).to_contain_text("2 ", timeout=10_000)
    assert page.locator("article").count() == 3
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#p1"
    assert page.evaluate(place) == pytest.approx(before, abs=2)


def test_half_a_sentence_is_not_swept_away_by_news(page: Page, street: Street) -> None:
    page.goto(f"{street.address}/feed/")
    page.fill("#half", "Ik heb nog")
    street.hear("p2")
    page.wait_for_timeout(2500)
    assert page.input_value("#half") == "Ik heb nog"
    assert page.locator("article").count() == 1
