"""What the feed's tests share: people who visit it."""

from collections.abc import Callable

import pytest

from stoep.feed.fragments import forget_cards
from stoep.feed.tests.visits import Visit
from stoep.operations.cast import Cast


@pytest.fixture
def visit(cast: Cast) -> Callable[[str], Visit]:
    """`visit("neighbour")`: that member of the cast, signed in."""
    return lambda key: Visit(cast[key])


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    """No card of an earlier test: ids are new each time, but the bound on how many are kept is shared."""
    forget_cards()
