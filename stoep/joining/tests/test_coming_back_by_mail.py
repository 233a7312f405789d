"""Coming back by a mailed link, or by its digits in any browser; who asks for another's learns nothing."""

import re
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse

from stoep.access.models import Hits
from stoep.common import clock
from stoep.delivery.models import Mail
from stoep.joining.tests.door import (
    EMAIL,
    PHONE,
    ask,
    browser,
    digits_in,
    join_by_email,
    letter,
    link_in,
    mails,
    member,
    other_than,
    post_comes,
    signed_in,
    text_of,
    type_digits,
)
from stoep.operations.cast import Cast
from stoep.people.models import Person

pytestmark = pytest.mark.usefixtures("still_clock")

UNKNOWN = "nobody@post.example"


class TestByLink:
    def test_looking_uses_nothing_up_pressing_lets_in_once(self, cast: Cast) -> None:
        person = member(cast)
        (mail,) = ask(browser())
        link = link_in(mail)

        for _scanner in range(5):
            page = browser().get(link)
            assert (page.status_code, "To my neighbourhood" in text_of(page)) == (200, True)
        client = browser()
        assert client.post(link)["Location"] == reverse("feed")
        assert signed_in(client) == person
        assert client.get(reverse("feed")).status_code == 200

        second = browser()
        answer = second.post(link)
        assert (answer.status_code, signed_in(second)) == (410, None)
        assert "This link is used or too old" in text_of(answer)
        assert second.get(link).status_code == 410

    def test_it_lasts_twenty_minutes(self, cast: Cast) -> None:
        member(cast)
        now = clock.now()
        with clock.frozen(now):
            (mail,) = ask(browser())

        with clock.frozen(now + timedelta(minutes=20)):
            assert browser().post(link_in(mail)).status_code == 410
        with clock.frozen(now + timedelta(minutes=19, seconds=59)):
            assert browser().post(link_in(mail)).status_code == 302

    @pytest.mark.parametrize("token", ["x", "a" * 3000, "%F0%9F%98%80", "..%2f..", "' OR 1=1"])
    def test_a_link_that_we_did_not_write_opens_nothing(self, cast: Cast, token: str) -> None:
        del cast
        client = browser()

        assert client.get(f"/sign-in/link/{token}/").status_code in {302, 410}
        assert client.post(f"/sign-in/link/{token}/").status_code in {302, 410}
        assert signed_in(client) is None

    def test_the_button_of_the_question_is_no_way_in(self, cast: Cast) -> None:
        join_by_email(browser(), letter(cast).code)
        token = link_in(mails()[0]).removeprefix("/e-mail/")

        assert browser().post(f"/sign-in/link/{token}").status_code == 410

    def test_who_left_more_than_two_weeks_ago_comes_in_no_more(self, cast: Cast) -> None:
        person = member(cast)
        (mail,) = ask(browser())
        Person.objects.filter(pk=person.pk).update(left_at=clock.now() - timedelta(days=14, seconds=1))

        assert browser().post(link_in(mail)).status_code == 410
        assert type_digits(browser(), digits_in(mail)) == 422
        assert ask(browser()) == []

    def test_somebody_elses_session_in_that_browser_ends(self, cast: Cast) -> None:
        person = member(cast)
        (mail,) = ask(browser())
        client = browser()
        client.force_login(cast["neighbour"], backend="stoep.people.backend.PersonBackend")
        before = client.session.session_key

        client.post(link_in(mail))

        assert signed_in(client) == person
        assert before is not None
        assert not Session.objects.filter(session_key=before).exists()


