"""The bell counts right whoever does what at the same moment: its reader, and two workers."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection, transaction

from stoep.common import clock
from stoep.delivery.bell import read_about, read_all
from stoep.delivery.models import Notification, OutboxEntry
from stoep.delivery.sending import handle_entry
from stoep.events.tests.planners import NOW, Planner
from stoep.feed.models import Post
from stoep.people.models import Person

pytestmark = [pytest.mark.django_db(transaction=True)]
GoesTo = Callable[[str], Planner]


@pytest.fixture
def party(visit: GoesTo) -> Post:
    """It moved once, and Ahmed, who comes, was told."""
    post = visit("neighbour").plan("Street party")
    visit("second-neighbour").say(post)
    visit("neighbour").change(post, at="16:00")
    for pk in waiting():
        handle_entry(pk, now=clock.now())
    return post


def waiting() -> list[UUID]:
    return list(OutboxEntry.objects.filter(handled_at=None).values_list("pk", flat=True))


@contextmanager
def workers(entries: list[UUID]) -> Iterator[None]:
    """They begin inside the block, where its transaction is still open, and are done after it."""

    def run(pk: UUID) -> None:
        try:
            handle_entry(pk, now=clock.now())
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(pk,)) for pk in entries]
    with transaction.atomic():
        yield
        for each in threads:
            each.start()
        time.sleep(1)
    for each in threads:
        each.join(20)


def counts_right(person: Person) -> bool:
    unread = Notification.objects.filter(person=person, read_at=None).count()
    return unread == Person.objects.get(pk=person.pk).unread_count == 1


def test_read_while_it_rings_again(visit: GoesTo, party: Post) -> None:
    ahmed = visit("second-neighbour").person
    with clock.frozen(NOW + timedelta(minutes=5)):
        visit("neighbour").change(party, at="17:00")
        with workers(waiting()):
            read_about(Person.objects.get(pk=ahmed.pk), party.pk, now=clock.now())
    assert counts_right(ahmed)


def test_two_workers_at_once(visit: GoesTo, party: Post) -> None:
    ahmed = visit("second-neighbour").person
    read_all(person=ahmed, now=clock.now())
    for minutes, at in ((5, "17:00"), (6, "18:00")):
        with clock.frozen(NOW + timedelta(minutes=minutes)):
            visit("neighbour").change(party, at=at)
    with clock.frozen(NOW + timedelta(minutes=7)), workers(waiting()):
        Person.objects.select_for_update(no_key=True).get(pk=ahmed.pk)
    assert counts_right(ahmed)
