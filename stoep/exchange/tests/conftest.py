"""What the tests of the exchange share: people who visit it."""

from collections.abc import Callable

import pytest

from stoep.exchange.tests.sharing import Visit
from stoep.feed.fragments import forget_cards
from stoep.operations.cast import Cast


@pytest.fixture
def visit(cast: Cast) -> Callable[[str], Visit]:
    """`visit("neighbour")`: that member of the cast, signed in."""
    return lambda key: Visit(cast[key])


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    forget_cards()
