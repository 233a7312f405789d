"""Whatever is sent to whatever address, nothing breaks; and a form that is wrong comes back with what was typed.

`HYPOTHESIS_PROFILE=explore` looks further: sixty times as many tries, other ones on every run.
"""

import io
import json
import os
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stoep.operations.cast import Cast
from tests.access.pages import make_subjects
from tests.access.policy import VISITOR
from tests.access.subjects import Subjects
from tests.access.test_walk import _client
from tests.security.markup import Markup
from tests.security.sending import NOT_KEPT, Sending, sendings_at, sendings_of

PEOPLE = (VISITOR, "neighbour", "moderator", "desk", "city-admin")
IS_EXPLORING = os.environ.get("HYPOTHESIS_PROFILE") == "explore"
TRIES = 4000 if IS_EXPLORING else 30
SLOWEST = 5.0
# Numbers that do not fit, words that are something elsewhere, and characters that somebody once forgot.
HOSTILE = (
    *(
        "",
        " ",
        "\x00",
        "a\x00b",
        "\ud7ff\ufffd",
        "\u202egnp.exe",
        "\u0000",
        "%00",
        "%s%n",
        "{{7*7}}",
        "${7*7}",
        "%(x)s",
    ),
    *("0", "-1", "1e999", "NaN", "9" * 40, "99999999999999999999", "2147483648", "9223372036854775808", "0x10", "١٢٣"),
    *("true", "null", "None", "[]", "{}", "undefined", "../../etc/passwd", "\\\\host\\share", "'; DROP TABLE x; --"),
    *("<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "=cmd|' /C calc'!A0", "\r\nSet-Cookie: a=b"),
    *("2026-02-30", "0000-00-00", "10000-01-01", "-0001-01-01T00:00", "2026-11-24T25:61", "24:00", "12:00+99:99"),
    *("not-a-uuid", "00000000-0000-0000-0000-000000000000", "a@b", "@", "a@" + "b" * 300 + ".be", "+32" + "4" * 90),
    *("http://[::1", "http://[", "//evil.example/", "javascript:alert(1)", "\\/\\/evil.example", "https://ⓔ.example"),
    *(
        "é" * 300,
        "👩‍👩‍👧‍👦" * 50,
        "\u0301" * 100,
        "a" * 5000,
        "word " * 3000,
        "\n" * 500,
        "#" * 50,
        "0" * 12,
        "4111 1111 1111",
    ),
)
BYTES = (b"%ff%fe", b"%c3%28", b"%", b"%zz", b"%u0041", b"%00", b"\xff\xfe", b"+" * 50, b"%ed%a0%80")
FORM = "application/x-www-form-urlencoded"
CUT_OFF = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n'
TYPES = (
    "application/x-www-form-urlencoded",
    "application/x-www-form-urlencoded; charset=utf-16",
    "application/x-www-form-urlencoded; charset=nonsense",
    "multipart/form-data",
    "multipart/form-data; boundary=x",
    "multipart/form-data; boundary=" + "y" * 300,
    "application/json",
    "text/plain",
    "",
    "/;;=",
)

values = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(max_size=40),
    st.integers().map(str),
    st.floats().map(str),
    st.dates().map(str),
    st.uuids().map(str),
)


@pytest.fixture
def subjects(cast: Cast) -> Subjects:
    return make_subjects(cast)


@pytest.mark.parametrize("who", PEOPLE)
def test_nothing_that_is_sent_breaks_anything(who: str, cast: Cast, subjects: Subjects) -> None:
    client = _client(cast, who)
    sendings = sendings_of(client, subjects)
    broken = [*hostile_words(client, sendings), *bytes_that_are_no_form(client, sendings)]
    broken += [f"typed, and gone: {what}" for what in lost_words(client, sendings)]
    broken += whatever_hypothesis_thinks_of(client, sendings)
    assert broken == [], "\n".join(broken[:30])


def hostile_words(client: Client, sendings: list[Sending]) -> Iterator[str]:
    """In turn: over all forms and fields each word is met many times, and each field meets a handful of them.

    A door that is shut to this person meets a word or two: those to whom it opens try what is behind it.
    """
    at = 0
    for sending in sendings:
        for name in () if sending.is_shut else sorted(sending.data):
            for _again in range(len(HOSTILE) if IS_EXPLORING else 1):
                at += 1
                word = HOSTILE[at % len(HOSTILE)]
                yield from faults_of(client, sending, sending.data | {name: [word]}, f"{name}={word[:30]!r}")
        step = 40 if sending.is_shut else 17
        for word in HOSTILE if IS_EXPLORING else HOSTILE[at % step :: step]:
            yield from faults_of(client, sending, {key: [word] for key in sending.data}, f"all {word[:30]!r}")
        yield from faults_of(client, sending, {n: [*v, *v, "x"] for n, v in sending.data.items()}, "all thrice")
        yield from faults_of(client, sending, {}, "nothing")


def bytes_that_are_no_form(client: Client, sendings: list[Sending]) -> Iterator[str]:
    for at, sending in enumerate(sendings):
        junk = BYTES[at % len(BYTES)]
        if sending.method == "GET":
            query = b"&".join(name.encode() + b"=" + junk for name in [*sending.data, "next", "page"])
            yield from faults(client, sending, b"", "", query.decode("latin-1"))
            continue
        bodies = (junk * 9, b"", CUT_OFF)
        for kind in TYPES if IS_EXPLORING else TYPES[at % 5 :: 5]:
            for body in bodies if IS_EXPLORING else bodies[at % 3 : at % 3 + 1]:
                yield from faults(client, sending, body, kind)
        yield from faults(client, sending, json.dumps(sending.data).encode(), "application/json")
        yield from faults(client, sending, *_multipart(sending))


