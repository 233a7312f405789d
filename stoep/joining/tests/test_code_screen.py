"""The first screen: what counts as the code, what each refusal says, and that nothing typed is lost."""

from datetime import timedelta

import pytest
from django.urls import reverse

from stoep.common import clock
from stoep.joining import begun, codes
from stoep.joining.forms import CODE_REASONS
from stoep.joining.models import LetterCode
from stoep.joining.tests.door import (
    PHONE,
    browser,
    join_by_email,
    letter,
    letter_for,
    person_in,
    signed_in,
    text_of,
    type_code,
)
from stoep.operations.cast import Cast
from stoep.people.models import Person
from stoep.places.models import Address, Neighbourhood

pytestmark = pytest.mark.usefixtures("still_clock")


def spoken(code: str) -> list[str]:
    """The ways in which one code is typed."""
    forgiven = code.replace("0", "O").replace("1", "l")
    return [
        code,
        codes.shown(code),
        f"  {code[:4]}-{code[4:8]}–{code[8:]} ",
        f"{code[:4]}.{code[4:8]}.{code[8:]}",
        codes.shown(forgiven),
    ]


@pytest.mark.parametrize("way", range(5))
def test_the_code_is_understood_however_it_is_typed(cast: Cast, way: int) -> None:
    post = letter(cast)
    client = browser()

    answer = type_code(client, spoken(post.code)[way])

    assert (answer.status_code, answer["Location"]) == (302, reverse("join_name"))
    assert "You live in Koorstraat, in Kermt." in text_of(client.get(reverse("join_name")))


def refused(code: str, reason: str) -> None:
    """The screen says why, keeps what was typed, tells whom to call, and lets nobody further."""
    client = browser()

    answer = type_code(client, code)

    page = text_of(answer)
    assert answer.status_code == 422
    assert str(CODE_REASONS[reason]) in page
    assert f'value="{code}"' in page
    assert PHONE in page
    assert "data-error-summary" in page
    assert client.get(reverse("join_name"))["Location"] == reverse("join")
    assert client.get(reverse("join_contact"))["Location"] == reverse("join")


@pytest.mark.parametrize("typed", ["1", "4829 1736 550", "4829 1736 5501 2", "no idea", "4829 1736 55x1"])
def test_a_wrong_length_is_said(cast: Cast, typed: str) -> None:
    del cast
    refused(typed, "length")


def test_nothing_typed_is_said(cast: Cast) -> None:
    del cast

    answer = type_code(browser(), "   ")

    assert answer.status_code == 422
    assert "Type the code from your letter." in text_of(answer)


def test_a_typing_error_is_told_from_a_code_that_nobody_has(cast: Cast) -> None:
    code = letter(cast).code
    typo = code[:5] + str((int(code[5]) + 1) % 10) + code[6:]

    refused(codes.shown(typo), "typo")
    refused(codes.shown(codes.new_codes(1)[0]), "unknown")


def test_an_expired_code_and_a_withdrawn_one_are_too_old(cast: Cast) -> None:
    now = clock.now()

    refused(letter(cast, expires_at=now - timedelta(seconds=1)).shown, "expired")
    refused(letter(cast, withdrawn_at=now).shown, "expired")


def test_a_code_works_until_its_last_moment(cast: Cast) -> None:
    now = clock.now()
    post = letter(cast, expires_at=now + timedelta(days=90))

    with clock.frozen(now + timedelta(days=90) - timedelta(seconds=1)):
        assert type_code(browser(), post.code).status_code == 302
    with clock.frozen(now + timedelta(days=90)):
        refused(post.shown, "expired")


def test_a_code_whose_address_was_erased_is_too_old(cast: Cast) -> None:
    post = letter(cast)
    LetterCode.objects.filter(pk=post.row.pk).update(address=None)

    refused(post.shown, "expired")


def test_eight_people_and_no_more(cast: Cast) -> None:
    assert type_code(browser(), letter(cast, uses=7).code).status_code == 302
    refused(letter(cast, uses=8).shown, "full")


@pytest.mark.parametrize("state", ["planned", "paused"])
def test_a_closed_neighbourhood_is_said_and_opens_later(cast: Cast, state: str) -> None:
    post = letter(cast, neighbourhood="Stevoort")
    Neighbourhood.objects.filter(name="Stevoort").update(state=state)

    refused(post.shown, "closed")

    Neighbourhood.objects.filter(name="Stevoort").update(state="open")
    assert type_code(browser(), post.code).status_code == 302


