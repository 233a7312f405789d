"""For the walk: a day of an event beside a post, whatever its kind."""

from datetime import timedelta

from stoep.common import clock
from stoep.events.models import Event, Occurrence
from stoep.feed.models import Post


def event_at(post: Post) -> Occurrence:
    tomorrow = clock.now() + timedelta(days=1)
    made = Event.objects.create(post=post, starts_at=tomorrow, place=f"Place of {post.title}")
    return Occurrence.objects.create(event=made, starts_at=tomorrow)
