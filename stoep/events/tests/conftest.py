"""What the tests of events share: people who plan and answer, on a Friday morning in November."""

from collections.abc import Callable, Iterator
from datetime import datetime

import pytest

from stoep.access.gate import INSTALLATION
from stoep.cityhall.crisis import switch_crisis
from stoep.common import clock
from stoep.events.tests.planners import NOW, Planner
from stoep.feed.fragments import forget_cards
from stoep.operations.cast import Cast


@pytest.fixture(autouse=True)
def still_clock() -> Iterator[datetime]:
    with clock.frozen(NOW) as now:
        yield now


@pytest.fixture
def visit(cast: Cast) -> Callable[[str], Planner]:
    """`visit("neighbour")`: that member of the cast, signed in."""
    forget_cards()
    return lambda key: Planner(cast[key])


@pytest.fixture
def crisis(cast: Cast) -> Callable[[bool], None]:
    """`crisis(True)`: Hasselt is in crisis mode."""

    def switched(is_on: bool) -> None:
        switch_crisis(person=INSTALLATION, municipality=cast.cities["hasselt"], is_on=is_on, now=clock.now())
        forget_cards()

    return switched
