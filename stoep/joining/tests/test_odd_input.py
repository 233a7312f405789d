"""Whatever is typed into the forms of the residents' door: never an error of ours, and what was typed still stands."""

from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from itertools import count
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stoep.joining.tests.door import browser, join_by_email, letter, signed_in, type_code, type_name
from stoep.operations.cast import Cast

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Response

    Send = Callable[["Form", dict[str, str]], Response]

EXAMPLES = 60
ODD = st.sampled_from(
    [
        "",
        " ",
        "\x00",
        "a\x00b",
        "\ud800",
        "\u202eabc",
        "\ufb2c" * 80,
        "ﷺ" * 80,
        "👩\u200d👩\u200d👧",
        "' OR 1=1 --",
        "<script>alert(1)</script>",
        '"><img src=x>',
        "{{ 7*7 }}",
        "%s%n%d",
        "../../etc/passwd",
        "1" * 12,
        "4829 1736 5501",
        "٤٨٢٩ ١٧٣٦ ٥٥٠١",
        "jan@post.example",
        "jan@xn--p1ai",
        "jan@ドメイン.example",
        '"jan maes"@post.example',
        "jan@[127.0.0.1]",
        "a" * 5000,
        "Jan Maes",
        "on",
        "email",
        "none",
        "\r\nBcc: x@evil.example",
    ]
)
TYPED = st.one_of(ODD, st.text(max_size=100), st.text(st.characters(codec="ascii"), max_size=100))
# These come back in the page letter by letter; others a browser or a form tidies up first.
PLAIN = st.text(st.characters(categories=["Lu", "Ll", "Nd", "P", "Sm"], codec="utf-8"), min_size=1, max_size=40)

networks = count()


@dataclass(frozen=True)
class Form:
    """A form: where it stands, its fields, and what must have gone before."""

    name: str
    fields: tuple[str, ...]
    ready: Callable[[Client, Cast], object] = lambda _client, _cast: None

    @property
    def path(self) -> str:
        return reverse(self.name)


def with_code(client: Client, cast: Cast) -> None:
    type_code(client, letter(cast).code)


def with_name(client: Client, cast: Cast) -> None:
    with_code(client, cast)
    type_name(client)


def inside(client: Client, cast: Cast) -> None:
    join_by_email(client, letter(cast).code)


FORMS = (
    Form("join", ("code",)),
    Form("join_name", ("name",), with_code),
    Form("join_contact", ("way", "email", "shared", "again"), with_name),
    Form("own_key", ("x",), inside),
    Form("sign_in", ("email", "next")),
    Form("sign_in_code", ("email", "code", "shared", "next")),
    Form("sign_in_letter", ("code", "own_key", "shared")),
    Form("change_email", ("email",), inside),
    Form("preferences", ("language", "look", "text_size", "next")),
    Form("sign_out", ("next",), inside),
)
KEEPING = [
    ("join", "code", {}),
    ("join_name", "name", {}),
    ("join_contact", "email", {"way": "email"}),
    ("sign_in", "email", {}),
    ("sign_in_code", "code", {"email": "jan@post.example"}),
    ("sign_in_code", "email", {"code": "123456"}),
    ("sign_in_letter", "code", {"own_key": "123456"}),
    ("sign_in_letter", "own_key", {"code": "482917365501"}),
    ("change_email", "email", {}),
]
many = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def fresh_network() -> str:
    """The limits have tests of their own: here nobody reaches them."""
    at = next(networks)
    return f"10.{at // 65536 % 256}.{at // 256 % 256}.{at % 256}"


@pytest.fixture
def send(cast: Cast) -> "Send":
    """Sends a form from a browser that stands before it, and makes a new one ready when that one went on."""
    standing: dict[str, Client] = {}

    def sent(form: Form, given: dict[str, str]) -> "Response":
        if form.name not in standing:
            standing[form.name] = browser()
            form.ready(standing[form.name], cast)
        answer = standing[form.name].post(form.path, given, REMOTE_ADDR=fresh_network())
        if answer.status_code == 302:
            del standing[form.name]
        return answer

    return sent


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
def test_nothing_typed_breaks_a_form(form: Form, send: "Send") -> None:
    @many
    @given(st.fixed_dictionaries({}, optional=dict.fromkeys(form.fields, TYPED)))
    def type_it(typed: dict[str, str]) -> None:
        given = {name: value.encode(errors="replace").decode() for name, value in typed.items()}

        answer = send(form, given)

        assert answer.status_code in {200, 302, 422, 429}
        if answer.status_code == 302:
            assert answer["Location"].startswith("/")
            assert not answer["Location"].startswith("//")

    type_it()


@pytest.mark.parametrize(("name", "field", "more"), KEEPING, ids=[f"{name}:{field}" for name, field, _more in KEEPING])
def test_what_was_typed_stands_there_again(name: str, field: str, more: dict[str, str], send: "Send") -> None:
    form = next(one for one in FORMS if one.name == name)

    @many
    @given(PLAIN)
    def type_it(typed: str) -> None:
        answer = send(form, {**more, field: typed})

        if answer.status_code in {422, 429}:
            assert f'value="{escape(typed)}"' in answer.content.decode()
        else:
            assert answer.status_code in {200, 302}

    type_it()


@pytest.mark.parametrize("path", ["/q/{}/", "/sign-in/link/{}/", "/e-mail/{}/"])
def test_nothing_in_a_link_breaks_it(cast: Cast, path: str) -> None:
    del cast

    @many
    @given(st.text(min_size=1, max_size=300).filter(lambda text: "\ud800" not in text))
    def follow(text: str) -> None:
        client = browser(network=fresh_network())
        where = path.format(quote(text.encode(errors="replace"), safe=""))

        assert client.get(where).status_code in {200, 302, 404, 410}
        assert client.post(where).status_code in {200, 302, 404, 405, 410}
        assert signed_in(client) is None

    follow()


@pytest.mark.parametrize(
    "key", ["join_code", "join_name", "join_plan", "join_shown", "join_own_key", "sign_in_address"]
)
@pytest.mark.parametrize("value", ["", "x", "é" * 300, "01890a5d-ac96-774b-bcce-b302099a8057", "gAAAAA"])
def test_what_an_older_release_left_in_a_session_breaks_nothing(cast: Cast, key: str, value: str) -> None:
    client = browser()
    with_name(client, cast)
    session = client.session
    session[key] = value
    session.save()

    for name in ("join", "join_name", "join_contact", "own_key", "sign_in", "sign_in_code"):
        assert client.get(reverse(name)).status_code in {200, 302}
        assert client.post(reverse(name), {"way": "none"}).status_code in {302, 422}
