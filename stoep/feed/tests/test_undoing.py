"""A minute to take it back: nobody is mailed before, and taken back nobody ever is. And a month to put it back."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings as site

from stoep.access.audience import city_audience
from stoep.common import clock
from stoep.common.ids import new_id
from stoep.delivery.models import Mail, OutboxEntry
from stoep.delivery.sending import handle_entry, sweep
from stoep.feed.actions import publish_post
from stoep.feed.models import Comment, Post
from stoep.feed.tests.visits import Visit, page
from stoep.operations.cast import Cast

GoesTo = Callable[[str], Visit]
MINUTE = timedelta(seconds=60)


@pytest.fixture(autouse=True)
def _a_minute(settings: Any) -> None:
    settings.UNDO_FOR = MINUTE


def entries(notice: str) -> list[OutboxEntry]:
    return list(OutboxEntry.objects.filter(notice=notice))


def test_news_waits_a_minute(visit: GoesTo) -> None:
    author, other = visit("neighbour"), visit("second-neighbour")
    other.answer(author.place())
    for entry in OutboxEntry.objects.all():
        assert entry.due_at == entry.told_at + MINUTE


def test_what_is_urgent_does_not_wait(cast: Cast) -> None:
    everybody = city_audience(cast.cities["hasselt"], everybody=True)
    facts: dict[str, Any] = {
        "author": cast["editor"],
        "audience": everybody,
        "kind": "announcement",
        "title": "Water",
        "body": "",
    }
    facts |= {"speaking_for": cast.departments["Communicatie"], "now": clock.now()}
    publish_post(**facts, is_urgent=True, request_key=new_id())
    publish_post(**facts, request_key=new_id())
    urgent, calm = entries("feed.announcement")
    assert urgent.due_at is None
    assert calm.due_at == calm.told_at + MINUTE


def test_an_answer_that_was_taken_back_is_never_mailed(visit: GoesTo) -> None:
    author, other = visit("neighbour"), visit("second-neighbour")
    post = author.place()
    comment = other.answer(post)
    assert 'formaction="/comments/' in other.read(post)
    assert "Undo" in other.read(post)
    other.send("remove_comment", comment.pk)
    _an_hour_passes(clock.now())
    assert not Mail.objects.exists()


def test_an_answer_under_a_post_that_was_taken_back_is_never_mailed(visit: GoesTo) -> None:
    author, other = visit("neighbour"), visit("second-neighbour")
    post = author.place()
    other.answer(post)
    author.send("remove_post", post.pk)
    _an_hour_passes(clock.now())
    assert not Mail.objects.exists()


def test_an_answer_that_stands_is_mailed(visit: GoesTo) -> None:
    author, other = visit("neighbour"), visit("second-neighbour")
    other.answer(author.place())
    _an_hour_passes(clock.now())
    assert Mail.objects.count() == 1


def test_undo_stands_on_the_feed_and_the_page_as_long_as_the_minute_lasts(visit: GoesTo) -> None:
    author, other = visit("neighbour"), visit("second-neighbour")
    post = author.place()
    for html in (author.feed(), author.read(post)):
        assert "Your message is placed." in html
        assert f'formaction="/posts/{post.pk}/removal/"' in html
        assert "Undo" in html
    for html in (other.feed(), other.read(post)):
        assert "Undo" not in html
    with clock.frozen(clock.now() + MINUTE):
        for html in (author.feed(), author.read(post)):
            assert "Undo" not in html


def test_one_press_takes_it_back_and_another_puts_it_back(visit: GoesTo) -> None:
    author, other = visit("neighbour"), visit("second-neighbour")
    post = author.place("My mistake")
    response = author.send("remove_post", post.pk)
    assert "My mistake" not in other.feed()
    html = page(author.client.get(response.headers["Location"]))
    assert "My mistake" in html
    assert f'formaction="/posts/{post.pk}/restoration/"' in html
    author.send("restore_post", post.pk)
    assert "My mistake" in other.feed()


def test_it_comes_back_within_a_month_and_not_after(visit: GoesTo) -> None:
    author = visit("neighbour")
    post, late = author.place("One"), author.place("Two")
    for each in (post, late):
        author.send("remove_post", each.pk)
    with clock.frozen(clock.now() + timedelta(days=29)):
        assert author.send("restore_post", post.pk).status_code == 302
    with clock.frozen(clock.now() + timedelta(days=31)):
        assert "Two" not in page(author.get("my_posts"))
        assert author.send("restore_post", late.pk).status_code == 404
    assert Post.objects.get(removed_at=None) == post


def test_the_length_of_the_minute_is_a_setting() -> None:
    assert isinstance(site.UNDO_FOR, timedelta)


def _an_hour_passes(now: datetime) -> None:
    """The sweep finds what is due, and the worker handles it."""
    later = now + timedelta(hours=1)
    with clock.frozen(later):
        sweep(now=later)
        for entry in OutboxEntry.objects.filter(handled_at=None):
            handle_entry(entry.pk, now=later)
    assert Comment.objects.exists() or Post.objects.exists()
