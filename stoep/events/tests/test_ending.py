"""How it ends: with whoever leaves, with whoever is erased, and three months after it was."""

from collections.abc import Callable
from datetime import timedelta

from stoep.common import clock
from stoep.events.forgetting import KEPT, forget_days, forget_events
from stoep.events.models import Attendance, Event, Occurrence
from stoep.events.tests.planners import Planner, day_of, local, mailed
from stoep.feed.models import Post
from stoep.people.data_map import declarations
from stoep.privacy.actions import leave
from stoep.privacy.erasing import erase_due

GoesTo = Callable[[str], Planner]


def test_whoever_leaves_comes_no_more_and_their_seat_is_free(visit: GoesTo) -> None:
    author, leaves, waits = visit("neighbour"), visit("second-neighbour"), visit("ambassador")
    post = author.plan(seats="2")
    leaves.say(post, together="2")
    waits.say(post)
    leave(person=leaves.person, now=clock.now())
    assert waits.mine(post).waiting_since is None
    assert day_of(post).coming == 1
    assert set(mailed("seat")) == {waits.person}
    assert "Ahmed" not in waits.read(post)


def test_what_somebody_planned_goes_with_them_and_those_who_come_hear_it(visit: GoesTo) -> None:
    author, comes = visit("neighbour"), visit("second-neighbour")
    post = author.plan()
    comes.say(post)
    comes.answer(post, "Shall I bring chairs?")
    leave(person=author.person, now=clock.now())
    assert set(mailed("cancelled")) == {comes.person}
    later = clock.now() + timedelta(days=15)
    with clock.frozen(later):
        erase_due(later)
    assert Post.objects.get().kind == "gone"
    assert not Event.objects.exists()
    assert not Attendance.objects.exists()


def test_three_months_after_it_was_nothing_is_left(visit: GoesTo) -> None:
    author, guest = visit("neighbour"), visit("second-neighbour")
    once, weekly = author.plan(), author.plan("Walk", repeats="weekly")
    message = author.place("A walk, some day", kind="activity")
    guest.say(once)
    guest.say(weekly)
    at = local("2026-11-28 14:00") + KEPT
    for moment, days in ((at - timedelta(hours=1), 0), (at + timedelta(hours=1), 2)):
        assert forget_days(moment) == days
        assert forget_events(moment) == days // 2
    assert set(Post.objects.all()) == {weekly, message}
    assert not Attendance.objects.exists()
    assert Occurrence.objects.filter(event__post=weekly).exists()


def test_what_somebody_answered_is_in_their_download(visit: GoesTo) -> None:
    author, guest = visit("neighbour"), visit("second-neighbour")
    guest.say(author.plan(), brings="Soup")
    found = {
        each.table: list(each.exported.rows(each.model, guest.person))
        for each in declarations()
        if each.table == "events.Attendance" and hasattr(each.exported, "rows")
    }
    assert found["events.Attendance"][0]["brings"] == "Soup"
