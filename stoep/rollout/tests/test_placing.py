"""Addresses that no point could place: a whole street at once, on the map, or one by one; imports leave them there."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from stoep.access.models import AccessLog
from stoep.operations.cast import JOINED_AT, Cast
from stoep.people.models import Household, Membership, Person
from stoep.places.models import Address, Neighbourhood, Street, StreetPart
from stoep.rollout.actions import AlreadyPlacedError, place_address, place_street
from stoep.rollout.tests.test_importing import csv_of, shown

SignIn = Callable[[Client, Person], Client]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("cast")]


@pytest.fixture
def nieuwstraat(cast: Cast) -> Street:
    """A street of four doors without a point."""
    city = cast.cities["hasselt"]
    street = Street.objects.create(municipality=city, name="Nieuwstraat")
    Address.objects.bulk_create(
        Address(municipality=city, street=street, postcode="3510", number=str(number)) for number in range(1, 5)
    )
    return street


def places(street: Street) -> list[str | None]:
    found = Address.objects.filter(street=street).order_by("number")
    return [one.neighbourhood.name if one.neighbourhood else None for one in found]


def doors(street: Street) -> list[str]:
    return [str(one.pk) for one in Address.objects.filter(street=street).order_by("number")]


def test_a_whole_street_is_placed_at_once(cast: Cast, manager: Client, nieuwstraat: Street) -> None:
    page = manager.get(reverse("waiting_addresses")).content.decode()
    assert "4 addresses wait." in page
    assert "Nieuwstraat" in page
    kermt = cast.neighbourhoods["Kermt"]

    answer = manager.post(reverse("street_place", args=[nieuwstraat.pk]), {"neighbourhood": str(kermt.pk)})

    assert (answer.status_code, answer["Location"]) == (302, reverse("waiting_addresses") + "?placed")
    assert places(nieuwstraat) == ["Kermt"] * 4
    assert set(Address.objects.filter(street=nieuwstraat).values_list("placed_by", flat=True)) == {"hand"}
    assert StreetPart.objects.get(street=nieuwstraat, neighbourhood=kermt).address_count == 4
    kermt.refresh_from_db()
    assert kermt.address_count == 34
    assert "Every address has its place" in manager.get(answer["Location"]).content.decode()
    assert AccessLog.objects.filter(person=cast["rollout"], action="rollout:address:place").count() == 1


def test_some_of_a_street_are_placed_on_the_map(cast: Cast, manager: Client, nieuwstraat: Street) -> None:
    page = reverse("street_map", args=[nieuwstraat.pk])
    shown_page = manager.get(page).content.decode()
    assert shown_page.count('name="addresses"') == shown_page.count(" checked") == 4
    assert "data-area-map" in shown_page

    tuilt = str(cast.neighbourhoods["Tuilt"].pk)
    answer = manager.post(page, {"neighbourhood": tuilt, "addresses": doors(nieuwstraat)[:2]})

    assert (answer.status_code, answer["Location"]) == (302, page)  # two still wait: back to the street
    assert places(nieuwstraat) == ["Tuilt", "Tuilt", None, None]
    answer = manager.post(page, {"neighbourhood": tuilt, "addresses": doors(nieuwstraat)[2:]})
    assert answer["Location"] == reverse("waiting_addresses") + "?placed"
    assert "nothing to do here" in manager.get(page).content.decode()


def test_the_map_shows_where_the_street_runs(cast: Cast, manager: Client) -> None:
    Address.objects.create(
        municipality=cast.cities["hasselt"], street=cast.streets["Koorstraat"], postcode="3510", number="99"
    )
    page = manager.get(reverse("street_map", args=[cast.streets["Koorstraat"].pk])).content.decode()
    assert page.count("<circle") == 12
    listing = manager.get(reverse("waiting_addresses")).content.decode()
    assert "Other doors of this street lie in" in listing


def test_one_address_by_itself(cast: Cast, manager: Client, nieuwstraat: Street) -> None:
    stevoort = cast.neighbourhoods["Stevoort"]
    answer = manager.post(reverse("address_place", args=[doors(nieuwstraat)[0]]), {"neighbourhood": str(stevoort.pk)})
    assert answer["Location"] == reverse("street_map", args=[nieuwstraat.pk])
    assert places(nieuwstraat) == ["Stevoort", None, None, None]


def test_done_twice_it_stays_where_it_was_put_first(cast: Cast, manager: Client, nieuwstraat: Street) -> None:
    for name in ("Kermt", "Tuilt"):
        place = str(cast.neighbourhoods[name].pk)
        manager.post(reverse("street_place", args=[nieuwstraat.pk]), {"neighbourhood": place})
    assert places(nieuwstraat) == ["Kermt"] * 4


def test_the_next_import_leaves_it_there(cast: Cast, manager: Client, nieuwstraat: Street) -> None:
    kermt = str(cast.neighbourhoods["Kermt"].pk)
    manager.post(reverse("street_place", args=[nieuwstraat.pk]), {"neighbourhood": kermt})
    # The register still has no point for the first, and puts the second in Tuilt.
    rows = [("3510", "Nieuwstraat", "1", "", ""), ("3510", "Nieuwstraat", "2", "50.945", "5.225")]
    run = shown(manager, csv_of(rows))
    manager.post(reverse("import_application", args=[run.pk]))
    assert places(nieuwstraat)[:2] == ["Kermt", "Kermt"]


def test_who_lives_there_already_goes_along(cast: Cast, manager: Client, nieuwstraat: Street) -> None:
    home = Household.objects.create(
        address=Address.objects.get(pk=doors(nieuwstraat)[0]), created_at=cast["neighbour"].joined_at
    )
    Membership.objects.filter(person=cast["neighbour"]).update(household=home)
    tuilt = cast.neighbourhoods["Tuilt"]
    manager.post(reverse("street_place", args=[nieuwstraat.pk]), {"neighbourhood": str(tuilt.pk)})
    assert Membership.objects.get(person=cast["neighbour"], ended_at=None).neighbourhood == tuilt


def test_no_door_moves_a_house_that_has_its_neighbourhood(cast: Cast, manager: Client) -> None:
    """Else whoever places addresses could put any member into another neighbourhood's square."""
    home = Membership.objects.get(person=cast["neighbour"])
    assert home.household is not None
    address = home.household.address
    tuilt = {"neighbourhood": str(cast.neighbourhoods["Tuilt"].pk), "addresses": [str(address.pk)]}

    assert manager.post(reverse("address_place", args=[address.pk]), tuilt).status_code == 404
    assert manager.post(reverse("street_map", args=[address.street_id]), tuilt).status_code == 422
    manager.post(reverse("street_place", args=[address.street_id]), tuilt)

    address.refresh_from_db()
    assert (address.neighbourhood, address.placed_by) == (cast.neighbourhoods["Kermt"], "point")
    assert Membership.objects.get(person=cast["neighbour"], ended_at=None).pk == home.pk


