"""The settings of a real city, as the program itself reads them there: the rehearsal's are milder."""

import json
import os
import subprocess
import sys
from functools import cache
from typing import TYPE_CHECKING, Any

from django.test import Client
from django.urls import reverse

from stoep.operations.cast import Cast
from stoep.operations.preparing import ROOT
from tests.access.pages import PAGES
from tests.access.policy import VISITOR, Page
from tests.access.subject import Subject
from tests.access.subjects import Subjects

if TYPE_CHECKING:
    from pytest_django.fixtures import Settings

HOST = "buurt.hasselt.be"
NAMES = (
    *("USES_TLS", "IS_REHEARSAL", "SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS", "SECURE_PROXY_SSL_HEADER"),
    *("SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "PREFERENCES_COOKIE_NAME", "DEVICE_COOKIE_NAME"),
    *("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "ALLOWED_HOSTS", "STOEP_LIVE_PORT", "STOEP_PROXIES"),
)
REAL = {
    "STOEP_SECRET_KEY": "a key of the security tests, long enough for a real city",
    "STOEP_DATA_KEY": "another key of the security tests, for what lies in the database",
    "STOEP_PROXIES": "1",
}


@cache
def _read(host: str) -> dict[str, Any]:
    """A program with nothing in its environment but what a real city sets."""
    clean = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG"}}
    ask = f"import json; from config import settings; print(json.dumps({{n: getattr(settings, n) for n in {NAMES!r}}}))"
    environment = clean | REAL | {"PYTHONPATH": str(ROOT), "STOEP_ALLOWED_HOSTS": host}
    done = subprocess.run([sys.executable, "-c", ask], env=environment, capture_output=True, check=True, cwd=ROOT)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def as_in_production(settings: "Settings", host: str) -> None:
    for name, value in _read(host).items():
        setattr(settings, name, tuple(value) if isinstance(value, list) and name.endswith("HEADER") else value)


def browser_of(cast: Cast, who: str, host: str) -> Client:
    """Over TLS, behind one proxy, at the city's own host."""
    client = Client(raise_request_exception=False, headers={"host": host, "x-forwarded-proto": "https"})
    if who != VISITOR:
        client.force_login(cast[who], backend="stoep.people.backend.PersonBackend")
    return client


def every_address(subjects: Subjects) -> "list[tuple[str, Page, Subject, str]]":
    return [_at(name, page, subject) for name, page in PAGES.items() for subject in subjects.of(page.of)]


def each_sort_of_address(subjects: Subjects) -> "list[tuple[str, Page, Subject, str]]":
    """Each address with a thing that stands, one that is gone or hidden, and one that never was.

    What protects an answer depends on the page and on what it answers; the walk (tests/access) asks of every thing.
    """
    return [_at(name, page, subject) for name, page in PAGES.items() for subject in _of_each_sort(subjects.of(page.of))]


def _at(name: str, page: Page, subject: Subject) -> "tuple[str, Page, Subject, str]":
    return name, page, subject, reverse(name, args=subject.args)


def _of_each_sort(things: "list[Subject]") -> "list[Subject]":
    standing = [thing for thing in things if thing.is_live]
    gone = [thing for thing in things[:-1] if not thing.is_live]
    return [*standing[:1], *standing[-1:], *gone[:1], things[-1]]
