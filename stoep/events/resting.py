"""What rests while the city is in crisis mode: neighbours do not bring each other together, but by phone or online."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from stoep.access.gate import may
from stoep.events.models import Event, Occurrence
from stoep.feed.models import Post
from stoep.people.models import Person
from stoep.people.standing import Standing
from stoep.places.queries import crisis_since

RESTS = _("Meeting rests for a while, so that everybody stays healthy. By phone or online you can do it now.")
COMING_RESTS = _("Meeting rests for a while, so that everybody stays healthy. You can say “no”; the rest comes back.")
MEETING_RESTS = _("Counting who met rests for a while. Look after each other by phone.")


def rests(person: Person, event: Event) -> bool:
    """Whether somebody who else may come should not come now."""
    return not event.is_remote and not may(person, "events:event:gather", event.post)


def new_dates_rest(post: Post, *, is_remote: bool) -> bool:
    """Whether its author should plan nothing now. The city knows for itself what it invites to."""
    is_official = post.speaking_for_id is not None
    return not is_remote and not is_official and not may(post.author, "events:event:gather", post)


def card_rests(viewer: Standing, day: Occurrence, now: datetime) -> bool:
    """As `rests`, for many cards at once: it asks the database nothing."""
    is_remote = day.event.is_remote or day.event.post.speaking_for_id is not None
    return not is_remote and crisis_since(viewer.municipality_id, now) is not None
