"""Without a code there are honest ways, and none of them says whether an address or a member exists."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.urls import reverse

from stoep.common import clock
from stoep.joining.asking import SHOWN_FROM, asked_by_neighbourhood, asked_doors, forget_old_requests
from stoep.joining.models import LetterRequest
from stoep.joining.tests.door import PHONE, browser, post_comes, text_of
from stoep.joining.tests.test_inviting import as_
from stoep.operations.cast import Cast
from stoep.places.models import Address
from stoep.rollout.letter_runs import order_letters

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("cast", "still_clock")]


def ask(street: str, number: str, *, network: str = "192.0.2.7") -> tuple[int, str]:
    client = browser(network=network)
    answer = client.post(reverse("ask_letter"), {"street": street, "number": number})
    if answer.status_code != 302:
        return answer.status_code, text_of(answer)
    page = text_of(client.get(answer.headers["Location"]))
    return 302, re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", page)


def test_the_page_names_every_way() -> None:
    page = text_of(browser().get(reverse("no_code")))
    for words in ("Ask a neighbour", "Ask for a letter", PHONE, "Stadhuis van Hasselt", "werkdagen 9-17 u"):
        assert words in page
    assert reverse("ask_letter") in page


def test_the_answer_is_the_same_for_a_door_with_members_without_and_for_none() -> None:
    doors = [("Koorstraat", "1"), ("Koorstraat", "11"), ("Nergensstraat", "9999"), ("Koorstraat", "kelder")]
    answers = {ask(*door, network=f"192.0.2.{at}") for at, door in enumerate(doors)}
    assert len(answers) == 1
    assert LetterRequest.objects.count() == len(doors), "all are kept the same; looking up comes later"


def test_what_was_typed_lies_sealed_and_goes_when_the_door_is_found() -> None:
    ask("Koorstraat", "11")
    with connection.cursor() as cursor:
        cursor.execute("SELECT r::text FROM joining_letterrequest r")
        assert "Koorstraat" not in cursor.fetchone()[0]
    post_comes()
    asked = LetterRequest.objects.get()
    assert (asked.street, asked.number) == ("", "")
    assert asked.address == Address.objects.get(street__name="Koorstraat", number="11")


@pytest.mark.parametrize(
    ("street", "number"),
    [(" koorstraat ", "5 bus 3"), ("KOORSTRAAT", "5/3"), ("Koorstraat", "5 bte 3"), ("Koorstraat", "5-3")],
    ids=["bus", "slash", "bte", "dash"],
)
def test_an_address_may_be_written_in_many_ways(cast: Cast, street: str, number: str) -> None:
    door = Address.objects.get(street__name="Koorstraat", number="5")
    Address.objects.filter(pk=door.pk).update(box="3")
    ask(street, number)
    post_comes()
    assert [each.pk for each in asked_doors(cast.cities["hasselt"])] == [door.pk]


def test_asked_twice_one_letter_waits_and_what_fits_no_door_is_forgotten() -> None:
    for _each in range(2):
        ask("Koorstraat", "11")
    ask("Nergensstraat", "1")
    ask("Heidestraat", "1")  # in another city
    post_comes()
    assert LetterRequest.objects.count() == 1


def test_the_next_letters_take_the_door_along_wherever_they_go(cast: Cast) -> None:
    ask("Koorstraat", "11")
    post_comes()
    door = Address.objects.get(street__name="Koorstraat", number="11")
    plain = order_letters(
        person=cast["rollout"],
        municipality=cast.cities["hasselt"],
        neighbourhoods=[cast.neighbourhoods["Stevoort"]],
        request_key=uuid4(),
        now=clock.now(),
    )
    assert plain.letter_count == 13
    assert str(door.pk) in plain.batches.get().address_ids
    assert not LetterRequest.objects.exists()
    again = order_letters(
        person=cast["rollout"],
        municipality=cast.cities["hasselt"],
        neighbourhoods=[cast.neighbourhoods["Stevoort"]],
        request_key=uuid4(),
        now=clock.now(),
    )
    assert again.letter_count == 12


def test_a_door_that_gets_one_anyway_gets_no_second(cast: Cast) -> None:
    ask("Koorstraat", "11")
    post_comes()
    run = order_letters(
        person=cast["rollout"],
        municipality=cast.cities["hasselt"],
        streets=[cast.streets["Koorstraat"]],
        request_key=uuid4(),
        now=clock.now(),
    )
    assert run.letter_count == 12


def test_the_manager_sees_a_tally_by_neighbourhood_and_no_small_number(cast: Cast) -> None:
    city = cast.cities["hasselt"]
    doors = list(Address.objects.filter(neighbourhood=cast.neighbourhoods["Kermt"])[: SHOWN_FROM - 1])
    LetterRequest.objects.bulk_create(
        LetterRequest(municipality=city, address=door, created_at=clock.now()) for door in doors
    )
    assert [(each.neighbourhood.name, each.doors) for each in asked_by_neighbourhood(city)] == [("Kermt", None)]
    page = text_of(as_(cast["rollout"]).get("/city/letters/"))
    assert "Kermt: fewer than 10 doors" in page
    more = Address.objects.filter(neighbourhood=cast.neighbourhoods["Kermt"]).exclude(pk__in=[d.pk for d in doors])[0]
    LetterRequest.objects.create(municipality=city, address=more, created_at=clock.now())
    assert "Kermt: 10 doors" in text_of(as_(cast["rollout"]).get("/city/letters/"))
    assert "Kermt: 10 doors" not in text_of(as_(cast["neighbour"]).get("/"))


def test_one_network_asks_for_five_letters_a_day() -> None:
    for number in range(5):
        assert ask("Koorstraat", str(number + 1))[0] == 302
    status, page = ask("Koorstraat", "6")
    assert status == 429
    assert "Many letters were asked for from here today." in page
    assert "Koorstraat" in page, "what was typed is kept"
    assert ask("Koorstraat", "6", network="192.0.2.8")[0] == 302


def test_an_empty_form_comes_back_with_words() -> None:
    status, page = ask("", "")
    assert status == 422
    assert "Type the name of your street." in page
    assert "Type your house number." in page


def test_a_request_that_no_run_answers_is_forgotten_after_half_a_year() -> None:
    ask("Koorstraat", "11")
    assert forget_old_requests(now=clock.now() + timedelta(days=179)) == 0
    assert forget_old_requests(now=clock.now() + timedelta(days=181)) == 1
