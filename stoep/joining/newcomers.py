"""Newcomers for whom nobody speaks: a kind word after 60 days, the end after 90."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from stoep.delivery.outbox import tell
from stoep.joining.models import NewcomerReminder
from stoep.people.leaving import end_membership
from stoep.people.models import Membership, Person

REMINDED_AFTER = timedelta(days=60)
ENDED_AFTER = timedelta(days=90)
# Also where the nightly job stood still: nobody goes without having heard of it in time.
WARNED_BEFORE = timedelta(days=14)


def remind_newcomers(*, now: datetime) -> int:
    """Once each. Answers how many."""
    waiting = _waiting().filter(started_at__lte=now - REMINDED_AFTER, newcomer_reminder=None)
    for membership in list(waiting):
        with transaction.atomic():
            _reminder, is_new = NewcomerReminder.objects.get_or_create(
                membership=membership, defaults={"reminded_at": now}
            )
            if is_new:
                _tell("joining.newcomer_waits", membership, now=now)
    return len(waiting)


def end_newcomers(*, now: datetime) -> int:
    """Their membership ends; with a letter they come back at any time. Answers how many."""
    late = _waiting().filter(started_at__lte=now - ENDED_AFTER, newcomer_reminder__reminded_at__lte=now - WARNED_BEFORE)
    return sum(_end(membership, now=now) for membership in list(late))


def _end(membership: Membership, *, now: datetime) -> bool:
    """Asked again under a lock: a second neighbour may say yes at this very moment."""
    with transaction.atomic():
        still = _waiting().select_for_update(of=("self",)).filter(pk=membership.pk).first()
        if still is None:
            return False
        end_membership(still.person, now)
        _tell("joining.newcomer_ended", still, now=now)
    return True


def _waiting() -> QuerySet[Membership]:
    waiting = Membership.objects.filter(standing=Membership.Standing.PROVISIONAL, ended_at=None)
    return waiting.filter(person__left_at=None).select_related("person").order_by("started_at", "id")


def _tell(notice: str, membership: Membership, *, now: datetime) -> None:
    person: Person = membership.person
    tell(notice, municipality_id=person.municipality_id, subject_id=membership.pk, actor=None, now=now)
