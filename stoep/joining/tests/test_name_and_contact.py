"""The second and third screen: a name, a way to be reached, and then one stands inside."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from stoep.common import clock
from stoep.joining.forms import CODE_REASONS
from stoep.joining.models import CodeUse, LetterCode, ReturnCredential
from stoep.joining.tests.door import (
    EMAIL,
    PHONE,
    browser,
    choose_email,
    choose_none,
    join_by_email,
    join_by_own_key,
    letter,
    mails,
    person_in,
    post_comes,
    shown_own_key,
    signed_in,
    text_of,
    type_code,
    type_name,
)
from stoep.operations.cast import Cast
from stoep.people.models import Membership, Person
from stoep.people.real_names import NAME_REASONS
from stoep.places.models import Neighbourhood

pytestmark = pytest.mark.usefixtures("still_clock")

PASSWORD_OR_PICTURE = re.compile(r'type="(password|file|date)"|captcha', re.IGNORECASE)


def typed_fields(page: str) -> list[str]:
    """What somebody types or picks; hidden fields, and the choice of a language, are not asked of them."""
    return [
        name
        for tag, name in re.findall(r'(<(?:input|textarea|select)[^>]*name="([^"]+)"[^>]*>)', page)
        if 'type="hidden"' not in tag
    ]


def test_three_screens_three_fields_no_password(cast: Cast) -> None:
    client = browser()
    first = text_of(client.get(reverse("join")))
    type_code(client, letter(cast).code)
    second = text_of(client.get(reverse("join_name")))
    type_name(client)
    third = text_of(client.get(reverse("join_contact")))

    answer = choose_email(client)

    assert typed_fields(first) == ["code"]
    assert typed_fields(second) == ["name"]
    assert typed_fields(third) == ["way", "way", "way", "email", "number", "shared"]
    assert not any(PASSWORD_OR_PICTURE.search(page) for page in (first, second, third))
    assert answer["Location"] == reverse("feed") + "?welcome"


def test_the_second_screen_says_where_one_lives_without_the_number(cast: Cast) -> None:
    client = browser()
    type_code(client, letter(cast, street="Koorstraat").code)

    page = text_of(client.get(reverse("join_name")))

    assert "You live in Koorstraat, in Kermt. What is your name?" in page
    assert "Not your house number." in page
    assert not re.search(r"Koorstraat \d", page)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("Jan", "short"),
        ("J M", "short"),
        ("Jan M4es", "short"),
        ("jan@post.example", "short"),
        ("Stad Hasselt", "official"),
        ("Gemeente Hasselt", "official"),
        ("Kermt Politie", "official"),
        ("St4d H4sselt dienst", "short"),
        ("Ѕtad Наѕѕelt", "official"),
        ("Jan Maes 85073003328", "national_number"),
        ("\ufb2c" * 39 + " " + "\ufb2c" * 40, "long"),
    ],
)
def test_a_name_that_cannot_be_used_is_explained_and_kept(cast: Cast, name: str, reason: str) -> None:
    client = browser()
    type_code(client, letter(cast).code)

    answer = type_name(client, name)

    page = text_of(answer)
    assert answer.status_code == 422
    assert str(NAME_REASONS[reason]) in page
    assert f'value="{name}"' in page
    assert PHONE in page
    assert client.get(reverse("join_contact"))["Location"] == reverse("join_name")


@pytest.mark.parametrize(
    "name", ["Jan Burgemeester", "Lucía Fernández-Núñez", "王小明", "O'Brien Mc'Cormack", "An Van der Stadt"]
)
def test_ordinary_names_pass(cast: Cast, name: str) -> None:
    client = browser()
    type_code(client, letter(cast).code)
    answer = type_name(client, name if " " in name else f"{name} {name}")

    assert answer["Location"] == reverse("join_contact")


def test_nothing_given_is_said_on_both_screens(cast: Cast) -> None:
    client = browser()
    type_code(client, letter(cast).code)
    assert "Give your first and your last name." in text_of(type_name(client, "  "))
    type_name(client)

    nothing = client.post(reverse("join_contact"))
    no_email = choose_email(client, "")
    half = choose_email(client, "jan@")
    odd_way = client.post(reverse("join_contact"), {"way": "pigeon"})

    assert {answer.status_code for answer in (nothing, no_email, half, odd_way)} == {422}
    assert "Choose how we may reach you." in text_of(nothing)
    assert "Type your e-mail address, or choose “Rather not”." in text_of(no_email)
    assert "This is not a whole e-mail address." in text_of(half)
    assert 'value="jan@"' in text_of(half)
    assert all(PHONE in text_of(answer) for answer in (nothing, no_email, half, odd_way))
    assert signed_in(client) is None


def test_half_an_address_does_not_stand_in_the_way_of_rather_not(cast: Cast) -> None:
    client = browser()
    type_code(client, letter(cast).code)
    type_name(client)

    assert choose_none(client, email="jan@")["Location"] == reverse("own_key")


def test_nobody_skips_a_screen(cast: Cast) -> None:
    client = browser()
    assert client.get(reverse("join_name"))["Location"] == reverse("join")
    assert choose_email(client)["Location"] == reverse("join")
    type_code(client, letter(cast).code)
    assert choose_email(client)["Location"] == reverse("join_name")
    assert signed_in(client) is None


def test_with_e_mail_one_stands_in_the_feed_at_once(cast: Cast) -> None:
    kermt = cast.neighbourhoods["Kermt"]
    post = letter(cast, street="Koorstraat")
    client = browser()

    person = join_by_email(client, post.code)

    page = text_of(client.get(reverse("feed") + "?welcome"))
    assert f"Welcome Jan. Together you are {kermt.member_count + 1} neighbours." in page
    assert "Until then we mail you nothing else." in page
    membership = Membership.objects.get(person=person)
    assert (membership.neighbourhood_id, membership.proof, membership.standing) == (kermt.pk, "letter", "full")
    assert membership.shown_street is not None
    assert membership.shown_street.name == "Koorstraat"
    assert (person.email, person.email_confirmed_at, person.language) == (EMAIL, None, "en")
    assert LetterCode.objects.get(pk=post.row.pk).uses == 1
    assert Neighbourhood.objects.get(pk=kermt.pk).member_count == kermt.member_count + 1
    assert not ReturnCredential.objects.filter(person=person).exists()


def test_a_short_street_is_not_shown(cast: Cast) -> None:
    person = join_by_email(browser(), letter(cast, street="Heerstraat").code)

    assert Membership.objects.get(person=person).shown_street is None


def test_with_neither_one_writes_down_a_key_that_is_shown_once(cast: Cast) -> None:
    client = browser()
    type_code(client, letter(cast).code)
    type_name(client)

    assert choose_none(client)["Location"] == reverse("own_key")
    page = client.get(reverse("own_key"))
    key = shown_own_key(client)

    assert key in text_of(page)
    assert key == shown_own_key(client), "until it is written down it may be looked at again"
    assert client.post(reverse("own_key"))["Location"] == reverse("feed") + "?welcome"
    assert client.get(reverse("own_key"))["Location"] == reverse("feed") + "?welcome"
    person = person_in(client)
    assert (person.email, person.email_hash) == ("", "")
    assert ReturnCredential.objects.filter(person=person).count() == 1
    assert key.replace(" ", "") not in person.password
    assert mails() == []


def test_the_own_key_is_for_nobody_else(cast: Cast) -> None:
    join_by_own_key(browser(), letter(cast).code)

    assert browser().get(reverse("own_key"))["Location"].startswith(reverse("sign_in"))


def test_the_look_chosen_at_the_door_comes_along(cast: Cast) -> None:
    client = browser(language="fr")
    for name, value in (("language", "de"), ("look", "dark"), ("text_size", "xl")):
        client.post(reverse("preferences"), {name: value})

    person = join_by_email(client, letter(cast).code)

    assert (person.language, person.look, person.text_size) == ("de", "dark", "xl")


def test_one_letter_serves_the_whole_household_and_the_earlier_ones_hear_of_it_without_a_name(cast: Cast) -> None:
    post = letter(cast)
    first = join_by_email(browser(), post.code)
    Person.objects.filter(pk=first.pk).update(email_confirmed_at=clock.now())
    post_comes()

    second = join_by_email(browser(), post.code, name="Nora Maes", email="nora@post.example")
    told = [mail for mail in mails() if mail.kind == "joining/mail/household_joined"]

    assert [mail.person_id for mail in told] == [first.pk]
    words = told[0].subject + told[0].text + told[0].html
    assert "Somebody joined your neighbourhood with a letter from your address." in words
    assert "Nora" not in words
    assert PHONE in words
    homes = set(Membership.objects.filter(person__in=[first, second]).values_list("household", flat=True))
    assert len(homes) == 1
    assert LetterCode.objects.get(pk=post.row.pk).uses == 2


def test_who_lives_elsewhere_or_moved_out_hears_nothing(cast: Cast) -> None:
    post = letter(cast)
    first = join_by_email(browser(), post.code)
    Person.objects.filter(pk=first.pk).update(email_confirmed_at=clock.now())
    Membership.objects.filter(person=first).update(ended_at=clock.now())
    post_comes()

    join_by_email(browser(), post.code, name="Nora Maes", email="nora@post.example")

    assert [mail for mail in mails() if mail.kind == "joining/mail/household_joined"] == []


def test_the_ninth_is_told_on_the_last_screen_why(cast: Cast) -> None:
    post = letter(cast, uses=7)
    late = browser()
    type_code(late, post.code)
    type_name(late)
    join_by_email(browser(), post.code, name="Nora Maes")

    answer = choose_email(late)

    assert answer.status_code == 422
    assert str(CODE_REASONS["full"]) in text_of(answer)
    assert f'value="{post.shown}"' in text_of(answer)
    assert signed_in(late) is None
    assert str(CODE_REASONS["full"]) in text_of(late.get(reverse("join_name")))
    assert LetterCode.objects.get(pk=post.row.pk).uses == 8


def test_a_code_that_ran_out_on_the_way_is_told(cast: Cast) -> None:
    client = browser()
    type_code(client, letter(cast, expires_at=clock.now() + timedelta(days=3)).code)
    type_name(client)

    with clock.frozen(clock.now() + timedelta(days=3)):
        answers = [type_name(client), choose_email(client), client.get(reverse("join_contact"))]

    assert all(answer.status_code == 422 for answer in answers)
    assert all(str(CODE_REASONS["expired"]) in text_of(answer) for answer in answers)


def test_a_name_that_became_an_office_on_the_way_is_asked_again(cast: Cast) -> None:
    client = browser()
    type_code(client, letter(cast).code)
    type_name(client, "Jansen Dienst")
    Neighbourhood.objects.filter(name="Kermt").update(name="Jansen")

    assert choose_email(client)["Location"] == reverse("join_name")
    assert signed_in(client) is None


def test_after_a_refusal_the_other_way_still_opens(cast: Cast) -> None:
    """E-mail was tried with a code that was full; then with a fresh letter, and without e-mail."""
    full = letter(cast, uses=7)
    client = browser()
    type_code(client, full.code)
    type_name(client)
    join_by_email(browser(), full.code, name="Nora Maes")
    assert choose_email(client).status_code == 422
    type_code(client, letter(cast).code)

    assert choose_none(client)["Location"] == reverse("own_key")
    assert re.fullmatch(r"\d{3} \d{3}", shown_own_key(client))


class TestSentTwice:
    """A double click, a lost answer, the browser's back: one letter, one click too many, one person."""

    def test_the_last_screen_again_from_inside_leads_in(self, cast: Cast) -> None:
        post = letter(cast)
        client = browser()
        person = join_by_email(client, post.code)

        assert choose_email(client)["Location"] == reverse("feed") + "?welcome"
        assert client.get(reverse("join_contact"))["Location"] == reverse("feed") + "?welcome"
        assert person_in(client) == person
        assert CodeUse.objects.filter(code=post.row).count() == 1

    @pytest.mark.parametrize("way", ["email", "none"])
    def test_when_the_first_answer_got_lost_the_second_lets_in_the_same_person(self, cast: Cast, way: str) -> None:
        post = letter(cast)
        client = browser()
        again = self.last_screen(client, post.code)
        first = client.post(reverse("join_contact"), {"way": way, "email": EMAIL, "again": again})
        person = person_in(client)
        key = shown_own_key(client) if way == "none" else ""
        lost = browser()  # its session is gone, and the answer with the new one never came

        second = lost.post(reverse("join_contact"), {"way": way, "email": EMAIL, "again": again})

        assert second["Location"] == first["Location"]
        assert person_in(lost) == person
        assert LetterCode.objects.get(pk=post.row.pk).uses == 1
        assert way == "email" or shown_own_key(lost) == key

    def test_once_somebody_came_in_the_old_screen_opens_nothing(self, cast: Cast) -> None:
        client = browser()
        again = self.last_screen(client, letter(cast).code)
        choose_email(client, again=again)
        client.get(reverse("feed"))
        other = browser()

        answer = choose_email(other, again=again)

        assert answer["Location"] == reverse("join")
        assert signed_in(other) is None

    def test_nor_does_it_later_or_forged_or_before_anybody_joined(self, cast: Cast) -> None:
        early, client = browser(), browser()
        again = self.last_screen(client, letter(cast).code)
        assert choose_email(early, again=again)["Location"] == reverse("join")
        choose_email(client, again=again)
        person = person_in(client)

        with clock.frozen(clock.now() + timedelta(minutes=11)):
            assert choose_email(browser(), again=again)["Location"] == reverse("join")
        for forged in (str(person.pk), f"{person.pk} 123456", again[:-4] + "AAAA", "\x00", "é" * 5000):
            assert choose_email(browser(), again=forged)["Location"] == reverse("join")
        assert Person.objects.filter(name="Jan Maes").count() == 1

    def test_somebody_else_of_the_household_in_the_same_browser_is_a_second_person(self, cast: Cast) -> None:
        post = letter(cast)
        client = browser()
        first = join_by_email(client, post.code)
        client.post(reverse("sign_out"))

        second = join_by_email(client, post.code, name="Nora Maes", email="nora@post.example")

        assert first.pk != second.pk
        assert LetterCode.objects.get(pk=post.row.pk).uses == 2

    def last_screen(self, client: Client, code: str) -> str:
        type_code(client, code)
        type_name(client)
        found = re.search(r'name="again" value="([^"]+)"', text_of(client.get(reverse("join_contact"))))
        assert found is not None
        return found[1]


def test_what_a_visitor_told_is_kept_for_a_fortnight_and_gone_once_they_are_in(cast: Cast) -> None:
    client = browser()
    type_code(client, letter(cast).code)
    type_name(client)
    assert client.session.get_expiry_age() <= timedelta(days=14).total_seconds()
    with clock.frozen(clock.now() + timedelta(days=14, hours=1)):
        assert client.get(reverse("join_contact"))["Location"] == reverse("join")

    type_code(client, letter(cast).code)
    type_name(client)
    choose_email(client)

    kept = set(client.session.keys())
    assert not {key for key in kept if key.startswith(("join_", "sign_in_"))}
    assert client.session.get_expiry_age() > timedelta(days=364).total_seconds()
