"""The walk: every address, every method, everybody, and things of here, of next door and of another city.

What is hidden answers as what never was, byte by byte; nothing breaks; every answer carries the same protection.
"""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import reverse

from stoep.operations.cast import CAST, Cast
from tests.access.canaries import Canaries, plant_words
from tests.access.pages import PAGES, make_subjects
from tests.access.policy import VISITOR, Page
from tests.access.subject import Subject
from tests.access.subjects import Subjects
from tests.architecture.test_doors import patterns

METHODS = ("GET", "POST", "PUT", "DELETE")
COOKIES = {
    settings.SESSION_COOKIE_NAME,
    settings.CSRF_COOKIE_NAME,
    settings.PREFERENCES_COOKIE_NAME,
    settings.DEVICE_COOKIE_NAME,
}

POLICY = (
    "default-src 'none'",
    "script-src 'self';",
    "style-src 'self';",
    "frame-ancestors 'none'",
    "form-action 'self'",
    "base-uri 'none'",
)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
    "Cross-Origin-Opener-Policy": "same-origin",
}


@pytest.fixture
def subjects(cast: Cast) -> Subjects:
    return make_subjects(cast)


@pytest.fixture
def canaries(cast: Cast, subjects: Subjects) -> Canaries:
    return plant_words(cast, subjects)


def test_every_address_has_its_line_and_no_line_is_left_over() -> None:
    assert {pattern.name for pattern in patterns()} == set(PAGES)


@pytest.mark.parametrize("who", [VISITOR, *(member.key for member in CAST)])
def test_everybody_gets_what_the_table_says_and_nothing_else(
    who: str, cast: Cast, subjects: Subjects, canaries: Canaries
) -> None:
    """Nor does any answer hold a word that is not for them: `tests/access/test_canary.py` follows the links too."""
    client = _client(cast, who)
    wrong: list[str] = []
    hidden: dict[tuple[Any, ...], str] = {}
    asked = 0
    for name, page, method, subject in _everything(subjects):
        response = _ask(client, method, _path(name, subject), page.data)
        asked += 1
        where = f"{method} {name}, {subject.name}"
        expected = page.expected(method, who, subject)
        if response.status_code != expected:
            wrong.append(f"{where}: {response.status_code} instead of {expected}")
        wrong += [f"{where}: {fault}" for fault in _faults(response)]
        wrong += [f"{where}: tells {meaning}" for meaning in canaries.heard_by(who, _text(response))]
        if response.status_code == 404:
            hidden.setdefault(_bytes(response), where)
    assert wrong == [], "\n".join(wrong)
    assert asked > 300
    assert len(hidden) <= 1, f"these can be told apart: {list(hidden.values())}"
    assert list(_told_apart(client, who, subjects)) == []


def test_a_visitor_is_sent_to_the_door_from_everywhere_with_or_without_a_token(cast: Cast, subjects: Subjects) -> None:
    """A form without its token would otherwise say which addresses exist."""
    del cast
    nowhere = ["/nothing/", "/city/nothing/", "/posts/nothing/", "/city/nothing/at/all"]
    hidden = [
        _path(name, subject)
        for name, page, _m, subject in _everything(subjects)
        if page.door not in {"public", "nowhere"}
    ]
    for client in (Client(), Client(enforce_csrf_checks=True)):
        for path in [*nowhere, *dict.fromkeys(hidden)]:
            for method in METHODS:
                response = _ask(client, method, path, {})
                assert response.status_code == 302, f"{method} {path}"
                assert response.headers["Location"].startswith("/sign-in/"), f"{method} {path}"
                assert response.content == b""


def test_an_address_that_is_none_of_ours_is_the_same_not_found_page(cast: Cast) -> None:
    for key in cast:
        client = _client(cast, key)
        answers = {
            _bytes(_ask(client, "GET", path, {}))
            for path in ("/nothing/", "/posts/7/", "/city/x/", "/%00/", "/posts/mine/x/", "/comments/")
        }
        assert len(answers) == 1, key


def test_a_session_of_another_city_means_nothing_here(cast: Cast, settings: Any) -> None:
    """By host, as in a real installation: the rehearsal finds the city by who is signed in."""
    settings.IS_REHEARSAL = False
    client = _client(cast, "other-city")
    here, there = (cast.cities[city].host for city in ("hasselt", "diepenbeek"))
    assert client.get("/", headers={"host": there}).status_code == 200
    response = client.get("/", headers={"host": here})
    assert response.headers["Location"].startswith("/sign-in/")


