"""What conversations hand to the daily mail: who wrote, one line for each conversation, and never what."""

from datetime import datetime
from uuid import UUID

from django.db.models import F, Q
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stoep.conversations.models import Message, Participant
from stoep.conversations.notices import NAME, PATH
from stoep.delivery.digest_lines import Line, Rank, Readers, Source
from stoep.delivery.links import site_url
from stoep.delivery.models import Pace, Stream
from stoep.media.queries import Faces, faces_of
from stoep.people.models import Person
from stoep.places.models import Neighbourhood


def lines(readers: Readers) -> dict[UUID, list[Line]]:
    """For those who want to hear of it once a day: what they have not seen."""
    waiting = {one.pk: one for one in readers.people if readers.choices[one.pk].chat == Pace.DAILY}
    rows = _unseen(readers, waiting)
    faces = faces_of({row.latest.author for row in rows if row.latest})
    found: dict[UUID, list[Line]] = {person.pk: [] for person in readers.people}
    for row in rows:
        reader = waiting[row.person_id]
        if row.latest and row.latest.author_id not in {reader.pk, *reader.standing.apart, *reader.standing.muted}:
            found[reader.pk].append(_line(reader, row.latest, faces, readers))
    return found


def _unseen(readers: Readers, waiting: dict[UUID, Person]) -> list[Participant]:
    rows = Participant.objects.filter(
        Q(seen_at=None) | Q(seen_at__lt=F("latest__created_at")),
        person__in=waiting,
        unread_count__gt=0,
        latest__removed_at=None,
        latest__author__left_at=None,
        latest__created_at__gt=readers.since,
        latest__created_at__lte=readers.until,
    )
    return list(rows.select_related("latest__author").order_by("-latest_id"))


def _line(reader: Person, message: Message, faces: Faces, readers: Readers) -> Line:
    writer = faces.shown(message.author, reader)
    with translation.override(reader.language):
        title = _("%(name)s sent you a message") % {"name": writer.name}
        outside = _("You have a new message")
    return Line(
        notice=NAME,
        subject_id=message.pk,
        rank=Rank.MINE,
        stream=Stream.CHAT,
        chip=gettext_lazy("Chat"),
        title=title,
        outside=outside,
        writer=writer.name,
        place=writer.place,
        link=site_url(readers.municipality, PATH.format(id=message.conversation_id)),
        created_at=message.created_at,
    )


def _activity(_neighbourhood: Neighbourhood, _since: datetime) -> int:
    """How much is said in private makes no mail come sooner: nobody counts it."""
    return 0


SOURCE = Source("conversations", lines, _activity)
