"""The reach of a message says what its places publish, and nobody learns more by asking for mixes of them."""

import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from stoep.access.small_numbers import MEMBERS, FigureSum, people_figure
from stoep.cityhall.actions import Places, announce
from stoep.cityhall.reach import reach_of
from stoep.cityhall.tests.townspeople import move_in, part
from stoep.common import clock
from stoep.operations.cast import JOINED_AT, Cast
from stoep.people.models import Membership, Person
from stoep.places.models import Address, Municipality, Neighbourhood, Street, StreetPart
from stoep.rollout.freezing import freeze_week
from stoep.rollout.models import FrozenFigure

SignIn = Callable[[Client, Person], Client]
# The cast joins on Tuesday 1 September 2026; that week closes on Monday the 7th, 00:00 in Brussels.
MONDAY = datetime(2026, 9, 7, 4, 0, tzinfo=UTC)
CLOSES = datetime(2026, 9, 6, 22, 0, tzinfo=UTC)
WEEK = timedelta(days=7)
UNIONS = 200
TOO_FEW = "too few in each place to show"
LEFT_OUT = "Places where too few have joined are not counted."

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _on_monday() -> Iterator[None]:
    with clock.frozen(MONDAY):
        yield


@pytest.fixture
def editor(cast: Cast, sign_in: SignIn, client: Client) -> Client:
    Person.objects.update(language="en")
    return sign_in(client, cast["editor"])


@pytest.fixture
def lanes(cast: Cast) -> dict[str, int]:
    """Twelve more streets of Stevoort, in which 0, 1, 2 … 11 people live, each behind a door of their own."""
    stevoort = cast.neighbourhoods["Stevoort"]
    found = {f"Laan {count}": count for count in range(12)}
    for name, count in found.items():
        street = cast.streets[name] = Street.objects.create(municipality=stevoort.municipality, name=name)
        Address.objects.bulk_create(
            Address(
                municipality=stevoort.municipality,
                street=street,
                neighbourhood=stevoort,
                postcode="3512",
                number=str(number),
            )
            for number in range(1, 15)
        )
        StreetPart.objects.create(street=street, neighbourhood=stevoort, address_count=14)
        move_in(cast, name, "Stevoort", count)
    return found


def look(client: Client, cast: Cast, **places: Any) -> str:
    words = {
        "department": str(cast.departments["Communicatie"].pk),
        "title": "De weg ligt open",
        "body": "Van maandag tot vrijdag.",
        "where": "some",
        "request_key": str(uuid4()),
        "preview": "1",
    }
    page: str = client.post(reverse("new_announcement"), words | places).content.decode()
    return page.split('class="reach"')[1].split("</p>", maxsplit=1)[0]


def parts(cast: Cast, *streets: tuple[str, str]) -> list[str]:
    return [str(part(cast, *street).pk) for street in streets]


def members(cast: Cast, places: Places, now: datetime = MONDAY) -> FigureSum:
    return reach_of(places.audience(cast.cities["hasselt"]), now=now).members


def lane_part(cast: Cast, name: str) -> StreetPart:
    return part(cast, name, "Stevoort")


def figure(cast: Cast, street: str, neighbourhood: str) -> int | None:
    there = Membership.objects.filter(
        neighbourhood=cast.neighbourhoods[neighbourhood], household__address__street=cast.streets[street], ended_at=None
    )
    return people_figure(MEMBERS, there.values_list("person_id", "household__address_id")).value


def frozen(municipality: Municipality, place: Neighbourhood | None) -> int | None:
    return FrozenFigure.objects.get(
        municipality=municipality, neighbourhood=place, metric=FrozenFigure.Metric.MEMBERS
    ).value


