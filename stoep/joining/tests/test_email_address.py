"""An e-mail address is asked about once, before anything else is said to it; a mistyped one is mended."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from stoep.common import clock
from stoep.joining.models import Ticket
from stoep.joining.tests.door import (
    EMAIL,
    PHONE,
    browser,
    digits_in,
    join_by_email,
    join_by_own_key,
    letter,
    link_in,
    member,
    post_comes,
    signed_in,
    text_of,
)
from stoep.operations.cast import Cast
from stoep.people.models import Person

pytestmark = pytest.mark.usefixtures("still_clock")

NEW = "jan.maes@post.example"
PEOPLE = ("Jan", "Maes", "Marie", "Peeters")
PLACES = ("Kermt", "Koorstraat", "Diestersteenweg", "Heerstraat")


def joined(cast: Cast, **facts: str) -> tuple[Client, Person]:
    client = browser()
    return client, join_by_email(client, letter(cast).code, **facts)


def change(client: Client, email: str) -> str:
    answer = client.post(reverse("change_email"), {"email": email})
    assert answer.status_code == 200, text_of(answer)
    return text_of(answer)


def ask_mail(email: str) -> None:
    assert browser().post(reverse("sign_in"), {"email": email}).status_code == 302


def test_the_first_mail_asks_one_thing_and_tells_nothing(cast: Cast) -> None:
    joined(cast)

    (mail,) = post_comes()

    assert (mail.recipient, mail.subject) == (EMAIL, "Is this your address?")
    words = mail.subject + mail.text + re.sub(r"<[^>]+>", " ", mail.html)
    assert not [word for word in (*PEOPLE, *PLACES) if word in words]
    assert not re.search(r"\d{3} \d{3}|sign-in", mail.text + mail.html)
    assert "Hasselt" in words
    links = set(re.findall(r"https?://[^\s\"<]+", mail.text + mail.html))
    assert len(links) == 1
    assert "/e-mail/" in links.pop()


def test_looking_confirms_nothing_pressing_does_and_twice_is_as_once(cast: Cast) -> None:
    _client, person = joined(cast)
    link = link_in(post_comes()[0])
    scanner, reader = browser(), browser()

    looked = [scanner.get(link) for _each in range(3)]
    assert {answer.status_code for answer in looked} == {200}
    assert not Person.objects.filter(pk=person.pk, email_confirmed_at__isnull=False).exists()
    assert not [word for word in (*PEOPLE, *PLACES) if word in text_of(looked[0])]

    pressed = [reader.post(link), reader.post(link)]
    person.refresh_from_db()
    assert all("Thank you. Now we can reach you." in text_of(answer) for answer in pressed)
    assert person.email_confirmed_at is not None
    assert person.session_version == 1
    assert signed_in(reader) is None, "an address alone lets nobody in"


@pytest.mark.parametrize("token", ["x", "a" * 3000, "%F0%9F%98%80", "..", "change%2B"])
def test_a_link_that_we_did_not_write_is_used_or_too_old(cast: Cast, token: str) -> None:
    del cast
    answers = [browser().get(f"/e-mail/{token}/"), browser().post(f"/e-mail/{token}/")]

    assert {answer.status_code for answer in answers} == {410}
    assert "This link is used or too old" in text_of(answers[0])


def test_the_question_stands_for_a_fortnight(cast: Cast) -> None:
    _client, person = joined(cast)
    link, now = link_in(post_comes()[0]), clock.now()

    with clock.frozen(now + timedelta(days=14, seconds=1)):
        assert browser().post(link).status_code == 410
    with clock.frozen(now + timedelta(days=13)):
        assert browser().post(link).status_code == 200
    person.refresh_from_db()
    assert person.email_confirmed_at is not None


def test_who_has_not_confirmed_is_asked_again_when_they_want_to_come_back(cast: Cast) -> None:
    joined(cast)
    first = link_in(post_comes()[0])

    ask_mail(EMAIL)
    (again,) = post_comes()

    assert again.kind == "joining/mail/confirm_email"
    assert link_in(again) != first
    assert browser().post(first).status_code == 410, "the newest question is the one that counts"
    assert browser().post(link_in(again)).status_code == 200
    ask_mail(EMAIL)
    assert [mail.kind for mail in post_comes()] == ["joining/mail/sign_in"]


def test_a_mistyped_address_is_replaced_at_once_while_nobody_confirmed_it(cast: Cast) -> None:
    client, person = joined(cast, email="jan@psot.example")
    wrong = link_in(post_comes()[0])
    assert "jan@psot.example" in text_of(client.get(reverse("change_email")))

    assert NEW in change(client, NEW)

    (mail,) = post_comes()
    person.refresh_from_db()
    assert (mail.recipient, mail.subject, person.email) == (NEW, "Is this your address?", NEW)
    assert browser().post(wrong).status_code == 410
    browser().post(link_in(mail))
    person.refresh_from_db()
    assert (person.email, person.email_confirmed_at is not None) == (NEW, True)


def test_a_confirmed_address_works_until_the_new_one_is_confirmed_and_then_no_more(cast: Cast) -> None:
    client, person = joined(cast)
    browser().post(link_in(post_comes()[0]))
    change(client, NEW)
    (question,) = post_comes()
    person.refresh_from_db()
    assert person.email == EMAIL
    ask_mail(NEW)
    assert post_comes() == []
    ask_mail(EMAIL)
    (way_in,) = post_comes()

    browser().post(link_in(question))

    person.refresh_from_db()
    assert person.email == NEW
    late = browser()
    assert late.post(link_in(way_in)).status_code == 410, "what lies in the old mailbox opens nothing more"
    answer = late.post(reverse("sign_in_code"), {"email": EMAIL, "code": digits_in(way_in)})
    assert (answer.status_code, signed_in(late)) == (422, None)
    (notice,) = post_comes()
    assert (notice.kind, notice.recipient) == ("joining/mail/email_changed", EMAIL)
    ask_mail(EMAIL)
    assert post_comes() == []
    ask_mail(NEW)
    assert len(post_comes()) == 1


def test_a_new_address_ends_the_sessions_that_the_old_one_opened_but_not_the_owners(cast: Cast) -> None:
    client, _person = joined(cast)
    browser().post(link_in(post_comes()[0]))
    ask_mail(EMAIL)
    stranger = browser()
    stranger.post(link_in(post_comes()[0]))
    assert stranger.get(reverse("feed")).status_code == 200
    change(client, NEW)
    (question,) = post_comes()

    client.post(link_in(question))

    assert client.get(reverse("feed")).status_code == 200
    assert stranger.get(reverse("feed")).status_code == 302


def test_who_joined_without_may_give_an_address_later_and_keeps_the_key(cast: Cast) -> None:
    client = browser()
    post = letter(cast)
    person, key = join_by_own_key(client, post.code)

    change(client, EMAIL)
    client.post(link_in(post_comes()[-1]))

    person.refresh_from_db()
    assert (person.email, person.email_confirmed_at is not None) == (EMAIL, True)
    back = browser()
    back.post(reverse("sign_in_letter"), {"code": post.code, "own_key": key})
    assert signed_in(back) == person


def test_what_is_no_address_is_said_and_kept(cast: Cast) -> None:
    client, person = joined(cast)

    answers = [client.post(reverse("change_email"), {"email": typed}) for typed in ("", "jan@", "jan@\x00.be")]

    assert {answer.status_code for answer in answers} == {422}
    assert 'value="jan@"' in text_of(answers[1])
    person.refresh_from_db()
    assert person.email == EMAIL


def test_changing_is_limited_and_only_for_who_is_inside(cast: Cast) -> None:
    client, _person = joined(cast)
    for number in range(6):
        change(client, f"{number}@post.example")

    answer = client.post(reverse("change_email"), {"email": NEW})

    assert answer.status_code == 429
    assert f'value="{NEW}"' in text_of(answer)
    assert browser().get(reverse("change_email"))["Location"].startswith(reverse("sign_in"))
    suspended = browser()
    suspended.force_login(cast["suspended"], backend="stoep.people.backend.PersonBackend")
    assert suspended.post(reverse("change_email"), {"email": NEW})["Location"] == reverse("suspended")


class TestTheOldAddressHearsOfIt:
    def test_once_plainly_and_without_the_new_one(self, cast: Cast) -> None:
        client, person = joined(cast)
        browser().post(link_in(post_comes()[0]))
        change(client, NEW)
        (question,) = post_comes()
        assert post_comes() == [], "a change that was only asked for is none"

        pressed = [browser().post(link_in(question)).status_code for _each in range(2)]

        (mail,) = post_comes()
        assert pressed == [200, 200]
        assert (mail.recipient, mail.person, mail.subject) == (EMAIL, person, "Your e-mail address was changed")
        for body in (mail.text, mail.html):
            assert "Was it not you? Tell us at once." in body
            assert f"Call {PHONE}." in body
            assert NEW not in body
            assert "http" not in body

    def test_not_when_it_was_never_confirmed_nor_when_it_stays_the_same(self, cast: Cast) -> None:
        mistyped, _person = joined(cast, email="jan@psot.example")
        post_comes()
        for same in (EMAIL, EMAIL.upper()):
            change(mistyped, same)
            (question,) = post_comes()
            browser().post(link_in(question))

        assert post_comes() == []


class TestOneAddressIsNotFlooded:
    """Whoever asks; and who asks learns nothing of it."""

    def changed(self, cast: Cast, count: int, to: str) -> list[tuple[int, str]]:
        """Newcomers who each give this address as theirs; what they are answered."""
        names = "abcdefgh"[:count]
        clients = [joined(cast, name=f"Jan Maes{name}", email=f"{name}@post.example")[0] for name in names]
        post_comes()
        answers = [one.post(reverse("change_email"), {"email": to}) for one in clients]
        return [(one.status_code, self.without_secrets(text_of(one), to)) for one in answers]

    def without_secrets(self, page: str, address: str) -> str:
        page = re.sub(r'(csrfmiddlewaretoken" value|X-CSRFToken)[^>]+>', "", page.replace(address, "…"))
        return re.sub(r"Jan Maes\w?", "Jan", page)

    def test_five_questions_an_hour_and_the_page_does_not_say(self, cast: Cast) -> None:
        answers = self.changed(cast, 7, "victim@post.example")

        assert answers == [(200, answers[0][1])] * 7
        assert [mail.recipient for mail in post_comes()] == ["victim@post.example"] * 5

    def test_a_member_and_nobody_are_answered_alike_also_after_both_asked_to_come_in(self, cast: Cast) -> None:
        member(cast, name="Nora Daems", email="nora@post.example")
        for address in ("nora@post.example", "nobody@post.example"):
            for at in range(25):
                browser(network=f"198.51.100.{at}").post(reverse("sign_in"), {"email": address})
        post_comes()

        client, _person = joined(cast)

        assert "nora@post.example" in change(client, "nora@post.example")
        assert "nobody@post.example" in change(client, "nobody@post.example")

    def test_changes_use_up_no_mails_of_who_comes_back(self, cast: Cast) -> None:
        nora = member(cast, name="Nora Daems", email="nora@post.example")
        self.changed(cast, 7, nora.email)
        post_comes()

        ask_mail(nora.email)

        assert [mail.person for mail in post_comes() if mail.kind == "joining/mail/sign_in"] == [nora]

    def test_a_mistyped_address_is_mended_though_it_is_asked_no_more(self, cast: Cast) -> None:
        self.changed(cast, 5, NEW)
        client, person = joined(cast, email="jan@psot.example")
        wrong = next(mail for mail in post_comes() if mail.recipient == "jan@psot.example")

        change(client, NEW)

        person.refresh_from_db()
        assert (person.email, post_comes()) == (NEW, [])
        assert browser().post(link_in(wrong)).status_code == 410

    def test_the_next_city_counts_for_itself(self, cast: Cast) -> None:
        self.changed(cast, 6, NEW)
        post_comes()
        there = browser(host="buurt.diepenbeek.example")
        join_by_email(there, letter(cast, neighbourhood="Rooierheide").code, email="jan@psot.example")
        post_comes()

        change(there, NEW)

        assert [mail.recipient for mail in post_comes()] == [NEW]


def test_the_database_keeps_no_address_that_can_be_read(cast: Cast) -> None:
    _client, person = joined(cast)
    raw = Person.objects.raw("SELECT id, email AS sealed FROM people_person WHERE id = %s", [person.pk])[0]
    asked = browser()
    asked.post(reverse("sign_in"), {"email": EMAIL})

    assert EMAIL not in raw.sealed  # type: ignore[attr-defined]  # a column of this statement
    assert EMAIL not in str(dict(asked.session.items()))
    assert Ticket.objects.filter(person=person).exists()
