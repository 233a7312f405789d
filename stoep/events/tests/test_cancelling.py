"""Called off: those who come hear it at once, with the reason; also when the message itself is deleted."""

from collections.abc import Callable

import pytest

from stoep.delivery.models import OutboxEntry
from stoep.events.models import Event, Occurrence
from stoep.events.tests.planners import Planner, day_of, event_of, later, mailed
from stoep.feed.tests.visits import page

GoesTo = Callable[[str], Planner]


def test_those_who_come_or_might_hear_it_at_once(visit: GoesTo) -> None:
    author, comes, might = visit("neighbour"), visit("second-neighbour"), visit("ambassador")
    post = author.plan()
    comes.say(post)
    might.say(post, "maybe")
    assert "Call it off" in author.read(post)
    assert "Call it off" not in comes.read(post)
    for _twice in range(2):
        assert author.send("event_cancellation", day_of(post).pk, reason="A storm comes.").status_code == 302
    assert OutboxEntry.objects.filter(notice="events.cancelled").count() == 1
    mails = mailed("cancelled")
    assert set(mails) == {comes.person, might.person}
    assert "A storm comes." in mails[comes.person].text
    for html in (comes.read(post), comes.feed(), page(comes.get("agenda"))):
        assert "Called off" in html
    assert "A storm comes." in comes.read(post)
    assert "It was called off" in page(comes.get("notifications"))


def test_of_what_comes_back_one_day_or_all_to_come(visit: GoesTo) -> None:
    author, comes = visit("neighbour"), visit("second-neighbour")
    post = author.plan(repeats="weekly")
    first, second, third = (day_of(post, number) for number in range(3))
    for day in (first, second, third):
        comes.say(day)
    assert "Choose which days." in page(author.send("event_cancellation", first.pk, reason=""))
    author.send("event_cancellation", second.pk, which="day", reason="")
    assert event_of(post).cancelled_at is None
    assert Occurrence.objects.filter(cancelled_at__isnull=False).get() == second
    assert "December 5" in mailed("cancelled")[comes.person].text
    with later(days=9):
        author.send("event_cancellation", third.pk, which="all", reason="")
    assert event_of(post).cancelled_at
    first.refresh_from_db()
    assert first.cancelled_at is None, "what was, was"


def test_a_deleted_message_is_told_unless_it_is_put_back(visit: GoesTo) -> None:
    author, comes = visit("neighbour"), visit("second-neighbour")
    kept, gone = author.plan("Kept"), author.plan("Gone")
    for post in (kept, gone):
        comes.say(post)
        author.send("remove_post", post.pk)
    author.send("restore_post", kept.pk)
    mail = mailed("cancelled")[comes.person]
    assert "Gone" in mail.subject
    assert "/agenda/" in mail.text
    assert OutboxEntry.objects.filter(notice="events.cancelled").count() == 2
    assert len(mailed("cancelled")) == 1
    bell = page(comes.get("notifications"))
    assert "Gone" in bell
    assert "Gone" not in page(comes.get("agenda"))


@pytest.mark.parametrize(
    ("who", "status"), [("second-neighbour", 403), ("newcomer", 403), ("next-neighbourhood", 404), ("editor", 403)]
)
def test_only_who_planned_it_calls_it_off(who: str, status: int, visit: GoesTo) -> None:
    post = visit("neighbour").plan(shared=True)
    assert visit(who).send("event_cancellation", day_of(post).pk, reason="").status_code == status
    assert not Event.objects.filter(cancelled_at__isnull=False).exists()


def test_what_is_over_cannot_be_called_off(visit: GoesTo) -> None:
    author = visit("neighbour")
    post = author.plan()
    with later(days=9):
        assert "Call it off" not in author.read(post)
        assert "This is over." in page(author.send("event_cancellation", day_of(post).pk, reason=""))
