"""On top of the square while the city is in crisis mode: what rests, and what neighbours still do for each other."""

from datetime import datetime
from typing import Any

from stoep.access.slots import Slot
from stoep.people.models import Person
from stoep.places.queries import crisis_since


def _crisis(person: Person, now: datetime) -> dict[str, Any] | None:
    """It comes before every other question: those rest as well."""
    since = crisis_since(person.municipality_id, now)
    return {"since": since} if since else None


CRISIS = Slot("feed.top", 10, _crisis, "exchange/_crisis.html")
