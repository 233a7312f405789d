"""A neighbourhood that is only beginning: how far it is on its way to enough neighbours, and the way to invite one."""

from datetime import datetime
from typing import Any

from stoep.access.gate import may
from stoep.access.slots import Slot
from stoep.people.models import Person
from stoep.people.standing import ENOUGH_NEIGHBOURS


def _progress(person: Person, now: datetime) -> dict[str, Any] | None:
    """From the person's own row alone: it is asked with every feed."""
    del now
    is_shown = person.standing.is_beginning and may(person, "joining:invitation:create", person)
    count = person.standing.member_count
    return {"count": count, "enough": ENOUGH_NEIGHBOURS, "leads": False} if is_shown else None


def _leading(person: Person, now: datetime) -> dict[str, Any] | None:
    """Where nothing else on the page asks for a step."""
    facts = _progress(person, now)
    return {**facts, "leads": True} if facts else None


# A place of its own: no question to a newcomer pushes it away, where everybody is one.
ABOVE_FEED = Slot("feed.progress", 10, _progress, "joining/_beginning.html")
ABOVE_PEOPLE = Slot("people.beginning", 10, _leading, "joining/_beginning.html")
