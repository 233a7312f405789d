"""What people choose to hear and when. A choice works on the next mail, also on one that waits to be sent already."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from stoep.access.gate import require
from stoep.delivery.models import DIGEST, Mail, MailChoices, Pace, Stream
from stoep.delivery.stopping import ALL, WEEKLY, Stop, read_token
from stoep.people.models import Person

STREAMS = [stream.value for stream in Stream]


def choices_of(person_id: UUID) -> MailChoices:
    """What this person chose, or the defaults."""
    return MailChoices.objects.filter(pk=person_id).first() or MailChoices(person_id=person_id)


def choices_of_all(person_ids: Collection[UUID]) -> dict[UUID, MailChoices]:
    """As `choices_of`, for many in one query."""
    found = MailChoices.objects.in_bulk(list(person_ids))
    return {person_id: found.get(person_id) or MailChoices(person_id=person_id) for person_id in person_ids}


@transaction.atomic
def choose_mail(*, person: Person, paces: Mapping[str, str], is_weekly: bool, now: datetime) -> None:
    """Keep when to hear of each stream that is named; the others stay as they were."""
    require(person, "delivery:mail:choose", person, now=now)
    _keep(person.pk, paces, is_weekly=is_weekly, now=now)


@transaction.atomic
def stop_all_mail(*, person: Person, now: datetime) -> None:
    """Nothing more, but what one asks for oneself (the link to come in)."""
    require(person, "delivery:mail:choose", person, now=now)
    _keep(person.pk, dict.fromkeys(STREAMS, Pace.NEVER), now=now)


@transaction.atomic
def stop_by_link(*, token: str, now: datetime) -> Stop | None:
    """What the button behind a mail's link does; the token is the proof. Pressed twice, it answers the same."""
    stop = open_stop(token)
    if stop is None:
        return None
    if stop.wish == WEEKLY:
        _keep(stop.person_id, {}, is_weekly=True, now=now)
    else:
        _keep(stop.person_id, dict.fromkeys(_streams_of(stop), Pace.NEVER), now=now)
    return stop


def open_stop(token: str) -> Stop | None:
    """What a link would stop, without doing it. None: not a token of ours, or of somebody who left."""
    stop = read_token(token)
    is_here = stop is not None and Person.objects.filter(pk=stop.person_id, left_at=None).exists()
    return stop if is_here else None


def _streams_of(stop: Stop) -> list[str]:
    """The daily mail is stopped by stopping what it holds."""
    if stop.wish == ALL:
        return STREAMS
    if stop.wish == DIGEST:
        choices = choices_of(stop.person_id)
        return [stream for stream in STREAMS if choices.pace_of(stream) == Pace.DAILY]
    return [stop.wish]


def _keep(person_id: UUID, paces: Mapping[str, str], *, is_weekly: bool | None = None, now: datetime) -> None:
    MailChoices.objects.get_or_create(person_id=person_id, defaults={"changed_at": now})
    choices = MailChoices.objects.select_for_update().get(pk=person_id)
    for stream, pace in paces.items():
        setattr(choices, stream, pace)
    if is_weekly is not None:
        choices.is_weekly = is_weekly
    choices.changed_at = now
    choices.save()
    _drop_waiting(choices)


def _drop_waiting(choices: MailChoices) -> None:
    """A mail that waits for the server, of a stream that was stopped meanwhile, is not sent."""
    stopped = [stream for stream in STREAMS if choices.pace_of(stream) == Pace.NEVER]
    is_unwanted = Q(stream__in=stopped)
    if all(choices.pace_of(stream) != Pace.DAILY for stream in STREAMS):
        is_unwanted |= Q(stream=DIGEST)
    waiting = Mail.objects.filter(is_unwanted, person=choices.person_id, state=Mail.State.WAITING)
    waiting.update(state=Mail.State.EXPIRED)


def wanting(people: Iterable[Person], stream: str, pace: Pace) -> set[UUID]:
    """Who of these wants to hear of the stream at that pace."""
    ids = [person.pk for person in people]
    return {person_id for person_id, one in choices_of_all(ids).items() if one.pace_of(stream) == pace}
