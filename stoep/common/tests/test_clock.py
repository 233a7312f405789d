"""There is one clock; inside a block it may stand still."""

from datetime import UTC, datetime, timedelta

import pytest

from stoep.common import clock

MOMENT = datetime(2026, 9, 1, 9, 0, tzinfo=UTC)


def test_it_goes_and_knows_its_zone() -> None:
    first, second = clock.now(), clock.now()

    assert first <= second
    assert first.tzinfo is UTC
    assert abs(first - datetime.now(tz=UTC)) < timedelta(minutes=1)  # noqa: TID251  this test reads the real clock


def test_it_stands_still_inside_and_goes_on_outside() -> None:
    with clock.frozen(MOMENT) as moment:
        assert clock.now() == moment == MOMENT
        with clock.frozen(MOMENT + timedelta(days=1)):
            assert clock.now() == MOMENT + timedelta(days=1)
        assert clock.now() == MOMENT

    assert clock.now() != MOMENT


def test_it_goes_on_after_an_error_too() -> None:
    with pytest.raises(ZeroDivisionError), clock.frozen(MOMENT):
        raise ZeroDivisionError

    assert clock.now() != MOMENT
