"""A clock that stands still, in the middle of an hour: no limit's window ends while a test counts."""

from collections.abc import Iterator
from datetime import datetime

import pytest

from stoep.common import clock


@pytest.fixture
def still_clock() -> Iterator[datetime]:
    with clock.frozen(clock.now().replace(minute=30, second=0)) as now:
        yield now
