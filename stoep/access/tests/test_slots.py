"""Places on a page for apps above: the lowest order first, no more than there is room, and no question too many."""

from datetime import UTC, datetime
from typing import Any

import pytest

from stoep.access import slots
from stoep.access.slots import Slot, filled, register
from stoep.people.models import Person

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SOMEBODY = Person(name="Marie Peeters")


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Whom the page asked; the slots of the real apps are put aside."""
    monkeypatch.setattr(slots, "_registry", slots._Registry())
    return []


def _offer(asked: list[str], name: str, *, place: str = "feed.top", order: int = 1, facts: Any = None) -> None:
    def fill(_person: Person, _now: datetime) -> Any:
        asked.append(name)
        return facts

    register(Slot(place, order, fill, f"{name}.html"))


def test_above_the_feed_stands_one_at_most_and_who_comes_later_is_not_asked(asked: list[str]) -> None:
    _offer(asked, "third", order=3, facts={"it": 3})
    _offer(asked, "second", order=2, facts={})
    _offer(asked, "first", order=1)
    assert filled("feed.top", SOMEBODY, NOW) == [("second.html", {})]
    assert asked == ["first", "second"]


def test_on_the_side_several_stand_below_each_other(asked: list[str]) -> None:
    for order in (2, 1):
        _offer(asked, f"side {order}", place="feed.side", order=order, facts={"order": order})
    _offer(asked, "top", facts={})
    assert [slot.facts["order"] for slot in filled("feed.side", SOMEBODY, NOW)] == [1, 2]


def test_a_place_that_no_page_asks_for_is_refused(asked: list[str]) -> None:
    with pytest.raises(ValueError, match=r"feed\.bottom"):
        _offer(asked, "lost", place="feed.bottom")
