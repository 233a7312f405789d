"""The day before, once, to those who come or might; whoever cannot come any more gives up the seat first."""

from collections.abc import Callable

from stoep.common import clock
from stoep.events.reminding import remind
from stoep.events.tests.planners import Planner, day_of, later, local, mailed
from stoep.operations.cast import Cast
from stoep.people.models import Membership

GoesTo = Callable[[str], Planner]


def test_those_who_come_or_might_are_reminded_once(visit: GoesTo) -> None:
    author, comes, might = visit("neighbour"), visit("second-neighbour"), visit("ambassador")
    post, off = author.plan(), author.plan("Called off")
    author.say(post, "no")
    for each, answer in ((comes, "yes"), (might, "maybe")):
        each.say(post, answer)
        each.say(off, answer)
    author.send("event_cancellation", day_of(off).pk, reason="")
    mailed("cancelled")
    for moment, number in (
        ("2026-11-26 12:00", 0),
        ("2026-11-27 09:59", 0),
        ("2026-11-27 10:00", 1),
        ("2026-11-27 18:00", 0),
    ):
        with clock.frozen(local(moment)):
            assert remind(clock.now()) == number, moment
    with clock.frozen(local("2026-11-27 18:00")):
        mails = mailed("reminder")
    assert set(mails) == {comes.person, might.person}
    assert "Tomorrow: Street party" in mails[comes.person].subject


def test_who_moved_gives_the_seat_to_who_waits(visit: GoesTo, cast: Cast) -> None:
    author, moved, waits = visit("neighbour"), visit("second-neighbour"), visit("ambassador")
    post = author.plan(seats="1")
    moved.say(post)
    waits.say(post)
    Membership.objects.filter(person=moved.person).update(neighbourhood=cast.neighbourhoods["Tuilt"])
    with later(days=7):
        remind(clock.now())
        assert set(mailed("reminder")) == {waits.person}
    assert waits.mine(post).waiting_since is None
    assert day_of(post).coming == 1


def test_another_day_is_reminded_of_anew(visit: GoesTo) -> None:
    author, comes = visit("neighbour"), visit("second-neighbour")
    post = author.plan()
    comes.say(post)
    with later(days=7):
        assert remind(clock.now()) == 1
        author.change(post, on="2026-12-05")
    with later(days=14):
        assert remind(clock.now()) == 1
