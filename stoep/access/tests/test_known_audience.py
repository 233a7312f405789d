"""An audience kept in memory includes the same people as the rows it was read from."""

from collections.abc import Iterator
from uuid import uuid4

import pytest

from stoep.access.audience import (
    Place,
    audience_of,
    city_audience,
    group_audience,
    home_audience,
    home_of,
    known_audience,
)
from stoep.access.models import Audience
from stoep.operations.cast import Cast
from stoep.people.tests.gathering import gather

pytestmark = pytest.mark.django_db


def audiences(cast: Cast) -> Iterator[Audience]:
    kermt, tuilt, stevoort = (cast.neighbourhoods[name] for name in ("Kermt", "Tuilt", "Stevoort"))
    heerstraat, koorstraat = cast.streets["Heerstraat"], cast.streets["Koorstraat"]
    city = cast.cities["hasselt"]
    yield home_audience(kermt)
    yield home_audience(kermt, shared_with_city=True)
    yield home_audience(kermt, adjacent=[tuilt])
    yield home_audience(stevoort)
    yield city_audience(city, everybody=True)
    yield city_audience(city, streets=[koorstraat, heerstraat], neighbourhoods=[stevoort])
    yield audience_of(city, [Place(tuilt.pk, heerstraat.pk)])
    yield audience_of(city, [Place(kermt.pk, heerstraat.pk), Place(tuilt.pk, koorstraat.pk)])
    yield city_audience(cast.cities["diepenbeek"], everybody=True)
    yield group_audience(gather(cast))


def test_memory_and_rows_agree_for_the_whole_cast(cast: Cast) -> None:
    answers = set()
    for audience in audiences(cast):
        known = known_audience(audience.pk)
        assert known is not None
        for key, person in cast.items():
            home = home_of(person.standing)
            in_memory = home is not None and known.includes(home)
            assert in_memory == audience.includes(person.standing), f"{key}: {known}"
            answers.add(in_memory)
    assert answers == {True, False}


def test_who_is_no_member_has_no_home(cast: Cast) -> None:
    members = {key for key, person in cast.items() if home_of(person.standing) is not None}
    assert members == {
        "neighbour",
        "second-neighbour",
        "next-neighbourhood",
        "ambassador",
        "newcomer",
        "other-city",
    }


def test_an_audience_that_is_not_there_is_not_known() -> None:
    assert known_audience(uuid4()) is None
