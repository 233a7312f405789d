"""Who somebody is: read in one query with the person, and the same as asked by itself."""

import pytest
from pytest_django import DjangoAssertNumQueries

from stoep.operations.cast import Cast
from stoep.people.models import Person, RoleName
from stoep.people.queries import people_with_standing, person_with_standing, standing_of


def test_a_session_learns_person_and_standing_in_one_query(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        person = person_with_standing(cast["neighbour"].pk)
        assert person is not None
        assert person.standing.neighbourhood_name == "Kermt"
        assert person.email == "neighbour@hasselt.example"


@pytest.mark.django_db
def test_both_ways_of_asking_agree_for_the_whole_cast(cast: Cast) -> None:
    for key, person in cast.items():
        found = person_with_standing(person.pk)
        assert found is not None, key
        asked = standing_of(person.pk, person.municipality_id)
        assert (asked.roles, asked.membership_id, asked.street_id) == (
            found.standing.roles,
            found.standing.membership_id,
            found.standing.street_id,
        )


@pytest.mark.django_db
def test_a_suspended_neighbour_holds_only_that(cast: Cast) -> None:
    assert cast["suspended"].standing.roles == {RoleName.SUSPENDED}
    assert cast["suspended"] not in Person.objects.holding(RoleName.NEIGHBOUR)
    assert cast["suspended"] in Person.objects.holding(RoleName.SUSPENDED)


@pytest.mark.django_db
def test_somebody_who_left_has_no_session(cast: Cast) -> None:
    Person.objects.filter(pk=cast["neighbour"].pk).update(left_at=cast["neighbour"].joined_at)
    assert person_with_standing(cast["neighbour"].pk) is None


@pytest.mark.django_db
def test_many_are_read_in_one_query_and_as_each_alone(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    gone = cast["second-neighbour"]
    Person.objects.filter(pk=gone.pk).update(left_at=gone.joined_at)
    with django_assert_num_queries(1):
        found = {person.pk: person.standing for person in people_with_standing([one.pk for one in cast.values()])}
    assert set(found) == {person.pk for person in cast.values()} - {gone.pk}
    for person_id, standing in found.items():
        alone = person_with_standing(person_id)
        assert alone is not None
        assert (standing.roles, standing.street_id) == (alone.standing.roles, alone.standing.street_id)
