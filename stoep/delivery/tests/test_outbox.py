"""What is told exists if and only if the thing itself does; made once; for whom it concerns at that moment."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import transaction
from procrastinate.contrib.django import app as django_app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.contrib.django.models import ProcrastinateJob

from stoep.common import clock
from stoep.delivery import notices, queue
from stoep.delivery.models import Mail, OutboxEntry
from stoep.delivery.notices import Notice, Told, register
from stoep.delivery.outbox import tell
from stoep.delivery.sending import handle_entry, sweep
from stoep.delivery.tests.conftest import MakeMails
from stoep.operations.cast import Cast
from stoep.people.models import Person

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("no_jobs")]


@dataclass
class Bell:
    """A notice of the test's own: whom it reaches, and for whom it goes wrong."""

    people: list[Person] = field(default_factory=list)
    wrong_for: set[UUID] = field(default_factory=set)
    is_broken: bool = False

    def recipients(self, _told: Told) -> list[Person]:
        if self.is_broken:
            raise LookupError
        return list(Person.objects.filter(pk__in=[person.pk for person in self.people]))

    def context(self, _told: Told, reader: Person) -> dict[str, Any] | None:
        if reader.pk in self.wrong_for:
            raise ZeroDivisionError
        return {"code": reader.name}


@pytest.fixture
def bell() -> Iterator[Bell]:
    one = Bell()
    register(Notice("test.rung", one.recipients, "joining/mail/staff_code", one.context))
    yield one
    del notices._registry.notices["test.rung"]


@pytest.fixture
def told(cast: Cast) -> Callable[..., OutboxEntry]:
    def make(notice: str = "test.rung", now: datetime | None = None) -> OutboxEntry:
        city = cast.cities["hasselt"]
        return tell(notice, municipality_id=city.pk, subject_id=uuid4(), actor=None, now=now or clock.now())

    return make


def mailed() -> set[str]:
    return set(Mail.objects.values_list("person__name", flat=True))


def test_a_thing_that_is_rolled_back_is_told_to_nobody(told: Callable[..., OutboxEntry]) -> None:
    with transaction.atomic():
        told()
        transaction.set_rollback(True)
    assert (OutboxEntry.objects.count(), ProcrastinateJob.objects.count()) == (0, 0)
    with transaction.atomic():
        told()
    assert (OutboxEntry.objects.count(), ProcrastinateJob.objects.count()) == (1, 1)


def test_a_job_asked_for_inside_a_worker_is_part_of_the_transaction_too() -> None:
    with django_app.replace_connector(DjangoConnector().get_worker_connector()):
        with transaction.atomic():
            queue.later("delivery.send_mails")
            transaction.set_rollback(True)
        assert ProcrastinateJob.objects.count() == 0


def test_an_entry_handled_twice_makes_each_mail_once(cast: Cast, bell: Bell, told: Callable[..., OutboxEntry]) -> None:
    bell.people = [cast["neighbour"], cast["second-neighbour"]]
    entry = told()
    assert handle_entry(entry.pk, now=clock.now()) == 2
    assert handle_entry(entry.pk, now=clock.now()) == 0
    OutboxEntry.objects.update(handled_at=None)  # as after a restored copy of the database
    assert handle_entry(entry.pk, now=clock.now()) == 0
    assert Mail.objects.count() == 2
    assert ProcrastinateJob.objects.filter(task_name="delivery.send_mails").count() == 1


def test_whoever_did_not_confirm_their_address_or_left_gets_none(
    cast: Cast, bell: Bell, told: Callable[..., OutboxEntry]
) -> None:
    bell.people = [cast[key] for key in ("neighbour", "second-neighbour", "ambassador", "newcomer")]
    Person.objects.filter(pk=cast["second-neighbour"].pk).update(email_confirmed_at=None)
    Person.objects.filter(pk=cast["ambassador"].pk).update(left_at=clock.now())
    Person.objects.filter(pk=cast["newcomer"].pk).update(email="", email_hash="")
    assert handle_entry(told().pk, now=clock.now()) == 1
    assert mailed() == {cast["neighbour"].name}


def test_what_goes_wrong_for_one_reader_stops_no_other_and_is_tried_again(
    cast: Cast, bell: Bell, told: Callable[..., OutboxEntry]
) -> None:
    bell.people = [cast["neighbour"], cast["second-neighbour"], cast["ambassador"]]
    bell.wrong_for = {cast["second-neighbour"].pk}
    entry, now = told(), clock.now()
    assert handle_entry(entry.pk, now=now) == 2
    assert mailed() == {cast["neighbour"].name, cast["ambassador"].name}
    bell.wrong_for = set()
    assert handle_entry(entry.pk, now=now + timedelta(minutes=1)) == 1
    assert Mail.objects.count() == 3
    entry.refresh_from_db()
    assert entry.handled_at is not None


def test_the_sweep_finds_what_a_lost_job_left_and_waits_for_what_fails(
    cast: Cast, bell: Bell, told: Callable[..., OutboxEntry]
) -> None:
    bell.people = [cast["neighbour"]]
    now = clock.now()
    fresh, lost = told(), told(now=now - timedelta(minutes=2))
    bell.is_broken = True
    sweep(now=now)
    lost.refresh_from_db()
    assert (lost.handled_at, lost.tries) == (None, 1)
    bell.is_broken = False
    sweep(now=now)
    assert Mail.objects.count() == 0, "it failed a moment ago"
    sweep(now=now + timedelta(seconds=59))
    fresh.refresh_from_db()
    assert fresh.handled_at is None, "its own job has a minute"
    sweep(now=now + timedelta(minutes=1, seconds=1))
    assert not OutboxEntry.objects.filter(handled_at=None).exists()
    assert Mail.objects.count() == 2


def test_a_thing_that_only_open_pages_hear_of_makes_no_mail(told: Callable[..., OutboxEntry]) -> None:
    entry = told("test.nobody_mails_this")
    assert handle_entry(entry.pk, now=clock.now()) == 0
    entry.refresh_from_db()
    assert entry.handled_at is not None


def test_the_sweep_asks_for_the_sending_of_what_is_due_and_only_then(waiting_mails: MakeMails) -> None:
    now = clock.now()
    waiting_mails(1, start=now)
    sweep(now=now)
    assert not ProcrastinateJob.objects.exists()
    sweep(now=now + timedelta(seconds=1))
    asked = ProcrastinateJob.objects.get()
    assert (asked.task_name, asked.lock) == ("delivery.send_mails", "delivery.send_mails")