def test_placed_by_itself_it_is_not_placed_again(cast: Cast, manager: Client, nieuwstraat: Street) -> None:
    door = reverse("address_place", args=[doors(nieuwstraat)[0]])
    answers = [
        manager.post(door, {"neighbourhood": str(cast.neighbourhoods[name].pk)}).status_code
        for name in ("Kermt", "Tuilt")
    ]
    assert answers == [302, 404]
    assert places(nieuwstraat) == ["Kermt", None, None, None]


def test_the_actions_themselves_place_only_what_waits(cast: Cast, nieuwstraat: Street) -> None:
    first, second, *_others = Address.objects.filter(street=nieuwstraat).order_by("number")
    kermt, tuilt = cast.neighbourhoods["Kermt"], cast.neighbourhoods["Tuilt"]
    place_address(person=cast["rollout"], address=first, neighbourhood=kermt, now=JOINED_AT)
    with pytest.raises(AlreadyPlacedError):
        place_address(person=cast["rollout"], address=first, neighbourhood=tuilt, now=JOINED_AT)
    Address.objects.filter(pk=second.pk).update(retired_at=JOINED_AT)
    with pytest.raises(AlreadyPlacedError):
        place_address(person=cast["rollout"], address=second, neighbourhood=tuilt, now=JOINED_AT)

    only = [first.pk, second.pk]
    assert place_street(person=cast["rollout"], street=nieuwstraat, neighbourhood=tuilt, only=only, now=JOINED_AT) == 0
    assert places(nieuwstraat) == ["Kermt", None, None, None]


