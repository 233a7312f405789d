"""Beside the feed: the requests of neighbours that wait longest, so that none sinks unseen."""

from datetime import datetime, timedelta
from typing import Any

from stoep.access.slots import Slot
from stoep.common.ids import least_id
from stoep.exchange.queries import waiting_requests
from stoep.people.models import Person

MOST, WAITS_AFTER, WAITS_UNTIL = 3, timedelta(hours=3), timedelta(days=14)


def _waiting(person: Person, now: datetime) -> dict[str, Any] | None:
    """By their ids, which sort by time: so the database reads two weeks of posts and not all."""
    oldest, newest = least_id(now - WAITS_UNTIL), least_id(now - WAITS_AFTER)
    found = waiting_requests(person).filter(pk__gte=oldest, pk__lt=newest, comment_count=0)
    others = found.exclude(author__in=[person.pk, *person.standing.muted])
    posts = list(others.only("pk", "title", "created_at")[:MOST])
    return {"posts": posts} if posts else None


WAITING = Slot("feed.side", 10, _waiting, "exchange/_waiting.html")
