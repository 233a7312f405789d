"""A mobile number as a way in and back, asked about once; and a number for emergencies, kept only with a yes."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from stoep.common import clock
from stoep.delivery.models import Mail, TextMessage
from stoep.joining.models import LetterCode, Ticket
from stoep.joining.phones import NumberRefused, read_number
from stoep.joining.tests.door import (
    browser,
    choose_email,
    letter,
    member,
    other_than,
    person_in,
    post_comes,
    signed_in,
    text_of,
    texts,
    type_code,
    type_name,
)
from stoep.joining.tests.test_inviting import as_
from stoep.joining.tests.test_vouching import home_of
from stoep.operations.cast import Cast
from stoep.people.data_map import taken_back
from stoep.people.models import Consent, Person, Phone

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still_clock")]
NUMBER, TYPED = "+32470123456", "0470 12 34 56"


def choose_sms(client: Client, number: str = TYPED, **more: str) -> int:
    return client.post(reverse("join_contact"), {"way": "sms", "number": number, **more}).status_code


def link_of(text: TextMessage) -> str:
    found = re.search(r"https?://[^/\s]+(/\S+/)", text.words)
    assert found is not None, text.words
    return found[1]


def digits_of(text: TextMessage) -> str:
    found = re.search(r"\b(\d{3} \d{3})\b", text.words)
    assert found is not None, text.words
    return found[1]


def texted_member(cast: Cast, *, confirmed: bool = True) -> Person:
    """Somebody who joined with a number."""
    client = browser()
    type_code(client, letter(cast).code)
    type_name(client, "Sam Sms")
    assert choose_sms(client) == 302
    if confirmed:
        browser().post(link_of(texts()[-1]))
    return person_in(client)


def ask_text(client: Client, number: str = TYPED, **more: str) -> list[TextMessage]:
    before = {text.pk for text in texts()}
    assert client.post(reverse("sign_in_text"), {"number": number, **more}).status_code == 302
    return [text for text in texts() if text.pk not in before]


def test_who_joins_with_a_number_is_asked_once_whether_it_is_theirs(cast: Cast) -> None:
    person = texted_member(cast, confirmed=False)
    (question,) = texts()
    assert question.recipient == NUMBER
    assert "is this your number?" in question.words
    assert "Sam" not in question.words
    phone = Phone.objects.get(person=person)
    assert (phone.number, phone.confirmed_at, person.password) == (NUMBER, None, "")

    page = browser().get(link_of(question))
    assert "+32 470 12 34 56" in text_of(page)
    phone.refresh_from_db()
    assert phone.confirmed_at is None, "looking is not answering"
    assert "Now we can reach you." in text_of(browser().post(link_of(question)))
    phone.refresh_from_db()
    assert phone.confirmed_at is not None


def test_by_the_link_or_by_the_digits_one_comes_back_in_any_browser(cast: Cast) -> None:
    person = texted_member(cast)
    (text,) = ask_text(browser())
    by_link = browser()
    assert by_link.get(link_of(text)).status_code == 200
    by_link.post(link_of(text))
    assert person_in(by_link) == person
    (text,) = ask_text(browser())
    by_digits = browser(network="198.51.100.7")
    given = {"number": "+32 470 12 34 56", "code": digits_of(text)}
    assert by_digits.post(reverse("sign_in_text_code"), given).status_code == 302
    assert person_in(by_digits) == person
    assert browser().post(reverse("sign_in_text_code"), given).status_code == 422, "once"


def test_the_answer_is_the_same_whether_or_not_anybody_has_the_number(cast: Cast) -> None:
    texted_member(cast)

    def answer(number: str) -> tuple[str, str]:
        client = browser(network=f"192.0.2.{number[-2:]}")
        first = client.post(reverse("sign_in_text"), {"number": number})
        page = text_of(client.get(first.headers["Location"]))
        page = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", page)
        wrong = text_of(client.post(reverse("sign_in_text_code"), {"number": number, "code": "111 112"}))
        wrong = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", wrong)
        return page.replace(number, ""), wrong.replace(number, "")

    assert answer("+32 470 12 34 56") == answer("+32 470 12 34 57")


def test_who_has_not_said_that_it_is_theirs_is_asked_that_first(cast: Cast) -> None:
    person = texted_member(cast, confirmed=False)
    (text,) = ask_text(browser())
    assert "is this your number?" in text.words
    assert not Ticket.objects.filter(person=person, purpose="sign_in").exists()


def test_digits_work_for_twenty_minutes_and_five_tries(cast: Cast) -> None:
    texted_member(cast)
    (text,) = ask_text(browser())
    right, wrong = digits_of(text), other_than(digits_of(text))
    for _each in range(5):
        browser().post(reverse("sign_in_text_code"), {"number": TYPED, "code": wrong})
    given = {"number": TYPED, "code": right}
    assert browser().post(reverse("sign_in_text_code"), given).status_code == 429
    with clock.frozen(clock.now() + timedelta(minutes=21)):
        assert browser().post(reverse("sign_in_text_code"), given).status_code == 422


def test_a_network_asks_for_few_texts_and_a_number_gets_few(cast: Cast) -> None:
    texted_member(cast)
    client = browser(network="198.51.100.1")
    for _each in range(10):
        client.post(reverse("sign_in_text"), {"number": TYPED})
    assert client.post(reverse("sign_in_text"), {"number": TYPED}).status_code == 429
    assert len([text for text in texts() if text.kind == "joining/sms/sign_in"]) == 5
    for at in range(8):
        ask_text(browser(network=f"203.0.113.{at}"))
    assert len([text for text in texts() if text.kind == "joining/sms/sign_in"]) == 10


def test_a_number_of_another_city_brings_nobody_in_here(cast: Cast) -> None:
    texted_member(cast)
    client = browser(host="buurt.diepenbeek.example")
    assert ask_text(client) == []


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("12", "number"),
        ("zomaar", "number"),
        ("+1 202 555 0123", "region"),
        ("011 23 99 99", "mobile"),
        ("9" * 40, "number"),
    ],
    ids=["short", "words", "far away", "landline", "long"],
)
def test_what_cannot_be_texted_is_refused_with_words_and_stays_typed(cast: Cast, typed: str, reason: str) -> None:
    with pytest.raises(NumberRefused, match=reason):
        read_number(typed, "BE")
    client = browser()
    type_code(client, letter(cast).code)
    type_name(client)
    answer = client.post(reverse("join_contact"), {"way": "sms", "number": typed})
    assert answer.status_code == 422
    assert typed in text_of(answer)
    assert Phone.objects.count() == 0


@pytest.mark.parametrize(
    ("typed", "country", "read"),
    [("0470/12.34.56", "BE", NUMBER), ("0032 470 123456", "BE", NUMBER), ("06 12345678", "NL", "+31612345678")],
    ids=["slashes", "zeros", "Dutch"],
)
def test_a_number_is_read_as_people_of_that_country_write_it(typed: str, country: str, read: str) -> None:
    assert read_number(typed, country) == read


def test_chosen_and_left_empty_the_form_says_so(cast: Cast) -> None:
    client = browser()
    type_code(client, letter(cast).code)
    type_name(client)
    answer = client.post(reverse("join_contact"), {"way": "sms", "number": ""})
    assert "Type your mobile number" in text_of(answer)
    assert choose_email(client).status_code == 302


def test_where_no_provider_is_nobody_is_offered_a_text(cast: Cast, settings: Settings) -> None:
    settings.IS_REHEARSAL = False
    settings.SMS = {**settings.SMS, "url": ""}
    client = browser()
    type_code(client, letter(cast).code)
    type_name(client)
    assert "SMS" not in text_of(client.get(reverse("join_contact")))
    assert choose_sms(client) == 422
    assert reverse("sign_in_text") not in text_of(browser().get(reverse("sign_in")))
    assert browser().get(reverse("sign_in_text")).headers["Location"].startswith(reverse("sign_in"))


def test_number_and_its_hash_do_not_betray_it(cast: Cast) -> None:
    texted_member(cast)
    with connection.cursor() as cursor:
        cursor.execute("SELECT p::text FROM people_phone p UNION ALL SELECT t::text FROM joining_ticket t")
        rows = " ".join(row[0] for row in cursor.fetchall())
    assert "470123456" not in rows


def test_nobody_else_sees_a_number(cast: Cast) -> None:
    texted_member(cast)
    for who in ("neighbour", "editor", "city-admin"):
        assert "470" not in text_of(as_(cast[who]).get(reverse("settings")))


def test_a_new_number_opens_only_when_it_was_confirmed_and_closes_the_old(cast: Cast) -> None:
    person = texted_member(cast)
    client, elsewhere = as_(person), as_(person)
    assert client.post(reverse("my_phone"), {"purpose": "reach", "number": "0471 12 34 56"}).status_code == 302
    question = texts()[-1]
    assert question.recipient == "+32471123456"
    assert Phone.objects.get(person=person).number == NUMBER
    client.post(link_of(question))
    assert Phone.objects.get(person=person).number == "+32471123456"
    assert signed_in(elsewhere) is not None
    assert elsewhere.get("/").status_code == 302, "sessions that the old number opened end"
    assert ask_text(browser()) == []


def test_a_number_is_deleted_at_once(cast: Cast) -> None:
    person = texted_member(cast)
    as_(person).post(reverse("forget_phone"), {"purpose": "reach"})
    assert not Phone.objects.exists()
    assert ask_text(browser()) == []


def test_a_number_for_emergencies_is_kept_with_a_yes_and_goes_with_it(cast: Cast) -> None:
    marie = cast["neighbour"]
    client = as_(marie)
    assert client.post(reverse("my_phone"), {"purpose": "emergency", "number": "011 23 99 99"}).status_code == 302
    phone = Phone.objects.get(person=marie)
    assert (phone.purpose, phone.number) == ("emergency", "+3211239999")
    consent = Consent.objects.get(person=marie, purpose="emergency_phone")
    assert (consent.form, consent.withdrawn_at) == ("my_phone", None)
    assert texts() == []
    assert ask_text(browser(), "0470 12 34 56") == []

    client.post(reverse("forget_phone"), {"purpose": "emergency"})
    consent.refresh_from_db()
    assert not Phone.objects.exists()
    assert consent.withdrawn_at is not None

    client.post(reverse("my_phone"), {"purpose": "emergency", "number": "0470 12 34 56"})
    assert ask_text(browser()) == [], "it is no way in"
    taken_back()["emergency_phone"](marie, clock.now())
    assert not Phone.objects.exists()


def test_who_has_no_mail_hears_by_text_that_somebody_joined_with_a_letter_of_their_address(cast: Cast) -> None:
    first = texted_member(cast)
    home = home_of(first).household
    assert home is not None
    post = letter(cast, at=0)
    LetterCode.objects.filter(pk=post.row.pk).update(address=home.address_id)
    member(cast, code=post.code, name="Later Gekomen")

    told = [text for text in texts() if text.kind == "joining/sms/household_joined"]
    assert [text.person for text in told] == [first]
    assert "Later" not in told[0].words
    post_comes()
    assert len([text for text in texts() if text.kind == "joining/sms/household_joined"]) == 1
    assert not Mail.objects.filter(kind="joining/mail/household_joined").exists()


def test_who_has_only_a_number_shows_by_texted_digits_that_it_is_them(cast: Cast) -> None:
    client = as_(texted_member(cast))
    assert client.get(reverse("prove")).status_code == 200
    client.post(reverse("prove"), {"mail": "1"})
    digits = digits_of(texts()[-1])
    assert client.post(reverse("prove"), {"code": other_than(digits)}).status_code == 422
    assert client.post(reverse("prove"), {"code": digits, "next": "/"}).status_code == 302


def test_who_left_and_comes_back_by_text_is_asked_whether_they_stay(cast: Cast) -> None:
    person = texted_member(cast)
    Person.objects.filter(pk=person.pk).update(left_at=clock.now())
    (text,) = ask_text(browser())
    given = {"number": TYPED, "code": digits_of(text)}
    answer = browser().post(reverse("sign_in_text_code"), given)
    assert (answer.status_code, answer.headers["Location"]) == (302, reverse("come_back"))