def test_a_pilot_neighbourhood_lets_in(cast: Cast) -> None:
    Neighbourhood.objects.filter(name="Stevoort").update(state="pilot")

    assert type_code(browser(), letter(cast, neighbourhood="Stevoort").code).status_code == 302


def test_an_address_that_is_gone_or_without_a_place_opens_nothing(cast: Cast) -> None:
    gone, lost = list(Address.objects.filter(neighbourhood=cast.neighbourhoods["Tuilt"]).order_by("id"))[-2:]
    letters = [letter_for(gone), letter_for(lost)]
    Address.objects.filter(pk=gone.pk).update(retired_at=clock.now())
    Address.objects.filter(pk=lost.pk).update(neighbourhood=None)

    for post in letters:
        refused(post.shown, "closed")


def test_a_code_of_another_city_is_unknown_here(cast: Cast) -> None:
    post = letter(cast, neighbourhood="Rooierheide")

    refused(post.shown, "unknown")

    there = browser(host="buurt.diepenbeek.example")
    assert type_code(there, post.code).status_code == 302


def test_a_code_goes_no_further_on_the_host_of_another_city(cast: Cast) -> None:
    """A session carried over by hand: its code means nothing there."""
    client = browser()
    type_code(client, letter(cast).code)

    answer = client.get(reverse("join_name"), headers={"host": "buurt.diepenbeek.example"})

    assert answer["Location"] == reverse("join")
    assert client.get(reverse("join_name")).status_code == 200


def test_too_many_wrong_codes_close_the_door_also_for_the_right_one(cast: Cast) -> None:
    post = letter(cast)
    client = browser()
    for code in codes.new_codes(10):
        assert type_code(client, code).status_code == 422

    answer = type_code(client, post.code)

    assert answer.status_code == 429
    assert "Too many tries." in text_of(answer)
    assert PHONE in text_of(answer)
    assert f'value="{post.code}"' in text_of(answer)
    with clock.frozen(clock.now() + timedelta(hours=1)):
        assert type_code(client, post.code).status_code == 302


def test_typing_errors_close_nothing(cast: Cast) -> None:
    post = letter(cast)
    client = browser()
    typo = post.code[:-1] + str((int(post.code[-1]) + 1) % 10)
    for typed in [typo] * 15 + ["4829"] * 15:
        assert type_code(client, typed).status_code == 422

    assert type_code(client, post.code).status_code == 302


def test_right_codes_close_nothing(cast: Cast) -> None:
    """A library has one address for everybody."""
    post = letter(cast)

    assert {type_code(browser(), post.code).status_code for _each in range(15)} == {302}


def test_going_back_shows_the_code_and_the_name_again(cast: Cast) -> None:
    post = letter(cast)
    client = browser()
    type_code(client, post.code)
    client.post(reverse("join_name"), {"name": "Jan Maes"})

    assert f'value="{post.shown}"' in text_of(client.get(reverse("join")))
    assert 'value="Jan Maes"' in text_of(client.get(reverse("join_name")))
    assert type_code(client, post.code).status_code == 302
    assert 'value="Jan Maes"' in text_of(client.get(reverse("join_name")))


def test_the_session_is_a_new_one_once_a_code_was_good(cast: Cast) -> None:
    """Who planted a session in somebody's browser does not come along."""
    client = browser()
    client.get(f"/q/{letter(cast).code}/")
    before = client.session.session_key

    type_code(client, letter(cast).code)

    assert before
    assert client.session.session_key != before
    assert not client.session.exists(before)


def test_who_is_inside_is_told_so_and_may_sign_out_for_somebody_else(cast: Cast) -> None:
    client = browser()
    join_by_email(client, letter(cast).code)

    page = text_of(client.get(reverse("join")))

    assert "You are in already, Jan Maes" in page
    assert reverse("sign_out") in page
    second = letter(cast, street="Diestersteenweg")
    assert type_code(client, second.code).status_code == 200
    assert client.get(reverse("join_name"))["Location"] == reverse("join")
    assert client.post(reverse("join_name"), {"name": "An Maes"})["Location"] == reverse("join")
    assert client.post(reverse("join_contact"), {"way": "none"})["Location"] == reverse("feed") + "?welcome"
    assert person_in(client).name == "Jan Maes"
    assert LetterCode.objects.get(pk=second.row.pk).uses == 0


