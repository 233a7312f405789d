"""Audiences: equal places are one row, whoever asks and however many ask at once."""

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from django.db import connection

from stoep.access.audience import NoPlace, Place, audience_of, city_audience, home_audience
from stoep.access.models import Audience, AudienceAtom
from stoep.operations.cast import Cast, make_cast
from stoep.places.models import Neighbourhood


def test_equal_places_are_one_row_in_whatever_order(cast: Cast) -> None:
    kermt, tuilt = cast.neighbourhoods["Kermt"], cast.neighbourhoods["Tuilt"]
    first = home_audience(kermt, adjacent=[tuilt])
    assert home_audience(tuilt, adjacent=[kermt]) == first
    assert audience_of(kermt.municipality_id, [Place(tuilt.pk), Place(kermt.pk), Place(kermt.pk)]) == first
    assert first.atoms.count() == 2


def test_shared_with_the_city_is_another_audience_of_the_same_people(cast: Cast) -> None:
    kermt = cast.neighbourhoods["Kermt"]
    closed, shared = home_audience(kermt), home_audience(kermt, shared_with_city=True)
    assert closed != shared
    assert set(closed.people()) == set(shared.people())
    assert (closed.shared_with_city, shared.shared_with_city) == (False, True)


def test_everybody_a_street_and_a_part_of_it_are_three_audiences(cast: Cast) -> None:
    hasselt, street = cast.cities["hasselt"], cast.streets["Heerstraat"]
    part = audience_of(hasselt, [Place(cast.neighbourhoods["Kermt"].pk, street.pk)])
    made = {city_audience(hasselt, everybody=True), city_audience(hasselt, streets=[street]), part}
    assert len(made) == 3
    assert {str(atom) for atom in AudienceAtom.objects.all()} == {"* / *", "* / Heerstraat", "Kermt / Heerstraat"}


def test_an_audience_of_nobody_is_refused(cast: Cast) -> None:
    with pytest.raises(NoPlace):
        city_audience(cast.cities["hasselt"])
    assert not Audience.objects.exists()


def test_the_same_place_of_another_city_is_another_audience(cast: Cast) -> None:
    made = {city_audience(city, everybody=True) for city in cast.cities.values()}
    assert len(made) == 2


@pytest.mark.django_db(transaction=True)
def test_many_who_ask_at_once_get_the_same_row() -> None:
    kermt = make_cast().neighbourhoods["Kermt"]
    with ThreadPoolExecutor(8) as threads:
        found = set(threads.map(_made, [kermt] * 16))
    assert len(found) == 1
    assert Audience.objects.get().atoms.count() == 1


def _made(neighbourhood: Neighbourhood) -> UUID:
    try:
        return UUID(str(home_audience(neighbourhood).pk))
    finally:
        connection.close()
