"""A real browser on a page of another port: it hears, comes back by itself, and stops asking when it may not."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.test import Client
from playwright.sync_api import Page, sync_playwright

from stoep.access.audience import home_audience
from stoep.delivery.outbox import CHANNEL, ring
from stoep.delivery.tests.listening import Server, served, until
from stoep.delivery.tests.post_office import HOST, free_port
from stoep.operations.cast import Cast
from stoep.operations.preparing import browser as find_browser
from stoep.people.models import Person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGE = """<!doctype html><title>page</title><script>
const heard = [];
let opened = 0;
const stream = new EventSource("http://127.0.0.1:LIVE/live/", { withCredentials: true });
stream.addEventListener("open", () => (opened += 1));
stream.addEventListener("post", (event) => heard.push(event.data));
</script>"""
CLOSED = 2


@dataclass(frozen=True)
class Pages:
    """The page server, and the port at which its live stream is to be."""

    port: int
    live_port: int


@pytest.fixture
def pages() -> Iterator[Pages]:
    live_port = free_port()

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_args: Any) -> None:
            """Silence: the test speaks."""

        def do_GET(self) -> None:
            body = PAGE.replace("LIVE", str(live_port)).encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    server = ThreadingHTTPServer((HOST, 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Pages(server.server_port, live_port)
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def live(pages: Pages) -> Callable[[], Any]:
    """`with live():` serves the stream that the pages lead to; again and again on the same port."""
    return lambda: served(port=pages.live_port, STOEP_PORT=str(pages.port))


@pytest.fixture
def session(cast: Cast, sign_in: Callable[[Client, Person], Client]) -> str:
    return sign_in(Client(), cast["neighbour"]).cookies[settings.SESSION_COOKIE_NAME].value


@pytest.fixture
def audience_id(cast: Cast) -> UUID:
    return UUID(str(home_audience(cast.neighbourhoods["Kermt"]).pk))


@pytest.fixture
def page(pages: Pages, session: str) -> Iterator[Page]:
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu"]
        chromium = playwright.chromium.launch(executable_path=find_browser(is_needed=True), args=arguments)
        context = chromium.new_context()
        # The port in the name: of the pages' server, which the live server is told.
        context.add_cookies([{"name": f"stoep_session_{pages.port}", "value": session, "domain": HOST, "path": "/"}])
        yield context.new_page()
        chromium.close()


def test_a_page_hears_across_a_restart_and_falls_silent_when_signed_out(
    audience_id: UUID, live: Callable[[], Any], pages: Pages, page: Page, session: str
) -> None:
    address = f"http://{HOST}:{pages.port}/"
    one: Server
    with live() as one:
        page.goto(address)
        page.wait_for_function("opened === 1")
        apart(lambda: say(audience_id))
        page.wait_for_function("heard.length === 1")
        one.process.terminate()
        one.process.wait(20)
    with live() as one:
        page.wait_for_function("opened === 2")
        page.wait_for_function("heard.length === 2")
        assert page.evaluate("heard[1]") == '{"ids": []}', "it may have missed something"
        apart(lambda: say(audience_id))
        page.wait_for_function("heard.length === 3")
        apart(lambda: Session.objects.filter(session_key=session).delete())
        page.wait_for_function(f"stream.readyState === {CLOSED}")


def apart(work: Callable[[], Any]) -> None:
    """In another thread: Playwright keeps an event loop in this one, where Django refuses its database."""
    failures: list[BaseException] = []

    def run() -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001  raised below, in the test
            failures.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    for failure in failures:
        raise failure


def say(audience_id: UUID) -> None:
    until(_is_heard)
    with transaction.atomic():
        ring(audience_id=audience_id, post_id=uuid4())


def _is_heard() -> bool:
    sql = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query = %s AND state = 'idle'"
    with connection.cursor() as cursor:
        cursor.execute(sql, [f"LISTEN {CHANNEL}"])
        (count,) = cursor.fetchone() or (0,)
    return bool(count == 1)
