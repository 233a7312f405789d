"""Below a feed that is only beginning: what is planned soon, by neighbours or by the city."""

from datetime import datetime, timedelta
from typing import Any

from stoep.access.slots import Slot
from stoep.events.queries import agenda
from stoep.people.models import Person

SOON, MOST = timedelta(weeks=6), 3


def _soon(person: Person, now: datetime) -> dict[str, Any] | None:
    lines = agenda(person, since=now, until=now + SOON, most=MOST)
    return {"lines": lines} if lines else None


BELOW_FEED = Slot("feed.beginning", 10, _soon, "events/_soon.html")
