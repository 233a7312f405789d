"""Texts over a real HTTP server that takes, refuses, is slow, breaks, hangs, and is away."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from pytest_django.fixtures import Settings

from stoep.common import clock
from stoep.delivery.models import TextMessage
from stoep.delivery.texts import WAITS, Slip, empty_old_texts, post_text, send_due_texts
from stoep.operations.cast import Cast

pytestmark = pytest.mark.django_db
NUMBER, CODE = "+32470123456", {"code": "482 913", "link": "https://buurt.hasselt.example/x/"}
SENT, WAITING, REFUSED, EXPIRED = (TextMessage.State(name) for name in ("sent", "waiting", "refused", "expired"))


@dataclass
class Provider:
    """What it will answer, and what it got: `hang` makes it read and never answer."""

    status: int = 202
    hang: bool = False
    drop: bool = False
    got: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    let_go: threading.Event = field(default_factory=threading.Event)
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1/messages?account=stoep"


@contextmanager
def listening() -> Iterator[Provider]:
    provider = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            provider.got.append({"path": self.path, **json.loads(body)})
            provider.headers.append(dict(self.headers))
            if provider.hang:
                provider.let_go.wait(30)
            if provider.hang or provider.drop:
                self.close_connection = True
                return
            self.send_response(provider.status)
            self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *_words: Any) -> None:
            """A quiet server."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = False
    provider.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield provider
    finally:
        provider.let_go.set()
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def provider(settings: Settings) -> Iterator[Provider]:
    with listening() as one:
        settings.SMS = {"url": one.url, "token": "a secret token", "sender": "Hasselt", "timeout": 2}
        yield one


def text(cast: Cast, **facts: Any) -> TextMessage:
    slip = Slip(cast.cities["hasselt"], NUMBER, "en", **facts)
    post_text(slip, template="joining/sms/sign_in", context=CODE, now=clock.now())
    return TextMessage.objects.latest("made_at")


def test_a_text_is_posted_as_json_with_the_token_and_only_once(cast: Cast, provider: Provider) -> None:
    message = text(cast)
    assert send_due_texts() == 1
    assert send_due_texts() == 0
    (got,) = provider.got
    assert got["path"] == "/v1/messages?account=stoep"
    assert (got["id"], got["to"], got["from"]) == (str(message.pk), NUMBER, "Hasselt")
    assert "482 913" in got["text"]
    (headers,) = provider.headers
    assert headers["Authorization"] == "Bearer a secret token"
    assert headers["Idempotency-Key"] == str(message.pk)
    message.refresh_from_db()
    assert (message.state, message.attempts) == (SENT, 1)


@pytest.mark.parametrize("status", [400, 404, 422])
def test_what_the_provider_never_takes_is_not_tried_again(cast: Cast, provider: Provider, status: int) -> None:
    provider.status = status
    message = text(cast)
    send_due_texts()
    with clock.frozen(clock.now() + timedelta(days=1)):
        send_due_texts()
    message.refresh_from_db()
    assert (message.state, message.last_error, len(provider.got)) == (REFUSED, f"HTTP {status}", 1)


@pytest.mark.parametrize("status", [302, 401, 403, 408, 429, 500, 502, 503])
def test_what_is_about_us_or_about_now_is_tried_again(cast: Cast, provider: Provider, status: int) -> None:
    provider.status = status
    message = text(cast)
    assert send_due_texts() == 0
    message.refresh_from_db()
    assert (message.state, message.attempts) == (WAITING, 1)
    assert message.due_at > clock.now()
    assert send_due_texts() == 0
    assert len(provider.got) == 1, "not before its time"
    provider.status = 200
    with clock.frozen(clock.now() + timedelta(minutes=2)):
        assert send_due_texts() == 1
    assert {each["id"] for each in provider.got} == {str(message.pk)}, "a repeat can be recognised"


@pytest.mark.parametrize("fault", ["hang", "drop"])
def test_a_provider_that_falls_silent_is_tried_again(
    cast: Cast, provider: Provider, settings: Settings, fault: str
) -> None:
    settings.SMS = {**site.SMS, "timeout": 1}
    setattr(provider, fault, True)
    message = text(cast)
    assert send_due_texts() == 0
    message.refresh_from_db()
    assert message.state == WAITING


def test_a_provider_that_is_away_costs_no_text(cast: Cast, settings: Settings) -> None:
    with listening() as gone:
        pass
    settings.SMS = {**site.SMS, "url": gone.url}
    message = text(cast)
    assert send_due_texts() == 0
    message.refresh_from_db()
    assert message.state == WAITING
    assert NUMBER not in message.last_error


def test_of_a_provider_that_is_away_few_are_asked_at_a_time(cast: Cast, provider: Provider) -> None:
    provider.status = 503
    for _each in range(6):
        text(cast)
    send_due_texts()
    assert len(provider.got) == 3


def test_a_text_that_nobody_takes_is_given_up(cast: Cast, provider: Provider) -> None:
    provider.status = 500
    message = text(cast)
    now = clock.now()
    for hours in range(len(WAITS) + 3):
        with clock.frozen(now + timedelta(hours=5 * hours)):
            send_due_texts()
    message.refresh_from_db()
    assert (message.state, len(provider.got)) == (EXPIRED, len(WAITS) + 1)


def test_a_code_that_ran_out_is_not_sent(cast: Cast, provider: Provider) -> None:
    message = text(cast, expires_at=clock.now() + timedelta(minutes=20))
    with clock.frozen(clock.now() + timedelta(minutes=21)):
        assert send_due_texts() == 0
    message.refresh_from_db()
    assert (message.state, provider.got) == (EXPIRED, [])


def test_number_and_words_lie_sealed_and_go_after_a_week(cast: Cast, provider: Provider) -> None:
    text(cast)
    send_due_texts()
    with connection.cursor() as cursor:
        cursor.execute("SELECT t::text FROM delivery_textmessage t")
        row = cursor.fetchone()[0]
    assert NUMBER not in row
    assert "482 913" not in row
    assert empty_old_texts(now=clock.now() + timedelta(days=6)) == 0
    assert empty_old_texts(now=clock.now() + timedelta(days=8)) == 1
    assert (TextMessage.objects.get().recipient, len(provider.got)) == ("", 1)


def test_without_a_provider_the_rehearsal_keeps_it_beside_the_mails(cast: Cast, settings: Settings) -> None:
    settings.SMS = {**site.SMS, "url": ""}
    text(cast)
    assert send_due_texts() == 1
    (kept,) = (Path(site.STOEP_VAR) / "mailbox").glob("[0-9]*.eml")
    assert NUMBER in kept.read_text()


def test_codes_to_sign_in_travel_over_tls_only() -> None:
    """A real city with a provider in the clear does not start."""

    real = {"STOEP_SECRET_KEY": "s" * 50, "STOEP_DATA_KEY": "d" * 50, "STOEP_SMS_URL": "http://sms.example/"}
    clean = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG", "PYTHONPATH"}}
    found = subprocess.run(
        [sys.executable, "-c", "import config.settings"], env=clean | real, capture_output=True, text=True, check=False
    )
    assert ImproperlyConfigured.__name__ in found.stderr
