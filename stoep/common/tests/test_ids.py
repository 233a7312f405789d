"""Ids sort by time, are never the same, and give no order to guess."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from stoep.common.ids import IdField, least_id, new_id

MOMENTS = st.datetimes(datetime(1970, 1, 2), datetime(2200, 1, 1)).map(lambda moment: moment.replace(tzinfo=UTC))  # noqa: DTZ001


def test_they_are_all_different_and_of_version_seven() -> None:
    made = [new_id() for _each in range(10_000)]

    assert len(set(made)) == 10_000
    assert {one.version for one in made} == {7}
    assert made == sorted(made)


@given(MOMENTS)
def test_the_least_id_of_a_moment_is_not_above_any_of_that_moment(moment: datetime) -> None:
    found = new_id(moment)

    assert least_id(moment) <= found < least_id(moment + timedelta(milliseconds=1))
    assert least_id(moment).version == 7


@given(MOMENTS, st.integers(1, 10**9))
def test_a_later_moment_has_a_greater_id(moment: datetime, milliseconds: int) -> None:
    assert new_id(moment) < new_id(moment + timedelta(milliseconds=milliseconds))


def test_no_millisecond_is_lost_on_the_way_through_a_float() -> None:
    moment = datetime(2004, 2, 1, tzinfo=UTC)

    assert new_id(moment) < least_id(moment + timedelta(milliseconds=1))


def test_two_of_one_moment_differ() -> None:
    moment = datetime(2026, 11, 23, tzinfo=UTC)

    assert len({new_id(moment) for _each in range(1000)}) == 1000


def test_the_field_makes_its_own_and_is_plain_in_migrations() -> None:
    field = IdField()
    _name, path, _args, kwargs = field.deconstruct()

    assert field.primary_key
    assert field.get_default() != field.get_default()
    assert path == "django.db.models.UUIDField"
    assert "default" not in kwargs
