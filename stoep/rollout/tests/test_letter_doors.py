"""Who comes to the letters, and who does not."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from stoep.operations.cast import Cast
from stoep.people.models import Person
from stoep.places.models import Address
from stoep.rollout import letter_files
from stoep.rollout.models import LetterRun
from stoep.rollout.tests.letter_rounds import made, order, ordered, part

SignIn = Callable[[Client, Person], Client]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("cast")]


def test_another_citys_letters_do_not_exist(cast: Cast, manager: Client) -> None:
    run = made(ordered(manager, streets=[part(cast, "Heerstraat", "Kermt")]))
    LetterRun.objects.update(municipality=cast.cities["diepenbeek"])
    assert manager.get(reverse("letter_run", args=[run.pk])).status_code == 404
    for name in ("letter_run_files", "letter_run_receipt"):
        assert manager.post(reverse(name, args=[run.pk])).status_code == 404
    assert letter_files.names(run.pk)
    theirs = part(cast, "Heidestraat", "Rooierheide")
    assert order(manager, streets=[theirs]).status_code == 422


@pytest.mark.parametrize(
    ("key", "expected"),
    [("neighbour", 404), ("other-city", 404), ("editor", 403), ("analyst", 403), ("dpo", 403), ("operator", 403)],
)
def test_who_orders_no_letters_is_refused(
    cast: Cast, manager: Client, sign_in: SignIn, key: str, expected: int
) -> None:
    run = made(ordered(manager, streets=[part(cast, "Heerstraat", "Kermt")]))
    theirs = sign_in(Client(), cast[key])
    assert theirs.get(reverse("letters")).status_code == expected
    assert theirs.get(reverse("letter_run", args=[run.pk])).status_code == expected
    assert order(theirs, where="city").status_code == expected
    for name in ("letter_run_files", "letter_run_receipt"):
        assert theirs.post(reverse(name, args=[run.pk])).status_code == expected
    assert LetterRun.objects.count() == 1
    assert letter_files.names(run.pk)


def test_a_visitor_is_sent_to_sign_in(cast: Cast, manager: Client) -> None:
    run = made(ordered(manager, streets=[part(cast, "Heerstraat", "Kermt")]))
    visitor = Client()
    for answer in (
        visitor.get(reverse("letters")),
        visitor.get(reverse("letter_run", args=[run.pk])),
        order(visitor, where="city"),
        visitor.post(reverse("letter_run_files", args=[run.pk])),
    ):
        assert answer.status_code == 302
        assert answer["Location"].startswith(reverse("sign_in"))


def test_the_streets_of_a_neighbourhood_come_as_a_map(cast: Cast, manager: Client, sign_in: SignIn) -> None:
    address = reverse("letter_streets", args=[cast.neighbourhoods["Tuilt"].pk])
    Address.objects.filter(street=cast.streets["Heerstraat"]).update(longitude=None, latitude=None)

    page = manager.get(address).content.decode()

    assert page.count("<path data-area") == 1  # a street without points is in the list only
    assert f'data-area="{part(cast, "Zolderse kiezel", "Tuilt")}"' in page
    assert part(cast, "Heerstraat", "Tuilt") in manager.get(reverse("letters")).content.decode()
    theirs = reverse("letter_streets", args=[cast.neighbourhoods["Rooierheide"].pk])
    assert manager.get(theirs).status_code == 404
    for key, expected in (("neighbour", 404), ("analyst", 403), ("editor", 403)):
        assert sign_in(Client(), cast[key]).get(address).status_code == expected
    assert Client().get(address).status_code == 302
