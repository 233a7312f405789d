"""Below a feed that is only beginning: the list of what one has at home, for who ticked nothing yet."""

from datetime import datetime
from typing import Any

from stoep.access.slots import Slot
from stoep.exchange.shelf_queries import ticked
from stoep.people.models import Person


def _list(person: Person, now: datetime) -> dict[str, Any] | None:
    del now
    return None if person.standing.is_provisional or ticked(person) else {}


BELOW_FEED = Slot("feed.beginning", 20, _list, "exchange/_at_home.html")
