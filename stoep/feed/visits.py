"""What is new since somebody was last here: a line in the feed, kept for as long as a visit lasts."""

from datetime import datetime, timedelta

from django.contrib.sessions.backends.base import SessionBase

from stoep.people.models import Person

# Away for longer than this, and coming back is a new visit.
VISIT = timedelta(minutes=30)
KEY = "since"


def since_last_visit(session: SessionBase, person: Person, *, now: datetime) -> datetime | None:
    """The moment of the visit before this one; None on the first. Writes once a visit, never on a reload."""
    seen = person.feed_seen_at
    if seen is None or now - seen > VISIT or now < seen:
        session[KEY] = seen.isoformat() if seen else ""
        Person.objects.filter(pk=person.pk).update(feed_seen_at=now)
    kept = session.get(KEY, "")
    return datetime.fromisoformat(kept) if kept else None