def test_the_preview_counts_households_exactly_and_people_roundly(cast: Cast, editor: Client) -> None:
    move_in(cast, "Diestersteenweg", "Kermt", 9)
    door = Address.objects.filter(street=cast.streets["Diestersteenweg"]).order_by("number").first()
    assert door is not None
    Address.objects.filter(pk=door.pk).update(households=6)
    streets = parts(cast, ("Diestersteenweg", "Kermt"), ("Koorstraat", "Kermt"), ("Alkenstraat", "Stevoort"))

    page = look(editor, cast, streets=streets)

    assert f"<dd>{14 + 12 + 12 + 5}</dd>" in page  # three streets, and a house of six flats
    assert f"<dd>about {figure(cast, 'Diestersteenweg', 'Kermt')}</dd>" in page
    assert LEFT_OUT in page  # Koorstraat and Alkenstraat
    assert "Neighbours are counted once a week." in page


def test_where_every_place_shows_its_figure_nothing_is_left_out(cast: Cast, editor: Client) -> None:
    move_in(cast, "Koorstraat", "Kermt", 8)
    move_in(cast, "Alkenstraat", "Stevoort", 6)
    page = look(editor, cast, streets=parts(cast, ("Koorstraat", "Kermt"), ("Alkenstraat", "Stevoort")))
    both = (figure(cast, "Koorstraat", "Kermt") or 0) + (figure(cast, "Alkenstraat", "Stevoort") or 0)
    assert f"<dd>about {both}</dd>" in page
    assert LEFT_OUT not in page


def test_few_and_nobody_look_the_same(cast: Cast, editor: Client) -> None:
    streets = parts(cast, ("Alkenstraat", "Stevoort"), ("Zolderse kiezel", "Tuilt"))
    nobody = look(editor, cast, streets=streets)
    move_in(cast, "Alkenstraat", "Stevoort", 4)
    move_in(cast, "Zolderse kiezel", "Tuilt", 3)
    assert look(editor, cast, streets=streets) == nobody  # seven in all, and still not a word about them
    assert TOO_FEW in nobody
    assert LEFT_OUT not in nobody
    assert "fewer than" not in nobody


def test_no_mix_of_streets_tells_more_than_each_street_publishes(cast: Cast, lanes: dict[str, int]) -> None:
    """An attacker asks for many mixes, each with and without the street that he wants to know of."""
    own = figure(cast, "Laan 7", "Stevoort")
    assert own in {5, 10}
    expected = {"Laan 1": 0, "Laan 4": 0, "Laan 7": own}
    others = [lane_part(cast, name) for name in lanes if name not in expected]
    dice = random.Random(7)  # the same tries in every run
    for _try in range(UNIONS):
        mix = dice.sample(others, dice.randint(1, len(others)))
        without = members(cast, Places(parts=mix)).value or 0
        seen = {name: members(cast, Places(parts=[*mix, lane_part(cast, name)])).value or 0 for name in expected}
        assert {name: value - without for name, value in seen.items()} == expected


def test_who_joins_or_leaves_changes_nothing_before_the_week_closes(cast: Cast) -> None:
    people = move_in(cast, "Koorstraat", "Kermt", 7)
    before = move_in(cast, "Alkenstraat", "Stevoort", 8)
    koorstraat, alkenstraat = (
        Places(parts=[part(cast, *place)]) for place in (("Koorstraat", "Kermt"), ("Alkenstraat", "Stevoort"))
    )
    here = members(cast, koorstraat)

    Membership.objects.filter(person__in=people).update(ended_at=MONDAY + timedelta(hours=1))
    Membership.objects.filter(person__in=before).update(started_at=CLOSES)

    for hours in (2, 30, 160):
        assert members(cast, koorstraat, MONDAY + timedelta(hours=hours)) == here
        assert members(cast, alkenstraat, MONDAY + timedelta(hours=hours)) == FigureSum(None)
    assert here.value in {5, 10}
    assert members(cast, koorstraat, MONDAY + WEEK) == FigureSum(None)
    assert members(cast, alkenstraat, MONDAY + WEEK).value in {5, 10}