def test_the_walk_sees_a_page_that_says_too_much(
    cast: Cast, subjects: Subjects, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Planted: posts are found without asking who looks. A net that lets this through is none."""
    from stoep.feed import views
    from stoep.feed.models import Post
    from stoep.feed.reading import WITH_WRITER

    monkeypatch.setattr(views, "posts_for", lambda _person: Post.objects.select_related(*WITH_WRITER))
    client = _client(cast, "next-neighbourhood")
    statuses = {s.name: _ask(client, "GET", _path("post", s), {}).status_code for s in subjects.of("post")}
    expected = {s.name: PAGES["post"].expected("GET", "next-neighbourhood", s) for s in subjects.of("post")}
    assert statuses != expected


def _everything(subjects: Subjects) -> Iterator[tuple[str, Page, str, Subject]]:
    for name, page in PAGES.items():
        for subject in subjects.of(page.of):
            for method in METHODS[:2] if subject is not subjects.of(page.of)[0] else METHODS:
                yield name, page, method, subject


def _told_apart(client: Client, who: str, subjects: Subjects) -> Iterator[str]:
    """What is hidden answers as what never was also by a method that is not known, and to a form that is wrong."""
    for name, page in PAGES.items():
        things = subjects.of(page.of)
        if things[-1].name != "never was":
            continue
        # A form that asks for nothing is as wrong as it can be in the walk itself.
        for method in ("POST", "PUT") if page.data else ("PUT",):
            never = _bytes(_ask(client, method, _path(name, things[-1]), {}))
            for subject in things:
                if page.expected(method, who, subject) in {404, 405}:
                    found = _ask(client, method, _path(name, subject), {})
                    if _bytes(found) != never:
                        yield f"{method} {name}, {subject.name}"


def _client(cast: Cast, who: str) -> Client:
    client = Client(raise_request_exception=False)
    if who != VISITOR:
        client.force_login(cast[who], backend="stoep.people.backend.PersonBackend")
    return client


def _path(name: str, subject: Subject) -> str:
    return reverse(name, args=subject.args)


def _ask(client: Client, method: str, path: str, data: Any, headers: dict[str, str] | None = None) -> Any:
    """One request, of which nothing stays. A browser would never keep the cookies of another try."""
    cookies = dict(client.cookies)
    with transaction.atomic():
        response = (
            client.get(path)
            if method == "GET"
            else client.generic(method, path, **_body(data, method), headers=headers)
        )
        transaction.set_rollback(True)
    client.cookies.clear()
    client.cookies.update(cookies)
    return response


def _body(data: Any, method: str) -> dict[str, Any]:
    words = {"words": "any", **data} if method == "POST" else {}
    return {"data": urlencode(words, doseq=True), "content_type": "application/x-www-form-urlencoded"}


def _text(response: Any) -> str:
    body = response.content.decode(errors="replace") if not response.streaming else ""
    return f"{body} {response.headers} {response.cookies}"


def _bytes(response: Any) -> tuple[Any, ...]:
    return response.status_code, response.content, tuple(sorted(response.headers.items())), tuple(response.cookies)


def _faults(response: Any) -> Iterator[str]:
    """What every answer must carry, whatever it is."""
    if response.status_code >= 500:
        yield "it broke"
    headers = response.headers
    policy = headers.get("Content-Security-Policy", "")
    if headers.get("Content-Type") == "image/webp":
        yield from _photo_faults(headers)
        return
    if "unsafe" in policy or not all(part in policy for part in POLICY):
        yield f"policy: {policy}"
    if headers.get("Referrer-Policy") not in {"same-origin", "no-referrer"}:
        yield f"Referrer-Policy: {headers.get('Referrer-Policy')}"
    is_anybodys = headers.get("Content-Type") in {"text/css", "image/svg+xml", "image/png"}
    if not is_anybodys and headers.get("Cache-Control") != "private, no-store":
        yield f"Cache-Control: {headers.get('Cache-Control')}"
    yield from (f"{name}: {headers.get(name)}" for name, value in HEADERS.items() if headers.get(name) != value)
    yield from _cookie_faults(response)


def _photo_faults(headers: Any) -> Iterator[str]:
    """A stranger's picture can do nothing, and stays with whoever was allowed to see it."""
    if (
        "sandbox" not in headers["Content-Security-Policy"]
        or "default-src 'none'" not in headers["Content-Security-Policy"]
    ):
        yield f"policy: {headers['Content-Security-Policy']}"
    if not headers["Cache-Control"].startswith("private, max-age="):
        yield f"Cache-Control: {headers['Cache-Control']}"
    yield from (f"{name}: {headers.get(name)}" for name, value in HEADERS.items() if headers.get(name) != value)


def _cookie_faults(response: Any) -> Iterator[str]:
    if not set(response.cookies) <= COOKIES:
        yield f"cookies: {set(response.cookies) - COOKIES}"
    for cookie in response.cookies.values():
        if cookie.value and not (cookie["httponly"] and cookie["samesite"] == "Lax"):
            yield f"cookie {cookie.key}"