def test_the_square_on_the_letter_fills_in_the_code_and_uses_nothing_up(cast: Cast) -> None:
    post = letter(cast)
    client = browser(enforce_csrf_checks=True)

    for _each in range(12):
        answer = client.get(f"/q/{post.code}/")
        assert (answer.status_code, answer["Location"]) == (302, reverse("join"))
        assert answer["Referrer-Policy"] == "no-referrer"
        assert "no-store" in answer["Cache-Control"]

    page = client.get(reverse("join"))
    assert f'value="{post.shown}"' in text_of(page)
    assert "Is this the code from your letter?" in text_of(page)
    assert post.code not in page.request["PATH_INFO"]
    # Browsers send no origin from a page without referrer, and then no form arrives: so this page has one.
    assert page["Referrer-Policy"] == "same-origin"
    assert LetterCode.objects.get(pk=post.row.pk).uses == 0
    assert signed_in(client) is None
    assert not Person.objects.filter(code_use__code=post.row).exists()


class TestACodeThatWasOnlyScanned:
    def test_it_is_forgotten_after_an_hour_with_the_session_that_held_nothing_else(self, cast: Cast) -> None:
        post, now = letter(cast), clock.now()
        client = browser()
        client.get(f"/q/{post.code}/")

        with clock.frozen(now + timedelta(minutes=59)):
            assert f'value="{post.shown}"' in text_of(client.get(reverse("join")))
        assert client.session.get_expiry_date() == now + timedelta(hours=1)
        with clock.frozen(now + timedelta(hours=1)):
            assert post.shown not in text_of(client.get(reverse("join")))

    def test_who_goes_on_with_it_finds_it_for_a_fortnight(self, cast: Cast) -> None:
        post, now = letter(cast), clock.now()
        client = browser()
        client.get(f"/q/{post.code}/")
        assert type_code(client, post.code).status_code == 302

        assert 13 * 24 * 3600 < client.session.get_expiry_age() <= 14 * 24 * 3600
        with clock.frozen(now + timedelta(days=13)):
            assert f'value="{post.shown}"' in text_of(client.get(reverse("join")))
            assert client.get(reverse("join_name")).status_code == 200

    def test_who_had_gone_on_with_another_loses_nothing_but_the_scanned_one(self, cast: Cast) -> None:
        first, second, now = letter(cast), letter(cast), clock.now()
        client = browser()
        type_code(client, first.code)
        client.get(f"/q/{second.code}/")
        assert f'value="{second.shown}"' in text_of(client.get(reverse("join")))

        with clock.frozen(now + timedelta(hours=1)):
            assert second.shown not in text_of(client.get(reverse("join")))
            assert client.get(reverse("join_name")).status_code == 200
        assert begun.SHOWN not in client.session

    def test_who_asks_for_a_mail_instead_takes_it_no_further(self, cast: Cast) -> None:
        post = letter(cast)
        client = browser()
        client.get(f"/q/{post.code}/")

        client.post(reverse("sign_in"), {"email": "jan@post.example"})

        assert begun.SHOWN not in client.session
        assert post.shown not in text_of(client.get(reverse("join")))


@pytest.mark.parametrize("code", ["x", "1234", "%F0%9F%98%80", "../../etc/passwd", "1" * 3000, "4829%201736%205500"])
def test_an_odd_square_leads_to_the_empty_first_screen_or_to_what_it_says(cast: Cast, code: str) -> None:
    del cast
    client = browser()

    answer = client.get(f"/q/{code}/")

    assert answer.status_code == 302
    assert client.get(reverse("join")).status_code == 200


def test_a_good_code_leaves_no_trace_that_can_be_read_in_the_database(cast: Cast) -> None:
    post = letter(cast)
    client = browser()
    type_code(client, post.code)

    kept = str(dict(client.session.items()))

    assert post.code not in kept
    assert post.shown not in kept
    assert not LetterCode.objects.filter(code_hash=post.code).exists()


def test_who_has_no_code_reads_how_to_get_one(cast: Cast) -> None:
    del cast

    page = text_of(browser().get(reverse("no_code")))

    assert PHONE in page
    assert "We never say whether somebody has joined at an address." in page


def test_the_pages_speak_four_languages(cast: Cast) -> None:
    del cast
    for language in ("nl", "fr", "en", "de"):
        answer = browser(language=language).get(reverse("join"))
        assert answer["Content-Language"] == language
        assert f'<html lang="{language}"' in text_of(answer)