def whatever_hypothesis_thinks_of(client: Client, sendings: list[Sending]) -> Iterator[str]:
    broken: list[str] = []

    @settings(max_examples=TRIES, suppress_health_check=list(HealthCheck), database=None)
    @given(st.data())
    def sent(data: st.DataObject) -> None:
        sending = data.draw(st.sampled_from(sendings))
        names = st.sampled_from(sorted(sending.data)) | st.text(max_size=10) if sending.data else st.text(max_size=10)
        words = data.draw(st.dictionaries(names, st.lists(values, max_size=3), max_size=8))
        broken.extend(faults_of(client, sending, sending.data | words, f"{words!r:.300}"))

    sent()
    yield from broken


def lost_words(client: Client, sendings: list[Sending]) -> Iterator[str]:
    """Each text field in turn is empty or far too long; what stands in the others must come back with the form."""
    for sending in sendings:
        typed = {name: f"Zilveren eekhoorn {at}" for at, name in enumerate(_text_fields(sending))}
        for name in typed if sending.method == "POST" and not sending.is_shut else ():
            for wrong in ("", "z" * 30_000) if IS_EXPLORING else ("", "z" * 30_000)[len(name) % 2 :][:1]:
                words = {key: [word] for key, word in (typed | {name: wrong}).items()}
                response = _send(client, "POST", sending.path, _body(sending.data | words), FORM)
                if response.status_code == 422:
                    shown = response.content.decode()
                    kept = {key for key, word in typed.items() if word in shown}
                    yield from (f"{sending}: {key}, when {name} is wrong" for key in typed.keys() - kept - {name})


def test_the_net_sees_a_form_that_breaks(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted: the composer takes it for granted that a kind is one of those it knows."""
    from stoep.feed.forms import PostForm

    client = _client(cast, "neighbour")
    composer = [one for one in sendings_at(client, reverse("new_post")) if one.name == "posts"]
    assert list(hostile_words(client, composer)) == []
    monkeypatch.setattr(PostForm, "clean", lambda self: {"question": {}}[self.data.get("kind", "")])
    assert list(hostile_words(client, composer)) != [], "a net that lets this through is none"


def test_the_net_sees_a_page_that_runs_what_was_sent_and_a_form_that_forgets(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Planted: nothing is escaped; then a form comes back empty."""
    from stoep.feed import composer_views as views

    client = _client(cast, "neighbour")
    composer = [one for one in sendings_at(client, reverse("new_post")) if one.name == "posts"]
    assert list(lost_words(client, composer)) == []
    answer: Any = views.__dict__["render"]

    def forgets(request: Any, *rest: Any, **more: Any) -> Any:
        response = answer(request, *rest, **more)
        response.content = response.content.replace(b"Zilveren", b"")
        return response

    monkeypatch.setattr(views, "render", forgets)
    assert list(lost_words(client, composer)) != []

    def runs(request: Any, *rest: Any, **more: Any) -> Any:
        response = answer(request, *rest, **more)
        response.content += "".join(request.POST.values()).encode(errors="replace")
        return response

    monkeypatch.setattr(views, "render", runs)
    # Said outright: in turn, this one form may meet the word only where it is taken, and shows nothing.
    sent = next(one for one in composer if one.method == "POST")
    script = {name: ["<script>alert(1)</script>"] for name in sent.data}
    assert any("runs" in fault for fault in faults_of(client, sent, script, "a script"))


def faults_of(client: Client, sending: Sending, data: dict[str, list[str]], what: str) -> Iterator[str]:
    if sending.method == "GET":
        found = faults(client, sending, b"", "", _body(data).decode())
    else:
        found = faults(client, sending, _body(data), FORM)
    yield from (f"{fault} ({what})" for fault in found)


def faults(client: Client, sending: Sending, body: bytes, kind: str, query: str = "") -> Iterator[str]:
    started = time.process_time()  # a busy machine makes nobody's form slow
    path = sending.path.partition("?")[0] + (f"?{query}" if query else "")
    response = _send(client, sending.method, path, body, kind)
    if response.status_code >= 500:
        yield f"{sending}: {response.status_code}"
    if time.process_time() - started > SLOWEST:
        yield f"{sending}: {time.process_time() - started:.1f} s"
    if _is_page(response) and Markup(path, response.content.decode()).faults:
        yield f"{sending}: what was sent runs"


def _is_page(response: Any) -> bool:
    return response.headers.get("Content-Type", "").startswith("text/html") and not response.streaming


def _body(data: dict[str, list[str]]) -> bytes:
    return urlencode(data, doseq=True, errors="surrogatepass").encode()


def _send(client: Client, method: str, path: str, body: bytes, kind: str) -> Any:
    """One request, of which nothing stays."""
    cookies = dict(client.cookies)
    with transaction.atomic():
        response = client.generic(method, path, body, content_type=kind)
        if response.streaming:
            b"".join(response)
        transaction.set_rollback(True)
    client.cookies.clear()
    client.cookies.update(cookies)
    return response


def _multipart(sending: Sending) -> tuple[bytes, str]:
    """Every field as a file, with a name and a type that lie."""
    body = io.BytesIO()
    for name in [*sending.data, "file", "photos"]:
        body.write(
            f'--x\r\nContent-Disposition: form-data; name="{name}"; filename="../../{name}.html\\0.png"\r\n'
            "Content-Type: image/svg+xml\r\n\r\n<svg onload=alert(1)>\x00\r\n".encode()
        )
    body.write(b"--x--\r\n")
    return body.getvalue(), "multipart/form-data; boundary=x"


def _text_fields(sending: Sending) -> list[str]:
    kinds = {"text", "textarea", "search"}
    return [name for name, kind in sending.kinds.items() if kind in kinds and name not in NOT_KEPT]