class TestByDigits:
    def test_they_work_in_a_browser_that_never_asked(self, cast: Cast) -> None:
        person = member(cast)
        (mail,) = ask(browser())
        elsewhere = browser()

        page = text_of(elsewhere.get(reverse("sign_in_code")))
        assert 'type="email"' in page
        assert type_digits(elsewhere, f" {digits_in(mail).replace(' ', '-')} ", email=EMAIL.upper()) == 302
        assert signed_in(elsewhere) == person

    def test_the_browser_that_asked_need_not_type_the_address_again(self, cast: Cast) -> None:
        member(cast)
        client = browser()
        ask(client)

        page = text_of(client.get(reverse("sign_in_code")))

        assert f'type="hidden" name="email" value="{EMAIL}"' in page
        assert 'type="email"' not in page

    def test_they_work_once_and_take_the_link_with_them(self, cast: Cast) -> None:
        member(cast)
        (mail,) = ask(browser())
        assert type_digits(browser(), digits_in(mail)) == 302

        assert type_digits(browser(), digits_in(mail)) == 422
        assert browser().post(link_in(mail)).status_code == 410

    def test_they_last_twenty_minutes(self, cast: Cast) -> None:
        member(cast)
        now = clock.now()
        with clock.frozen(now):
            (mail,) = ask(browser())

        with clock.frozen(now + timedelta(minutes=20)):
            assert type_digits(browser(), digits_in(mail)) == 422
        with clock.frozen(now + timedelta(minutes=19)):
            assert type_digits(browser(), digits_in(mail)) == 302

    def test_five_wrong_tries_and_the_right_ones_are_refused_too(self, cast: Cast) -> None:
        member(cast)
        (mail,) = ask(browser())
        wrong = other_than(digits_in(mail))
        for at in range(5):
            assert type_digits(browser(network=f"198.51.100.{at}"), wrong) == 422

        late = browser(network="198.51.100.9")
        answer = late.post(reverse("sign_in_code"), {"email": EMAIL, "code": digits_in(mail)})

        assert (answer.status_code, signed_in(late)) == (429, None)
        assert "Use the link in the mail, or wait half an hour." in text_of(answer)
        assert PHONE in text_of(answer)
        assert browser().post(link_in(mail)).status_code == 302, "the link in the same mail still opens"

    def test_a_typing_error_is_no_try(self, cast: Cast) -> None:
        member(cast)
        (mail,) = ask(browser())
        for typed in ("12345", "1234567", "abc", "") * 3:
            answer = browser().post(reverse("sign_in_code"), {"email": EMAIL, "code": typed})
            assert answer.status_code == 422

        assert type_digits(browser(), digits_in(mail)) == 302

    def test_of_two_mails_both_are_good(self, cast: Cast) -> None:
        """Who asked twice types the digits of the first, as often as not."""
        member(cast)
        (first,) = ask(browser())
        ask(browser())

        assert type_digits(browser(), digits_in(first)) == 302

    def test_what_was_typed_stays(self, cast: Cast) -> None:
        member(cast)
        ask(browser())

        answer = browser().post(reverse("sign_in_code"), {"email": EMAIL, "code": "000 000"})

        assert f'value="{EMAIL}"' in text_of(answer)
        assert 'value="000 000"' in text_of(answer)
        assert "These digits are not right, or too old." in text_of(answer)

    def test_the_digits_of_another_person_open_nothing(self, cast: Cast) -> None:
        member(cast)
        member(cast, name="Nora Daems", email="nora@post.example")
        ask(browser(), "nora@post.example")
        (mail,) = ask(browser())

        assert type_digits(browser(), digits_in(mail), email="nora@post.example") == 422

    def test_staff_digits_open_no_door_of_residents(self, cast: Cast) -> None:
        editor = cast["editor"]
        assert ask(browser(), editor.email) == []
        browser().post(reverse("staff_sign_in"), {"email": editor.email})
        mail = mails()[-1]
        client = browser()

        assert type_digits(client, digits_in(mail), email=editor.email) == 422
        assert signed_in(client) is None


def test_a_couple_shares_one_address_and_each_comes_in_as_themselves(cast: Cast) -> None:
    code = letter(cast).code
    jan, nora = member(cast, code=code), member(cast, name="Nora Daems", code=code)

    found = {mail.person_id: mail for mail in ask(browser())}

    assert set(found) == {jan.pk, nora.pk}
    assert "Hello Nora Daems," in found[nora.pk].text
    for person in (nora, jan):
        client = browser()
        assert type_digits(client, digits_in(found[person.pk])) == 302
        assert signed_in(client) == person


