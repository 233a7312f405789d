"""In the daily mail of the neighbourhoods next door: what was opened to them because nobody answered."""

from datetime import datetime
from uuid import UUID

from stoep.delivery.digest_lines import Line, Readers, Source
from stoep.exchange.models import HelpRequest, LostFound
from stoep.feed.digest import opened_lines
from stoep.places.models import Neighbourhood


def _lines(readers: Readers) -> dict[UUID, list[Line]]:
    opened: dict[UUID, datetime] = {}
    for model in (HelpRequest, LostFound):
        recent = model.objects.filter(opened_next_door_at__gt=readers.since, opened_next_door_at__lte=readers.until)
        elsewhere = recent.exclude(post__membership__neighbourhood=readers.neighbourhood)
        opened |= {each.post_id: each.opened_next_door_at for each in elsewhere if each.opened_next_door_at}
    return opened_lines(readers, opened) if opened else {}


def _activity(_neighbourhood: Neighbourhood, _since: datetime) -> int:
    """The feed counts the posts."""
    return 0


SOURCE = Source("exchange.helping", _lines, _activity)
