"""One's own page, the wishes kept in a row or in a cookie, and the page of who is paused."""

import json
from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from stoep.joining.tests.door import EMAIL, PHONE, browser, join_by_email, join_by_own_key, letter, text_of
from stoep.operations.cast import Cast
from stoep.people.models import Person

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Response

SignIn = Callable[[Client, Person], Client]
LANGUAGES = ("nl", "fr", "en", "de")


def wish(client: Client, **wishes: str) -> "Response":
    return client.post(reverse("preferences"), {"next": reverse("no_code"), **wishes})


class TestSettings:
    def test_a_neighbour_reads_who_they_are_here_and_how_they_are_reached(self, cast: Cast, sign_in: SignIn) -> None:
        page = text_of(sign_in(browser(), cast["neighbour"]).get(reverse("settings")))

        assert "Marie Peeters" in page
        assert "Kermt" in page
        assert cast["neighbour"].email in page
        assert reverse("change_email") in page
        assert reverse("sign_out") in page

    def test_it_says_what_is_still_to_do(self, cast: Cast) -> None:
        waiting, without = browser(), browser()
        join_by_email(waiting, letter(cast).code)
        join_by_own_key(without, letter(cast).code)

        assert f"We sent a mail to {EMAIL}." in text_of(waiting.get(reverse("settings")))
        page = text_of(without.get(reverse("settings")))
        assert "You come in with your letter and your own key." in page
        assert reverse("change_email") in page

    def test_no_house_number_stands_there(self, cast: Cast, sign_in: SignIn) -> None:
        person = cast["second-neighbour"]
        home = person.memberships.get().household
        assert home is not None

        page = text_of(sign_in(browser(), person).get(reverse("settings")))

        assert f"{home.address.street} {home.address.number}" not in page

    @pytest.mark.parametrize("who", ["editor", "city-admin", "dpo"])
    def test_staff_has_its_own_page_without_a_neighbours_address(self, cast: Cast, sign_in: SignIn, who: str) -> None:
        page = text_of(sign_in(browser(), cast[who]).get(reverse("settings")))

        assert cast[who].name in page
        assert reverse("change_email") not in page

    def test_a_visitor_is_sent_to_the_door(self, cast: Cast) -> None:
        del cast

        assert (
            browser().get(reverse("settings"))["Location"]
            == f"{reverse('sign_in')}?next={quote('/settings/', safe='')}"
        )


class TestPreferencesOfAPerson:
    @pytest.mark.parametrize(
        ("name", "value"),
        [*(("language", one) for one in LANGUAGES), ("look", "dark"), ("look", "auto"), ("text_size", "xl")],
    )
    def test_they_are_kept_in_the_row_and_shown_on_every_device(
        self, cast: Cast, sign_in: SignIn, name: str, value: str
    ) -> None:
        person = cast["neighbour"]
        answer = wish(sign_in(browser(), person), **{name: value})

        assert answer["Location"] == reverse("no_code")
        assert settings.PREFERENCES_COOKIE_NAME not in answer.cookies
        person.refresh_from_db()
        assert getattr(person, name) == value
        page = text_of(sign_in(browser(language="fr"), person).get(reverse("settings")))
        assert f'lang="{person.language}" data-look="{person.look}" data-text="{person.text_size}"' in page

    def test_what_we_do_not_know_changes_nothing(self, cast: Cast, sign_in: SignIn) -> None:
        person = cast["neighbour"]
        client = sign_in(browser(), person)
        for name in ("language", "look", "text_size", "name", "kind"):
            for value in ("", "xx", "staff", "\x00", "é" * 9000):
                assert wish(client, **{name: value}).status_code == 302

        person.refresh_from_db()
        assert (person.language, person.look, person.text_size, person.kind) == ("nl", "auto", "m", "neighbour")
        assert person.name == "Marie Peeters"

    def test_the_suspended_may_still_read_in_their_language(self, cast: Cast, sign_in: SignIn) -> None:
        client = sign_in(browser(), cast["suspended"])
        wish(client, language="de")

        assert client.get(reverse("suspended"))["Content-Language"] == "de"

    def test_nobody_elses_are_touched(self, cast: Cast, sign_in: SignIn) -> None:
        wish(sign_in(browser(), cast["neighbour"]), language="de")

        assert Person.objects.filter(language="de").count() == 1


