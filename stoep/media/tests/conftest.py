"""What the tests of photos share: people who visit the feed, and the worker's hand."""

from collections.abc import Callable

import pytest

from stoep.feed.fragments import forget_cards
from stoep.feed.tests.visits import Visit
from stoep.operations.cast import Cast


@pytest.fixture
def visit(cast: Cast) -> Callable[[str], Visit]:
    """`visit("neighbour")`: that member of the cast, signed in."""
    forget_cards()
    return lambda key: Visit(cast[key])
