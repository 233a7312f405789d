"""As the letter promises: who wants no more letters gets none, without a name or a reason."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from stoep.access.models import AccessLog
from stoep.common import clock
from stoep.joining.asking import place_request
from stoep.joining.models import LetterCode, LetterRequest, NoLetters
from stoep.joining.tests.door import browser, letter_for, text_of
from stoep.operations.cast import Cast
from stoep.people.models import Person
from stoep.places.models import Address
from stoep.rollout.letter_runs import doors_of
from stoep.rollout.tests.letter_rounds import fetch, made, ordered, rows_of

pytestmark = pytest.mark.django_db
SignIn = Callable[[Client, Person], Client]


@pytest.fixture
def door(cast: Cast) -> Address:
    del cast
    return Address.objects.select_related("street").get(street__name="Koorstraat", number="11")


def tell(code: str, *, network: str = "192.0.2.7", **words: str) -> Any:
    return browser(network=network).post(reverse("no_letters"), {"code": code, **words})


def gets_letters(door: Address) -> bool:
    return doors_of(door.municipality).filter(pk=door.pk).exists()


def test_with_the_code_the_next_round_passes_the_letterbox_by(cast: Cast, manager: Client, door: Address) -> None:
    letter = letter_for(door)
    everybody = doors_of(cast.cities["hasselt"]).count()
    answer = tell(letter.shown)
    assert answer.headers["Location"] == "/no-letters/?stopped"
    assert "no more of these letters" in text_of(browser().get(answer.headers["Location"]))
    run = made(ordered(manager, where="city"))
    addressed = {row["street_line"] for row in rows_of(fetch(manager, run))}
    assert run.letter_count == everybody - 1
    assert f"{door}" not in addressed
    assert "Koorstraat 1" in addressed, "the neighbours get theirs"


def test_they_come_again_when_asked_for_and_twice_is_once(door: Address) -> None:
    letter = letter_for(door)
    for _each in range(2):
        tell(letter.code)
        assert not gets_letters(door)
    assert NoLetters.objects.count() == 1
    for _each in range(2):
        assert tell(letter.code, wish="again").headers["Location"] == "/no-letters/?again"
        assert gets_letters(door)


def test_an_old_letter_speaks_for_its_letterbox_too_and_a_withdrawn_one_does_not(door: Address) -> None:
    long_ago = clock.now() - timedelta(days=400)
    stolen = letter_for(door, withdrawn_at=clock.now())
    assert tell(stolen.code).status_code == 422
    assert gets_letters(door)
    old = letter_for(door, created_at=long_ago, expires_at=long_ago + timedelta(days=90))
    assert tell(old.code).status_code == 302
    assert not gets_letters(door)


@pytest.mark.parametrize("typed", ["", "4829", "482917365502", "000000000000"])
def test_a_code_that_is_none_is_explained_and_stays_in_the_field(typed: str, door: Address) -> None:
    answer = tell(typed)
    assert answer.status_code == 422
    assert "error-summary" in text_of(answer)
    assert f'value="{typed}"' in text_of(answer) or not typed
    assert gets_letters(door)


def test_guessing_is_slowed_as_at_the_door(door: Address) -> None:
    wrong = [letter_for(door) for _each in range(11)]
    LetterCode.objects.all().delete()
    answers = [tell(each.code).status_code for each in wrong]
    assert answers == 10 * [422] + [429]


def test_the_code_still_lets_in_whoever_lives_there(door: Address) -> None:
    letter = letter_for(door)
    tell(letter.code)
    assert browser().post(reverse("join"), {"code": letter.code}).status_code == 302


def test_it_outlives_a_register_in_which_the_door_is_a_new_row(cast: Cast, door: Address) -> None:
    tell(letter_for(door).code)
    Address.objects.filter(pk=door.pk).update(number="old", retired_at=clock.now())
    facts = {"street": door.street, "postcode": door.postcode, "number": "11", "neighbourhood": door.neighbourhood}
    anew = Address.objects.create(municipality=cast.cities["hasselt"], **facts)
    assert not gets_letters(anew)


def test_no_address_stands_in_the_list_of_those_who_want_none(door: Address) -> None:
    tell(letter_for(door).code)
    with connection.cursor() as cursor:
        cursor.execute("SELECT n::text FROM joining_noletters n")
        [(row,)] = cursor.fetchall()
    assert "Koor" not in row
    assert str(door.pk) not in row


def test_whoever_asks_for_one_letter_gets_it(cast: Cast, manager: Client, door: Address) -> None:
    tell(letter_for(door).code)
    visitor_city = cast.cities["hasselt"]
    request = LetterRequest.objects.create(
        municipality=visitor_city, street="Koorstraat", number="11", created_at=clock.now()
    )
    place_request(request.pk)
    run = made(ordered(manager, where="city"))
    assert f"{door}" in {row["street_line"] for row in rows_of(fetch(manager, run))}


@pytest.mark.parametrize("who", ["rollout", "city-admin", "desk"])
def test_staff_note_it_for_who_called_or_wrote(who: str, cast: Cast, sign_in: SignIn, door: Address) -> None:
    Person.objects.update(language="en")
    client = sign_in(Client(), cast[who])
    words = {"street": " koorstraat", "number": "11"}
    assert client.post(reverse("no_letters_to"), words).headers["Location"] == "/city/no-letters/?stopped"
    assert not gets_letters(door)
    assert AccessLog.objects.filter(person=cast[who], action="joining:letters:decline").count() == 1
    assert client.post(reverse("no_letters_to"), {**words, "wish": "again"}).status_code == 302
    assert gets_letters(door)
    nowhere = client.post(reverse("no_letters_to"), {"street": "Nergensstraat", "number": "1"})
    assert nowhere.status_code == 422
    assert "no such letterbox" in text_of(nowhere)
    abroad = client.post(reverse("no_letters_to"), {"street": "Heidestraat", "number": "1"})
    assert abroad.status_code == 422, "a door of another city is none of theirs"


@pytest.mark.parametrize(("who", "status"), [("editor", 403), ("analyst", 403), ("moderator", 403), ("neighbour", 404)])
def test_nobody_else_may(who: str, status: int, cast: Cast, sign_in: SignIn, door: Address) -> None:
    answer = sign_in(Client(), cast[who]).post(reverse("no_letters_to"), {"street": "Koorstraat", "number": "11"})
    assert answer.status_code == status
    assert gets_letters(door)
