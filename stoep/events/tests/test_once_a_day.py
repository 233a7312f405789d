"""Who wants to hear of their own things once a day reads in the daily mail what changed where they come."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from stoep.common import clock
from stoep.delivery.bell import read_all
from stoep.delivery.choosing import choose_mail
from stoep.delivery.models import Mail, OutboxEntry, Pace
from stoep.delivery.sending import handle_entry
from stoep.delivery.tests.days import Days
from stoep.events.tests.planners import NOW, Planner, day_of
from stoep.feed.models import Post
from stoep.operations.cast import Cast
from stoep.people.models import Block, Person

GoesTo = Callable[[str], Planner]
Five = Callable[..., str]
CHANGED = "There is another day, hour or place"


@pytest.fixture(autouse=True)
def _hears_once_a_day(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stoep.delivery.digest.BUSY", 0)  # a mail each day, however little happens
    Person.objects.filter(pk=cast["second-neighbour"].pk).update(language="en")
    choose_mail(person=cast["second-neighbour"], paces={"mine": Pace.DAILY}, is_weekly=False, now=NOW)


@pytest.fixture
def party(visit: GoesTo) -> Post:
    """Marie's, on Saturday in a week; Ahmed said that he comes."""
    post = visit("neighbour").plan("Street party")
    visit("second-neighbour").say(post)
    return post


@pytest.fixture
def five(cast: Cast) -> Five:
    """The daily mail of Ahmed on Friday, or so many days later, after whatever waits was handed out."""

    def at(days: int = 0) -> str:
        moment, town = NOW.replace(hour=16) + timedelta(days=days), Days(cast)
        town.hand_out(moment - timedelta(minutes=30))
        mail = town.five(moment).get("second-neighbour")
        return mail.text if mail else ""

    return at


def test_a_change_stands_in_it_once(visit: GoesTo, party: Post, five: Five) -> None:
    visit("neighbour").change(party, at="16:00")
    text = five()
    assert CHANGED in text
    assert "Street party" in text
    assert f"/posts/{party.pk}/" in text
    with clock.frozen(NOW + timedelta(days=1)):
        visit("ambassador").place("Something new")
    tomorrow = five(1)
    assert "Something new" in tomorrow
    assert CHANGED not in tomorrow
    assert not Mail.objects.filter(kind="events/mail/changed").exists()


def test_changed_again_it_is_told_again(visit: GoesTo, party: Post, five: Five) -> None:
    visit("neighbour").change(party, at="16:00")
    assert CHANGED in five()
    with clock.frozen(NOW + timedelta(days=1)):
        visit("neighbour").change(party, at="17:00")
    assert CHANGED in five(1)
    assert CHANGED not in five(2)


def test_called_off_it_is_told(visit: GoesTo, party: Post, five: Five) -> None:
    visit("neighbour").send("event_cancellation", day_of(party).pk, reason="Rain")
    assert "It was called off" in five()


def test_what_one_has_seen_behind_the_bell_is_not_told_again(
    visit: GoesTo, party: Post, cast: Cast, five: Five
) -> None:
    visit("neighbour").change(party, at="16:00")
    for entry in OutboxEntry.objects.filter(handled_at=None):
        handle_entry(entry.pk, now=clock.now())
    read_all(person=cast["second-neighbour"], now=clock.now())
    assert CHANGED not in five()


def test_nor_what_is_over_or_behind_a_block(visit: GoesTo, party: Post, cast: Cast, five: Five) -> None:
    visit("neighbour").change(party, at="16:00")
    Block.objects.create(person=cast["second-neighbour"], blocked=cast["neighbour"], created_at=clock.now())
    assert CHANGED not in five()
    Block.objects.all().delete()
    assert CHANGED not in five(9), "it took place"


def test_who_hears_at_once_or_never_does_not_read_it_there(visit: GoesTo, party: Post, cast: Cast, five: Five) -> None:
    choose_mail(person=cast["second-neighbour"], paces={"mine": Pace.NEVER}, is_weekly=False, now=NOW)
    visit("neighbour").change(party, at="16:00")
    assert CHANGED not in five()
    assert not Mail.objects.filter(kind="events/mail/changed").exists()


def test_where_little_happens_it_waits_no_week_for_it(
    visit: GoesTo, party: Post, cast: Cast, five: Five, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stoep.delivery.digest.BUSY", 100)
    visit("ambassador").place("Something new")
    assert "Something new" in five()
    with clock.frozen(NOW + timedelta(days=1)):
        visit("ambassador").place("Something newer")
        assert five(1) == "", "that waits for the week"
        visit("neighbour").change(party, at="16:00")
    assert CHANGED in five(2)
    choose_mail(person=cast["second-neighbour"], paces={"mine": Pace.DAILY}, is_weekly=True, now=NOW)
    with clock.frozen(NOW + timedelta(days=3)):
        visit("neighbour").change(party, at="17:00")
    assert five(3) == "", "and so does all, for who wants one mail a week"