class TestPreferencesOfAVisitor:
    def test_they_are_kept_in_a_cookie_of_this_browser_each_beside_the_others(self, cast: Cast) -> None:
        del cast
        client = browser(language="fr")
        for name, value in (("language", "de"), ("look", "dark"), ("text_size", "l")):
            answer = wish(client, **{name: value})

        page = text_of(client.get(reverse("no_code")))
        assert '<html lang="de" data-look="dark" data-text="l">' in page
        cookie = answer.cookies[settings.PREFERENCES_COOKIE_NAME]
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"
        assert '<html lang="fr"' in text_of(browser(language="fr").get(reverse("no_code")))

    @pytest.mark.parametrize(
        "kept",
        [
            "",
            "{",
            "[]",
            "1",
            '"nl"',
            "null",
            json.dumps({"language": "xx", "look": "pink", "text_size": "9"}),
            json.dumps({"language": ["nl"], "look": {}, "text_size": [[]]}),
            json.dumps({"language": None}),
            '{"language": "\\ud800"}',
            "[" * 3000,
            "%FF%00",
        ],
    )
    def test_a_cookie_that_we_did_not_write_is_as_none(self, cast: Cast, kept: str) -> None:
        del cast
        client = browser(language="en")
        client.cookies[settings.PREFERENCES_COOKIE_NAME] = quote(kept, safe="%")

        answer = client.get(reverse("no_code"))

        assert answer.status_code == 200
        assert '<html lang="en" data-look="auto" data-text="m">' in text_of(answer)

    @pytest.mark.parametrize(
        ("asked", "spoken"),
        [
            ("fr-BE,fr;q=0.9", "fr"),
            ("pl,de;q=0.5", "de"),
            ("pl", "nl"),
            ("", "nl"),
            ("*", "nl"),
            (",,;;", "nl"),
            ("EN-us", "en"),
            ("x" * 5000, "nl"),
        ],
    )
    def test_else_the_browser_is_asked_and_else_it_is_the_citys(self, cast: Cast, asked: str, spoken: str) -> None:
        del cast

        assert browser(language=asked).get(reverse("no_code"))["Content-Language"] == spoken

    @pytest.mark.parametrize(
        "elsewhere", ["https://evil.example/", "//evil.example", "/\\evil.example", "/" + "a" * 4000]
    )
    def test_nobody_is_led_elsewhere(self, cast: Cast, elsewhere: str) -> None:
        del cast

        assert wish(browser(), next=elsewhere, language="fr")["Location"] == reverse("sign_in")

    def test_looking_changes_nothing(self, cast: Cast) -> None:
        del cast

        assert browser().get(reverse("preferences"), {"language": "de"}).status_code == 405


class TestPaused:
    def test_who_is_paused_is_told_so_whom_to_call_and_nothing_of_the_neighbourhood(
        self, cast: Cast, sign_in: SignIn
    ) -> None:
        client = sign_in(browser(), cast["suspended"])
        assert client.get(reverse("feed"))["Location"] == reverse("suspended")

        page = text_of(client.get(reverse("suspended")))

        assert PHONE in page
        assert reverse("sign_out") in page
        assert "Test of the pause" not in page
        assert not [name for name in cast if name != "suspended" and cast[name].name in page]

    def test_who_is_not_paused_is_led_on(self, cast: Cast, sign_in: SignIn) -> None:
        assert sign_in(browser(), cast["neighbour"]).get(reverse("suspended"))["Location"] == reverse("feed")
        assert browser().get(reverse("suspended"))["Location"].startswith(reverse("sign_in"))

    def test_they_can_go(self, cast: Cast, sign_in: SignIn) -> None:
        client = sign_in(browser(), cast["suspended"])

        assert client.post(reverse("sign_out"))["Location"] == reverse("sign_in")
        assert client.get(reverse("suspended")).status_code == 302
