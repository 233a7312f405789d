"""What happened to one's own, for who wants to hear of it once a day: what rang their bell and was not looked at.

An app whose own lines say it better marks its notices as `has_lines`; all others stand here, in the words of the bell.
"""

import logging
from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from stoep.delivery.digest_lines import Line, Rank, Readers, Source, key_of
from stoep.delivery.links import site_url
from stoep.delivery.models import Notification, Pace, Stream
from stoep.delivery.notices import Notice, Told, notices
from stoep.people.models import Person
from stoep.places.models import Neighbourhood

logger = logging.getLogger(__name__)


def lines(readers: Readers) -> dict[UUID, list[Line]]:
    """One statement for all; more only for those whose bell rang."""
    waiting = {one.pk: one for one in readers.people if readers.choices[one.pk].mine == Pace.DAILY}
    mine = {one.name: one for one in notices() if one.stream == Stream.MINE and one.describe and not one.has_lines}
    rung = Notification.objects.filter(
        person__in=waiting,
        notice__in=mine,
        read_at=None,
        happened_at__gt=readers.since,
        happened_at__lte=readers.until,
    )
    by_person: dict[UUID, dict[str, list[Notification]]] = {}
    for row in rung.order_by("-happened_at", "-id"):
        by_person.setdefault(row.person_id, {}).setdefault(row.notice, []).append(row)
    found: dict[UUID, list[Line]] = {person.pk: [] for person in readers.people}
    for person_id, rows in by_person.items():
        for name, some in rows.items():
            found[person_id] += _safely(waiting[person_id], mine[name], some, readers)
    return found


def _safely(person: Person, notice: Notice, rows: list[Notification], readers: Readers) -> list[Line]:
    """What cannot be said to one keeps nobody else from their mail."""
    try:
        with transaction.atomic(), translation.override(person.language):
            return list(_lines(person, notice, rows, readers))
    except Exception:
        logger.exception("What %s tells could not stand in a daily mail", notice.name)
        return []


def _lines(person: Person, notice: Notice, rows: list[Notification], readers: Readers) -> Iterator[Line]:
    """One for each thing that it is about, by what happened last; what is not so any more is left out."""
    still = [row for row in rows if _is_still_so(notice, row, person, readers.until)]
    groups: dict[UUID, list[Notification]] = {}
    for row in still:
        groups.setdefault(row.group_id, []).append(row)
    about = {group_id: [row.subject_id for row in some] for group_id, some in groups.items()}
    words = notice.describe(person, about) if notice.describe and about else {}
    for group_id, rung in words.items():
        last, *before = groups[group_id]
        yield Line(
            notice=notice.name,
            subject_id=last.subject_id,
            rank=Rank.MINE,
            stream=Stream.MINE,
            chip=_("For you"),
            title=rung.title,
            text=rung.text,
            link=site_url(readers.municipality, rung.link),
            created_at=last.happened_at,
            may_be_answered=False,
            counted=tuple(key_of(notice.name, row.subject_id, row.happened_at) for row in before),
        )


def _is_still_so(notice: Notice, row: Notification, person: Person, now: datetime) -> bool:
    """As for a mail of its own: whether it concerns them still, and there is something to say."""
    told = Told(subject_id=row.subject_id, actor_id=row.actor_id, told_at=row.happened_at, now=now)
    people = notice.recipients(told)
    if isinstance(people, QuerySet):
        concerns = people.filter(pk=person.pk).exists()
    else:
        concerns = any(one.pk == person.pk for one in people)
    return concerns and notice.context(told, person) is not None


def _activity(_neighbourhood: Neighbourhood, _since: datetime) -> int:
    """What one or two people agree says nothing about how much is written."""
    return 0


SOURCE = Source("delivery.news", lines, _activity)
