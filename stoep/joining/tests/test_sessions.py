"""How long somebody stays inside, how they leave, and which page they see first."""

import re
from datetime import timedelta
from urllib.parse import quote

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.urls import reverse

from stoep.common import clock
from stoep.joining.tests.door import (
    EMAIL,
    ask,
    browser,
    digits_in,
    join_by_email,
    join_by_own_key,
    letter,
    link_in,
    member,
    signed_in,
    text_of,
    type_digits,
)
from stoep.operations.cast import Cast

pytestmark = pytest.mark.usefixtures("still_clock")

YEAR = 365 * 24 * 3600


class TestTheSession:
    def test_a_year_on_ones_own_device_an_hour_on_a_shared_one(self, cast: Cast) -> None:
        post = letter(cast)
        _person, key = join_by_own_key(browser(), post.code)
        member(cast)
        own, shared, by_link, by_digits = (browser() for _each in range(4))
        given = {"code": post.code, "own_key": key}

        own.post(reverse("sign_in_letter"), given)
        shared.post(reverse("sign_in_letter"), {**given, "shared": "on"})
        by_link.post(link_in(ask(browser())[0]), {"shared": "on"})
        type_digits(by_digits, digits_in(ask(browser())[0]), shared="on")

        assert own.cookies[settings.SESSION_COOKIE_NAME]["max-age"] == YEAR
        for client in (shared, by_link, by_digits):
            assert client.cookies[settings.SESSION_COOKIE_NAME]["max-age"] == 3600
            assert client.session.get_expiry_age() == 3600
        for later, opened in ((timedelta(hours=2), [own]), (timedelta(days=360), [own]), (timedelta(days=366), [])):
            with clock.frozen(clock.now() + later):
                inside = [one for one in (own, shared, by_link, by_digits) if one.get("/").status_code == 200]
            assert inside == opened

    def test_joining_on_a_shared_computer_ends_after_an_hour_too(self, cast: Cast) -> None:
        client = browser()
        client.post(reverse("join"), {"code": letter(cast).code})
        client.post(reverse("join_name"), {"name": "Jan Maes"})
        client.post(reverse("join_contact"), {"way": "none", "shared": "on"})

        assert signed_in(client) is not None
        assert client.session.get_expiry_age() == 3600

    def test_a_session_that_ended_opens_nothing(self, cast: Cast) -> None:
        client = browser()
        join_by_email(client, letter(cast).code)
        assert client.get(reverse("feed")).status_code == 200

        Session.objects.update(expire_date=clock.now() - timedelta(seconds=1))

        assert client.get(reverse("feed"))["Location"] == reverse("sign_in")

    @pytest.mark.parametrize("key", ["x", "0" * 32, "é" * 40, "a" * 5000, '"\\000aaaaaaaaaaaa"', "' OR 1=1 --"])
    def test_a_session_that_we_did_not_begin_opens_nothing(self, cast: Cast, key: str) -> None:
        del cast
        for path in (reverse("feed"), reverse("join_name"), reverse("own_key")):
            answer = browser().get(path, headers={"cookie": f"{settings.SESSION_COOKIE_NAME}={key}"})
            assert answer.status_code == 302

    def test_signing_out_ends_it_and_only_by_a_button(self, cast: Cast) -> None:
        client = browser()
        join_by_email(client, letter(cast).code)
        key = client.session.session_key
        assert client.get(reverse("sign_out")).status_code == 405
        assert signed_in(client) is not None

        answer = client.post(reverse("sign_out"))

        assert answer["Location"] == reverse("sign_in")
        assert not Session.objects.filter(session_key=key).exists()
        assert client.get(reverse("feed")).status_code == 302
        assert browser().post(reverse("sign_out"))["Location"].startswith(reverse("sign_in"))

    def test_the_session_key_changes_at_the_door(self, cast: Cast) -> None:
        """Who planted a session in somebody's browser is not inside with them."""
        post = letter(cast)
        _person, key = join_by_own_key(browser(), post.code)
        client = browser()
        client.post(reverse("sign_in"), {"email": EMAIL})
        planted = client.session.session_key

        client.post(reverse("sign_in_letter"), {"code": post.code, "own_key": key})

        assert planted is not None
        assert client.session.session_key != planted
        assert not Session.objects.filter(session_key=planted).exists()

    def test_who_is_inside_needs_no_sign_in_page(self, cast: Cast) -> None:
        client = browser()
        join_by_email(client, letter(cast).code)

        assert client.get(reverse("sign_in"))["Location"] == reverse("feed")


class TestThePageThatWasWanted:
    @pytest.mark.parametrize("wanted", ["/settings/", "/posts/mine/?page=2"])
    def test_it_comes_after_the_digits(self, cast: Cast, wanted: str) -> None:
        member(cast)
        client = browser()
        door = client.get(wanted)["Location"]
        assert door == f"{reverse('sign_in')}?next={quote(wanted, safe='')}"
        page = text_of(client.get(door))
        assert f'name="next" value="{wanted}"' in page
        (mail,) = ask(client, next=wanted)

        answer = client.post(reverse("sign_in_code"), {"email": EMAIL, "code": digits_in(mail), "next": wanted})

        assert answer["Location"] == wanted

    @pytest.mark.parametrize(
        "elsewhere",
        [
            "https://evil.example/",
            "//evil.example/",
            "///evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "/\t/evil.example",
            "/\n/evil.example",
            "http:/evil.example",
            "javascript:alert(1)",
            "evil.example",
            " //evil.example",
            "/" + "a" * 5000,
            "/%0d%0aSet-Cookie:x=1\r\nX: y",
            "/\x00",
            "//[::1",
        ],
    )
    def test_it_is_never_elsewhere(self, cast: Cast, elsewhere: str) -> None:
        member(cast)
        client = browser()
        page = text_of(client.get(reverse("sign_in"), {"next": elsewhere}))
        assert re.findall(r'name="next" value="([^"]*)"', page) == [reverse("sign_in")]  # the language choice's own
        (mail,) = ask(client, next=elsewhere)

        answer = client.post(reverse("sign_in_code"), {"email": EMAIL, "code": digits_in(mail), "next": elsewhere})

        assert answer.status_code == 302
        assert answer["Location"] == reverse("feed")
        assert signed_in(client) is not None
