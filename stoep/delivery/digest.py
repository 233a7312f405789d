"""The daily mail: at 17:00 where people live, never empty, one a day at most, and nothing in it twice, ever."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction

from stoep.delivery import queue
from stoep.delivery.choosing import choices_of_all
from stoep.delivery.digest_lines import Line, Rank, Readers, key_of, sources
from stoep.delivery.digest_words import MOST_LINES, Contents, digest_mail
from stoep.delivery.letterbox import ask_for_sending
from stoep.delivery.models import Digest, DigestBatch, Mail, MailChoices, Pace
from stoep.delivery.sending import can_be_mailed
from stoep.people.models import Membership, Person
from stoep.people.queries import people_with_standing
from stoep.places.models import Municipality

HOUR = 17
PEOPLE_A_BATCH = 300
# How far back a mail looks. What was in an earlier one is left out by its key, not by its time, so that neither a
# night without a worker nor a change of the clock loses or repeats a thing.
WINDOW = timedelta(days=8)
# So long a writer may take something back.
SETTLED_FOR = timedelta(seconds=60)
WEEK = 7
# Fewer than this a week, and the mail comes weekly.
BUSY = 5
ASKED_AGAIN_AFTER = timedelta(minutes=10)


def plan_digests(*, now: datetime) -> int:
    """Note whose mail is made today, once, where it is 17:00 or later. Answers how many batches were asked for."""
    asked = 0
    for municipality in Municipality.objects.order_by("id"):
        local = now.astimezone(ZoneInfo(municipality.time_zone))
        if local.hour >= HOUR:
            asked += _plan(municipality, local.date(), now=now)
    return asked


@transaction.atomic
def _plan(municipality: Municipality, on: date, *, now: datetime) -> int:
    batches = DigestBatch.objects.filter(neighbourhood__municipality=municipality, on=on)
    if not batches.exists():
        DigestBatch.objects.bulk_create(_batches(municipality, on, now), ignore_conflicts=True)
        asked = list(batches.values_list("pk", flat=True))
    else:
        left = batches.filter(done_at=None, planned_at__lt=now - ASKED_AGAIN_AFTER)
        asked = list(left.values_list("pk", flat=True))
    for batch_id in asked:
        queue.later("delivery.make_digests", batch_id=str(batch_id))
    return len(asked)


def _batches(municipality: Municipality, on: date, now: datetime) -> Iterable[DigestBatch]:
    living = Membership.objects.filter(
        ended_at=None,
        neighbourhood__municipality=municipality,
        person__left_at=None,
        person__email_confirmed_at__isnull=False,
    )
    rows = living.order_by("neighbourhood_id", "person_id").values_list("neighbourhood_id", "person_id")
    for neighbourhood_id, group in groupby(rows, key=lambda row: row[0]):
        ids = [person_id for _place, person_id in group]
        for at in range(0, len(ids), PEOPLE_A_BATCH):
            part = ids[at : at + PEOPLE_A_BATCH]
            yield DigestBatch(
                neighbourhood_id=neighbourhood_id, on=on, first_id=part[0], last_id=part[-1], planned_at=now
            )


@transaction.atomic
def make_digests(batch_id: UUID, *, now: datetime) -> int:
    """The mails of one batch, or none of them. Run twice, it makes none twice. Answers how many."""
    found = DigestBatch.objects.select_for_update(skip_locked=True, of=("self",)).filter(pk=batch_id, done_at=None)
    batch = found.select_related("neighbourhood__municipality").first()
    if batch is None:
        return 0
    municipality = batch.neighbourhood.municipality
    made = 0
    # After midnight it would be tomorrow's: what was to be said then comes in that one.
    if now.astimezone(ZoneInfo(municipality.time_zone)).date() == batch.on:
        made = _make(batch, municipality, now=now)
    DigestBatch.objects.filter(pk=batch.pk).update(done_at=now)
    if made:
        ask_for_sending()
    return made


def _make(batch: DigestBatch, municipality: Municipality, *, now: datetime) -> int:
    people = _people_of(batch, municipality)
    if not people:
        return 0
    readers = Readers(
        municipality=municipality,
        neighbourhood=batch.neighbourhood,
        people=people,
        choices=choices_of_all([person.pk for person in people]),
        since=now - WINDOW,
        until=now - SETTLED_FOR,
    )
    told = _already_told(readers)
    lines = _lines(readers)
    is_quiet = sum(source.activity(batch.neighbourhood, now - timedelta(days=WEEK)) for source in sources()) < BUSY
    digests, mails = [], []
    for person in people:
        history, choices = told[person.pk], readers.choices[person.pk]
        contents = _contents(lines.get(person.pk, []), history, choices)
        if contents is None:
            continue
        # What happened to one's own waits no week for what the neighbourhood does not say.
        is_mine = any(line.rank == Rank.MINE for line in contents.lines)
        if not history.is_due(batch.on, is_weekly=choices.is_weekly or (is_quiet and not is_mine)):
            continue
        digests.append(Digest(person=person, on=batch.on, made_at=now, items=contents.keys))
        mails.append(digest_mail(person, readers, contents, on=batch.on, now=now))
    Digest.objects.bulk_create(digests)
    Mail.objects.bulk_create(mails)
    return len(mails)


def _people_of(batch: DigestBatch, municipality: Municipality) -> list[Person]:
    """Members who can be mailed, in the order of their ids."""
    living = Membership.objects.filter(
        neighbourhood=batch.neighbourhood_id, ended_at=None, person__gte=batch.first_id, person__lte=batch.last_id
    )
    found = people_with_standing(list(living.values_list("person_id", flat=True)))
    for person in found:
        person.municipality = municipality
    return sorted((one for one in found if one.standing.is_member and can_be_mailed(one)), key=lambda one: one.pk)


@dataclass
class _History:
    """What somebody was told already, and when."""

    days: list[date] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)

    def is_due(self, on: date, *, is_weekly: bool) -> bool:
        apart = WEEK if is_weekly else 1
        return all((on - day).days >= apart for day in self.days)


def _already_told(readers: Readers) -> dict[UUID, _History]:
    """In earlier daily mails, and in mails of their own."""
    told = {person.pk: _History() for person in readers.people}
    # A little further back than the mail itself looks: nothing in it may be at the edge of what is remembered.
    since = readers.since - timedelta(days=2)
    earlier = Digest.objects.filter(person__in=told, made_at__gte=since)
    for person_id, on, items in earlier.values_list("person_id", "on", "items"):
        told[person_id].days.append(on)
        told[person_id].keys.update(items)
    alone = Mail.objects.filter(person__in=told, entry__isnull=False, made_at__gte=since)
    facts = ("person_id", "entry__notice", "entry__subject_id", "entry__told_at")
    for person_id, notice, subject_id, told_at in alone.values_list(*facts):
        told[person_id].keys.add(key_of(notice, subject_id, told_at))
    return told


def _lines(readers: Readers) -> dict[UUID, list[Line]]:
    lines: dict[UUID, list[Line]] = {}
    for source in sources():
        for person_id, found in source.lines(readers).items():
            lines.setdefault(person_id, []).extend(found)
    return lines


def _contents(lines: list[Line], history: _History, choices: MailChoices) -> Contents | None:
    """What is new, in its order. None: nothing is."""
    new = [line for line in lines if choices.pace_of(line.stream) == Pace.DAILY and not line.was_told(history.keys)]
    if not new:
        return None
    new.sort(key=lambda line: (line.created_at, line.key), reverse=True)
    first_of_city = next((line for line in new if line.rank == Rank.CITY), None)
    ranked = sorted(new, key=lambda line: Rank.REST if _is_more_city(line, first_of_city) else line.rank)
    agenda = sorted((line for line in ranked if line.rank == Rank.AGENDA), key=_takes_place)
    posts = [line for line in ranked if line.rank != Rank.AGENDA]
    return Contents(
        lines=posts[:MOST_LINES],
        agenda=agenda[:MOST_LINES],
        more=max(0, len(posts) - MOST_LINES),
        keys=[key for line in new for key in (line.key, *line.counted)],
    )


def _is_more_city(line: Line, first: Line | None) -> bool:
    """One message of the city stands on top; more of them stand among the others."""
    return line.rank == Rank.CITY and line is not first


def _takes_place(line: Line) -> datetime:
    return line.moment or line.created_at
