"""What the agenda hands to the daily mail: what takes place within a week. Each day of an event is told once.

As in feed/digest.py the rule of `visible_to` stands here once more, in memory, for many readers in one query.
"""

from datetime import datetime, timedelta
from uuid import UUID

from stoep.access.audience import home_of
from stoep.delivery.digest_lines import Line, Rank, Readers, Source
from stoep.delivery.links import site_url
from stoep.delivery.models import Stream
from stoep.events.models import Occurrence
from stoep.events.queries import WITH_POST
from stoep.feed.digest import audiences_of, kept_out
from stoep.feed.kinds import KINDS
from stoep.people.models import Person
from stoep.places.models import Neighbourhood

LOOKS_AHEAD = timedelta(days=7)


def lines(readers: Readers) -> dict[UUID, list[Line]]:
    audiences = audiences_of(readers)
    days = list(
        Occurrence.objects.filter(
            event__post__audience__in=set(audiences),
            event__post__removed_at=None,
            starts_at__range=(readers.until, readers.until + LOOKS_AHEAD),
            cancelled_at=None,
        )
        .select_related(*WITH_POST)
        .order_by("starts_at", "id")
    )
    found: dict[UUID, list[Line]] = {}
    for person in readers.people:
        home = home_of(person.standing)
        found[person.pk] = [
            _line(day, readers)
            for day in days
            if home and audiences[day.event.post.audience_id].includes(home) and _is_told(person, day)
        ]
    return found


def _is_told(person: Person, day: Occurrence) -> bool:
    """Not what they planned themselves, nor of whom a block or a mute keeps out."""
    post, horizon = day.event.post, person.standing.horizon
    if post.author_id == person.pk or (horizon is not None and post.created_at < horizon):
        return False
    return post.speaking_for_id is not None or post.author_id not in kept_out(person)


def _line(day: Occurrence, readers: Readers) -> Line:
    post = day.event.post
    is_official = post.speaking_for_id is not None
    return Line(
        notice="events.agenda",
        subject_id=day.pk,
        rank=Rank.AGENDA,
        stream=Stream.CITY if is_official else Stream.NEIGHBOURHOOD,
        chip=KINDS[post.kind].label,
        title=f"{post.title} ({day.event.place})",
        link=site_url(readers.municipality, f"/posts/{post.pk}/"),
        created_at=post.created_at,
        may_be_answered=False,
        moment=day.starts_at,
    )


def activity(_neighbourhood: Neighbourhood, _since: datetime) -> int:
    """The posts are counted by the feed."""
    return 0


SOURCE = Source("events", lines, activity)