class TestUnknownAddresses:
    """Who asks learns nothing: not from a page, not from a limit, not from a mail."""

    def test_the_answers_are_the_same_byte_by_byte_and_no_mail_goes_out(self, cast: Cast) -> None:
        member(cast)
        unconfirmed = "half@post.example"
        join_by_email(browser(), letter(cast).code, name="An Half", email=unconfirmed)
        post_comes()
        addresses = (EMAIL, UNKNOWN, unconfirmed, cast["editor"].email)

        answers = [self.everything_said(address) for address in addresses]

        assert answers[0] == answers[1] == answers[2] == answers[3]
        assert not Mail.objects.filter(pk__in=[mail.pk for mail in mails() if mail.recipient == UNKNOWN]).exists()

    def everything_said(self, email: str) -> list[tuple[int, str, str]]:
        """All that a browser is shown from the question to the limit, the address itself and the tokens left out."""
        client = browser(network="203.0.113.8")
        said = [client.post(reverse("sign_in"), {"email": email}), client.get(reverse("sign_in_code"))]
        post_comes()
        said += [client.post(reverse("sign_in_code"), {"email": email, "code": "000 000"}) for _each in range(7)]
        elsewhere = browser(network=f"203.0.113.{len(email)}")
        said += [elsewhere.post(reverse("sign_in_code"), {"email": email, "code": "000 000"})]
        self.forget_network()
        return [(one.status_code, one.get("Location", ""), self.without_secrets(text_of(one), email)) for one in said]

    def without_secrets(self, page: str, email: str) -> str:
        return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", page.replace(email, "…"))

    def forget_network(self) -> None:
        Hits.objects.filter(bucket__contains="203.0.113.8").delete()

    def test_nobody_is_mailed_more_than_five_times_an_hour_and_the_page_does_not_say(self, cast: Cast) -> None:
        member(cast)
        for _each in range(7):
            assert browser().post(reverse("sign_in"), {"email": EMAIL}).status_code == 302

        assert len(post_comes()) == 5

    def test_strangers_elsewhere_use_up_no_mails_of_a_neighbour(self, cast: Cast) -> None:
        member(cast)
        stranger = browser(network="198.51.100.1")
        for _each in range(15):
            assert stranger.post(reverse("sign_in"), {"email": EMAIL.upper()}).status_code == 302
        assert len(post_comes()) == 5

        (mail,) = ask(browser())

        assert type_digits(browser(), digits_in(mail)) == 302

    def test_from_everywhere_together_there_are_twenty_an_hour(self, cast: Cast) -> None:
        member(cast)
        for at in range(22):
            client = browser(network=f"198.51.100.{at}")
            assert client.post(reverse("sign_in"), {"email": EMAIL}).status_code == 302
        assert len(post_comes()) == 20

        assert ask(browser()) == []
        with clock.frozen(clock.now() + timedelta(hours=1)):
            assert len(ask(browser())) == 1

    def test_an_address_has_its_mails_in_each_city(self, cast: Cast) -> None:
        member(cast)
        there = browser(host="buurt.diepenbeek.example")
        join_by_email(there, letter(cast, neighbourhood="Rooierheide").code, name="Jan Maes")
        post_comes()
        for _each in range(6):
            ask(browser())

        assert len(ask(browser(host="buurt.diepenbeek.example"))) == 1

    def test_a_network_that_asks_and_asks_is_told_to_wait(self, cast: Cast) -> None:
        del cast
        for at in range(30):
            assert browser().post(reverse("sign_in"), {"email": f"{at}@post.example"}).status_code == 302

        answer = browser().post(reverse("sign_in"), {"email": EMAIL})

        assert answer.status_code == 429
        assert f'value="{EMAIL}"' in text_of(answer)
        assert PHONE in text_of(answer)

    def test_what_is_no_address_is_said_and_kept(self, cast: Cast) -> None:
        del cast
        for typed in ("", "jan", "jan@", "a" * 190 + "@post.example", "jan@post.example\x00"):
            answer = browser().post(reverse("sign_in"), {"email": typed})
            assert answer.status_code == 422
            assert PHONE in text_of(answer)
        assert 'value="jan@"' in text_of(browser().post(reverse("sign_in"), {"email": "jan@"}))
