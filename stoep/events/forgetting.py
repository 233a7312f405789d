"""Events are kept for three months after they were (docs/trust.md 4.3); of the city's only who came is forgotten."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from stoep.events.models import Event, Occurrence
from stoep.feed.forgetting import delete_posts
from stoep.people.data_map import months

KEPT = months(3)


def forget_days(now: datetime) -> int:
    """Days of long ago, with who came and who met there; also of what still goes on, and of the city's events."""
    _all, gone = Occurrence.objects.filter(starts_at__lt=now - KEPT).delete()
    return gone.get("events.Occurrence", 0)


def forget_events(now: datetime) -> int:
    """What has no day left."""
    left = Occurrence.objects.filter(event=OuterRef("pk"))
    old = Event.objects.filter(~Exists(left), starts_at__lt=now - KEPT)
    return delete_posts(Q(pk__in=old.values("post")))