def test_a_neighbourhood_and_the_city_read_as_on_the_rollout_page(cast: Cast) -> None:
    move_in(cast, "Koorstraat", "Kermt", 6)
    move_in(cast, "Alkenstraat", "Stevoort", 9)
    city = cast.cities["hasselt"]
    freeze_week(municipality=city, now=MONDAY)
    kermt, stevoort, tuilt = (cast.neighbourhoods[name] for name in ("Kermt", "Stevoort", "Tuilt"))

    assert members(cast, Places(everybody=True)) == FigureSum(frozen(city, None))
    assert members(cast, Places(neighbourhoods=[kermt])) == FigureSum(frozen(city, kermt))
    both = (frozen(city, kermt) or 0) + (frozen(city, stevoort) or 0)
    assert members(cast, Places(neighbourhoods=[kermt, stevoort])) == FigureSum(both)
    assert frozen(city, tuilt) is None
    assert members(cast, Places(neighbourhoods=[tuilt])) == FigureSum(None)
    assert members(cast, Places(neighbourhoods=[kermt, tuilt])) == FigureSum(frozen(city, kermt), leaves_out=True)


def test_a_street_inside_a_chosen_neighbourhood_counts_once(cast: Cast) -> None:
    move_in(cast, "Koorstraat", "Kermt", 8)
    move_in(cast, "Heerstraat", "Tuilt", 9)
    kermt = cast.neighbourhoods["Kermt"]
    alone = members(cast, Places(neighbourhoods=[kermt]))

    assert members(cast, Places(neighbourhoods=[kermt], parts=[part(cast, "Koorstraat", "Kermt")])) == alone
    assert members(cast, Places(neighbourhoods=[kermt], streets=[cast.streets["Koorstraat"]])) == alone
    # Of a whole street, the parts outside the neighbourhood come to it.
    heerstraat = Places(neighbourhoods=[kermt], streets=[cast.streets["Heerstraat"]])
    assert members(cast, heerstraat).value == (alone.value or 0) + (figure(cast, "Heerstraat", "Tuilt") or 0)
    assert members(cast, Places(everybody=True, neighbourhoods=[kermt])) == members(cast, Places(everybody=True))


def test_a_whole_street_is_its_parts(cast: Cast) -> None:
    move_in(cast, "Heerstraat", "Tuilt", 9)
    move_in(cast, "Heerstraat", "Kermt", 2)
    whole = members(cast, Places(streets=[cast.streets["Heerstraat"]]))
    assert whole == FigureSum(figure(cast, "Heerstraat", "Tuilt"), leaves_out=True)


def test_many_people_behind_two_doors_are_not_counted(cast: Cast) -> None:
    people = move_in(cast, "Alkenstraat", "Stevoort", 8)
    homes = [Membership.objects.get(person=person).household for person in people[:2]]
    for position, person in enumerate(people):
        Membership.objects.filter(person=person).update(household=homes[position % 2])
    assert members(cast, Places(parts=[part(cast, "Alkenstraat", "Stevoort")])) == FigureSum(None)


def test_what_is_kept_of_a_message_is_what_its_preview_said(cast: Cast, editor: Client) -> None:
    move_in(cast, "Koorstraat", "Kermt", 8)
    streets = parts(cast, ("Koorstraat", "Kermt"), ("Alkenstraat", "Stevoort"))
    shown = look(editor, cast, streets=streets)
    sent = announce_to(cast, Places(parts=[part(cast, "Koorstraat", "Kermt"), part(cast, "Alkenstraat", "Stevoort")]))

    Membership.objects.update(ended_at=JOINED_AT)

    page = editor.get(reverse("announcement", args=[sent])).content.decode()
    assert page.split('class="reach"')[1].split("</p>", maxsplit=1)[0] == shown
    assert LEFT_OUT in shown
    few = announce_to(cast, Places(parts=[part(cast, "Alkenstraat", "Stevoort")]))
    assert TOO_FEW in editor.get(reverse("announcement", args=[few])).content.decode()


def announce_to(cast: Cast, places: Places) -> object:
    return announce(
        author=cast["editor"],
        department=cast.departments["Communicatie"],
        title="De weg ligt open",
        body="",
        places=places,
        comments_open=False,
        request_key=uuid4(),
        now=MONDAY,
    ).pk
