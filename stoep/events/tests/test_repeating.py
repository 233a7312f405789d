"""What comes back: by a rule, at the same hour on the wall, as far ahead as the agenda shows and two weeks more."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.db.models import QuerySet

from stoep.common import clock
from stoep.events.models import Occurrence
from stoep.events.planning import plan_ahead
from stoep.events.recurring import Repeats, days_of, end_of, repeats_of, rule_of, until_of
from stoep.events.tests.planners import HERE, Planner, day_of, event_of, later, local, mailed
from stoep.feed.models import Post
from stoep.feed.tests.visits import page

GoesTo = Callable[[str], Planner]


@pytest.mark.parametrize(
    ("repeats", "first", "days"),
    [
        (Repeats.WEEKLY, date(2026, 11, 28), ["28 Nov", "05 Dec", "12 Dec"]),
        (Repeats.FORTNIGHTLY, date(2026, 11, 28), ["28 Nov", "12 Dec", "26 Dec"]),
        (Repeats.MONTHLY, date(2026, 11, 14), ["14 Nov", "12 Dec", "09 Jan"]),
        (Repeats.MONTHLY, date(2026, 11, 29), ["29 Nov", "27 Dec", "31 Jan"]),
        (Repeats.NEVER, date(2026, 11, 28), ["28 Nov"]),
    ],
)
def test_a_rule_gives_its_days(repeats: Repeats, first: date, days: list[str]) -> None:
    start = datetime.combine(first, datetime.min.time()).replace(hour=10)
    rule = rule_of(repeats, first, date(2027, 2, 6))
    found = days_of(rule, start, after=start - timedelta(days=1), before=end_of(date(2027, 2, 6)))
    assert [f"{day:%d %b}" for day in found][:3] == days
    assert repeats_of(rule) == repeats
    assert until_of(rule) == (date(2027, 2, 6) if rule else None)


def test_a_walk_at_ten_stays_at_ten_when_the_clock_changes(visit: GoesTo) -> None:
    post = visit("neighbour").plan("Walk", on="2027-03-20", at="10:00", repeats="weekly", until="2027-04-03")
    hours = [day.starts_at.astimezone(HERE).hour for day in _days(post)]
    assert hours == [10, 10, 10]


def test_the_night_makes_the_days_that_came_within_reach_and_none_twice(visit: GoesTo) -> None:
    post = visit("neighbour").plan("Walk", repeats="weekly")
    made = _days(post).count()
    for _twice in range(2):
        plan_ahead(clock.now() + timedelta(weeks=4))
    assert _days(post).count() == made + 3
    for _twice in range(2):
        plan_ahead(clock.now() + timedelta(weeks=60))
    assert max(day.starts_at for day in _days(post)) < local("2027-11-29 00:00"), "for a year"


def test_another_hour_moves_all_that_is_to_come_and_keeps_the_answers(visit: GoesTo) -> None:
    author, guest = visit("neighbour"), visit("second-neighbour")
    post = author.plan("Walk", repeats="weekly")
    guest.say(day_of(post, 1))
    with later(days=9):
        assert author.change(post, on="2026-12-06", at="11:00").status_code == 302
    assert [day.starts_at for day in _days(post)[:3]] == [
        local("2026-11-28 14:00"),
        local("2026-12-06 11:00"),
        local("2026-12-13 11:00"),
    ]
    assert guest.mine(day_of(post, 1)).answer == "yes"
    assert set(mailed("changed")) == {guest.person}


def test_fewer_days_call_off_those_to_which_somebody_comes(visit: GoesTo) -> None:
    author, guest = visit("neighbour"), visit("second-neighbour")
    post = author.plan("Walk", repeats="weekly")
    guest.say(day_of(post, 1))
    author.tell_more(post, repeats="fortnightly")
    assert [f"{day.starts_at:%d %b}" for day in _days(post).filter(cancelled_at=None)[:3]] == [
        "28 Nov",
        "12 Dec",
        "26 Dec",
    ]
    assert f"{_days(post).get(cancelled_at__isnull=False).starts_at:%d %b}" == "05 Dec"
    assert set(mailed("cancelled")) == {guest.person}
    author.tell_more(post, repeats="")
    assert _days(post).filter(cancelled_at=None).count() == 1
    assert event_of(post).rule == ""


def test_every_day_has_a_page_and_an_answer_of_its_own(visit: GoesTo) -> None:
    author, guest = visit("neighbour"), visit("second-neighbour")
    post = author.plan("Walk", repeats="weekly")
    second = day_of(post, 1)
    assert f"/events/{second.pk}/" in guest.read(post)
    assert guest.say(second).headers["Location"] == f"/events/{second.pk}/#event"
    assert "1 comes" in page(guest.get("event", second.pk))
    assert "1 comes" not in guest.read(post)


def _days(post: Post) -> "QuerySet[Occurrence]":
    return Occurrence.objects.filter(event__post=post).order_by("starts_at")