@pytest.mark.parametrize("choice", ["", "x", "00000000-0000-0000-0000-000000000000"])
def test_without_a_neighbourhood_nothing_is_placed(manager: Client, nieuwstraat: Street, choice: str) -> None:
    for answer in (
        manager.post(reverse("street_place", args=[nieuwstraat.pk]), {"neighbourhood": choice}),
        manager.post(reverse("address_place", args=[doors(nieuwstraat)[0]]), {"neighbourhood": choice}),
    ):
        assert answer.status_code == 422
        assert "Choose a neighbourhood for Nieuwstraat." in answer.content.decode()
    assert places(nieuwstraat) == [None] * 4


def test_on_the_map_what_was_ticked_stays_ticked(cast: Cast, manager: Client, nieuwstraat: Street) -> None:
    page = reverse("street_map", args=[nieuwstraat.pk])
    kermt = str(cast.neighbourhoods["Kermt"].pk)
    nowhere = manager.post(page, {"addresses": doors(nieuwstraat)[:1]})
    assert nowhere.status_code == 422
    assert "on the map or in the list" in nowhere.content.decode()
    assert nowhere.content.decode().count(" checked") == 1
    nothing = manager.post(page, {"neighbourhood": kermt})
    assert nothing.status_code == 422
    assert "Choose at least one address" in nothing.content.decode()
    assert f'value="{kermt}" checked' in nothing.content.decode()
    strange = manager.post(page, {"neighbourhood": kermt, "addresses": ["x", str(nieuwstraat.pk)]})
    assert strange.status_code == 422
    assert places(nieuwstraat) == [None] * 4


def test_another_citys_places_do_not_exist(cast: Cast, manager: Client, nieuwstraat: Street) -> None:
    theirs = cast.neighbourhoods["Rooierheide"]
    choice = {"neighbourhood": str(theirs.pk)}
    assert manager.post(reverse("street_place", args=[nieuwstraat.pk]), choice).status_code == 422
    street = Street.objects.get(name="Heidestraat")
    door = Address.objects.filter(street=street).first()
    assert door is not None
    kermt = {"neighbourhood": str(cast.neighbourhoods["Kermt"].pk)}
    assert manager.post(reverse("street_place", args=[street.pk]), kermt).status_code == 404
    assert manager.get(reverse("street_map", args=[street.pk])).status_code == 404
    assert manager.post(reverse("address_place", args=[door.pk]), kermt).status_code == 404
    assert "Rooierheide" not in manager.get(reverse("waiting_addresses")).content.decode()
    assert places(nieuwstraat) == [None] * 4


def test_the_list_goes_on_over_pages(cast: Cast, manager: Client) -> None:
    city = cast.cities["hasselt"]
    for number in range(26):
        street = Street.objects.create(municipality=city, name=f"Laan {number:02}")
        Address.objects.create(municipality=city, street=street, postcode="3510", number="1")
    first = manager.get(reverse("waiting_addresses")).content.decode()
    second = manager.get(reverse("waiting_addresses") + "?page=2").content.decode()
    assert "26 addresses wait." in first
    assert ("Laan 25" in first, "Laan 25" in second) == (False, True)
    assert manager.get(reverse("waiting_addresses") + "?page=x").status_code == 200


@pytest.mark.parametrize(
    ("key", "expected"),
    [("neighbour", 404), ("other-city", 404), ("editor", 403), ("analyst", 403), ("dpo", 403), ("operator", 403)],
)
def test_who_places_nothing_is_refused(
    cast: Cast, sign_in: SignIn, nieuwstraat: Street, key: str, expected: int
) -> None:
    client = sign_in(Client(), cast[key])
    choice = {"neighbourhood": str(Neighbourhood.objects.get(name="Kermt").pk), "addresses": doors(nieuwstraat)}
    assert client.get(reverse("waiting_addresses")).status_code == expected
    assert client.get(reverse("street_map", args=[nieuwstraat.pk])).status_code == expected
    for name, key_of in (("street_place", nieuwstraat.pk), ("street_map", nieuwstraat.pk)):
        assert client.post(reverse(name, args=[key_of]), choice).status_code == expected
    assert client.post(reverse("address_place", args=[doors(nieuwstraat)[0]]), choice).status_code == expected
    assert places(nieuwstraat) == [None] * 4


def test_a_visitor_is_sent_to_sign_in(client: Client, nieuwstraat: Street) -> None:
    for answer in (
        client.get(reverse("waiting_addresses")),
        client.get(reverse("street_map", args=[nieuwstraat.pk])),
        client.post(reverse("street_place", args=[nieuwstraat.pk]), {}),
    ):
        assert answer.status_code == 302
        assert answer["Location"].startswith(reverse("sign_in"))
