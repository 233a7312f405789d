"""Every address, for visitors, neighbours and staff, as a real city serves it: what protects a browser is there."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from stoep.operations.cast import Cast
from tests.access.pages import PAGES, make_subjects
from tests.access.policy import VISITOR
from tests.access.subjects import Subjects
from tests.access.test_walk import _ask
from tests.security.markup import Markup
from tests.security.production import as_in_production, browser_of, each_sort_of_address

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
# A photo runs nothing, asks for nothing, and stays with whoever may see it, for minutes.
PHOTO_POLICY = {"default-src": "'none'", "base-uri": "'none'", "form-action": "'none'", "sandbox": ""}
HEADERS = {
    "Strict-Transport-Security": "max-age=31536000",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Robots-Tag": "noindex, nofollow",
}
REFERRERS = {"same-origin", "no-referrer"}
# Whom a browser may let in besides us: nobody.
ELSEWHERE = ("http:", "https:", "*", "unsafe", "data: ;")
# One of each sort; the walk (tests/access) asks the same of the whole cast.
PEOPLE = (VISITOR, "neighbour", "newcomer", "suspended", "moderator", "desk", "city-admin", "operator")
DENIED = ("camera=()", "geolocation=()", "microphone=()")
# Files and style sheets that are the same for everybody; everything else is one person's own.
ANYBODYS = {"text/css", "image/svg+xml", "image/png", "application/manifest+json", "text/javascript"}


@pytest.fixture
def subjects(cast: Cast) -> Subjects:
    return make_subjects(cast)


@pytest.fixture
def host(cast: Cast, settings: Any) -> str:
    found = cast.cities["hasselt"].host
    as_in_production(settings, found)
    return found


@pytest.mark.parametrize("who", PEOPLE)
def test_every_answer_is_protected(who: str, cast: Cast, subjects: Subjects, host: str) -> None:
    client = browser_of(cast, who, host)
    faults: set[str] = set()
    seen = 0
    for name, page, _subject, path in each_sort_of_address(subjects):
        for method in ("GET", "POST"):
            response = _ask(client, method, path, page.data)
            seen += 1
            faults |= {f"{method} {name}: {fault}" for fault in faults_of(response, path)}
    assert faults == set(), "\n".join(sorted(faults))
    assert seen > 2 * len(PAGES)


@pytest.mark.parametrize("who", [VISITOR, "neighbour", "editor"])
def test_methods_nobody_offers_are_refused(who: str, cast: Cast, subjects: Subjects, host: str) -> None:
    client = browser_of(cast, who, host)
    for name, _page, _subject, path in each_sort_of_address(subjects):
        for method in ("HEAD", "OPTIONS", "PATCH", "TRACE"):
            response = _ask(client, method, path, {})
            where = f"{method} {name}"
            assert response.status_code < 500, where
            if method not in {"HEAD", "OPTIONS"}:
                assert response.status_code >= 300, f"{where}: {response.status_code}"
            assert "words=any" not in response.content.decode(errors="replace"), f"{where} repeats what was sent"
            assert list(_header_faults(response)) == [], where


def test_without_tls_nothing_is_said_but_where_to_go(cast: Cast, subjects: Subjects, host: str) -> None:
    """Only machines beside us ask for health, and metrics, without TLS."""
    client = Client(headers={"host": host})
    client.force_login(cast["neighbour"], backend="stoep.people.backend.PersonBackend")
    for name, _page, _subject, path in each_sort_of_address(subjects):
        if name in {"health", "metrics"}:
            continue
        response = client.get(path)
        assert response.status_code == 301, name
        assert response.headers["Location"] == f"https://{host}{path}"
        assert response.content == b""


def test_a_host_that_is_not_ours_gets_nothing(cast: Cast, subjects: Subjects, host: str) -> None:
    del host
    client = browser_of(cast, "neighbour", "evil.example")
    for name, _page, _subject, path in each_sort_of_address(subjects):
        if name in {"health", "metrics"}:
            continue
        response = client.get(path)
        assert response.status_code == 400, f"{name}: {response.status_code}"
        assert "evil.example" not in response.content.decode()


def test_the_cookies_are_the_four_that_are_declared(cast: Cast, subjects: Subjects, host: str) -> None:
    """Kept this time, as a browser keeps them: all four are met, and every one of them is bound to this host by TLS."""
    met: dict[str, Any] = {}
    for who in (VISITOR, "neighbour", "editor"):
        for name, page, _subject, path in each_sort_of_address(subjects):
            if name == "sign_out":
                continue
            client = browser_of(cast, who, host)
            for method in ("GET", "POST"):
                response = _ask(client, method, path, {"language": "fr", **page.data})
                met |= {key: value for key, value in response.cookies.items() if value.value}
    names = {"__Host-stoep_session", "__Host-stoep_csrf", "__Host-stoep_preferences", "__Host-stoep_device"}
    assert set(met) <= names
    assert set(met) >= names - {"__Host-stoep_session"}  # a session begins with a sign-in, which has its own tests
    for cookie in met.values():
        assert cookie["secure"], cookie
        assert cookie["httponly"], cookie
        assert (cookie["samesite"], cookie["path"], cookie["domain"]) == ("Lax", "/", ""), cookie


def test_the_net_sees_a_page_that_breaks_the_rules(cast: Cast) -> None:
    """Planted, one of each kind."""
    del cast
    bad = {
        "<script>alert(1)</script>": "a script in the page",
        '<p style="color: red">': "<p style=…>",
        '<button onclick="go()">': "<button onclick=…>",
        '<img src="https://tracker.example/1.gif">': "<img src=https://tracker.example/1.gif>",
        '<img src="//tracker.example/1.gif">': "<img src=//tracker.example/1.gif>",
        '<a href="javascript:go()">': "<a href=javascript:go()>",
        "<style>p {}</style>": "<style>",
        '<form action="https://evil.example/">': "<form action=https://evil.example/>",
        '<meta http-equiv="refresh" content="0; url=/x">': "a page that goes elsewhere by itself",
        '<link rel="stylesheet" href="https://fonts.example/x.css">': "<link href=https://fonts.example/x.css>",
    }
    for text, fault in bad.items():
        assert Markup("/", text).faults == [fault], text
    good = '<script src="/static/x.js"></script><a href="https://example.org">out</a><img src="data:image/svg+xml,x">'
    assert Markup("/", good).faults == []


def faults_of(response: Any, path: str) -> Iterator[str]:
    if response.status_code >= 500:
        yield f"it broke ({response.status_code})"
    yield from _header_faults(response)
    kind = response.headers.get("Content-Type", "")
    if kind.startswith("text/html") and not response.streaming:
        yield from Markup(path, response.content.decode()).faults
        if "charset=" not in kind:
            yield "no charset"


def _header_faults(response: Any) -> Iterator[str]:
    headers = response.headers
    is_photo = headers.get("Content-Type") == "image/webp"
    wanted = PHOTO_POLICY if is_photo else POLICY
    policy = dict(part.strip().partition(" ")[::2] for part in headers.get("Content-Security-Policy", "").split(";"))
    yield from (f"{name} {policy.get(name)}" for name, value in wanted.items() if policy.get(name) != value)
    if any(word in " ".join(policy.values()) for word in ELSEWHERE):
        yield f"the policy lets others in: {policy}"
    yield from (f"{name}: {headers.get(name)}" for name, value in HEADERS.items() if headers.get(name) != value)
    if headers.get("Referrer-Policy") not in REFERRERS:
        yield f"Referrer-Policy: {headers.get('Referrer-Policy')}"
    if not all(part in headers.get("Permissions-Policy", "") for part in DENIED):
        yield f"Permissions-Policy: {headers.get('Permissions-Policy')}"
    is_anybodys = headers.get("Content-Type", "").partition(";")[0] in ANYBODYS and "Set-Cookie" not in headers
    kept = "private, max-age=" if is_photo else "no-store"
    if not is_anybodys and kept not in headers.get("Cache-Control", ""):
        yield f"Cache-Control: {headers.get('Cache-Control')}"
    if "Access-Control-Allow-Origin" in headers:
        yield f"readable from {headers['Access-Control-Allow-Origin']}"


def test_addresses_are_found_by_themselves(cast: Cast, subjects: Subjects) -> None:
    """A page that joins the site joins these tests: they walk the same table, which must name every address."""
    del cast
    assert {name for name, *_rest in each_sort_of_address(subjects)} == set(PAGES)
    assert reverse("feed") == "/"
