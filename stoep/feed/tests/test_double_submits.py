"""Sent a thousand times, it stands there once; somebody else's key is somebody else's."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from uuid import UUID, uuid4

import pytest
from django.db import connection

from stoep.delivery.models import OutboxEntry
from stoep.feed.models import Comment, Post, Thanks
from stoep.feed.tests.visits import Visit
from stoep.operations.cast import Cast, make_cast

AT_ONCE = 8
SENT = 504


@pytest.fixture
def town(transactional_db: None) -> Cast:
    """Really committed, so that threads see each other's work."""
    del transactional_db
    return make_cast()


def test_a_thousand_double_submits_make_one_post(town: Cast) -> None:
    key = uuid4()
    author = Visit(town["neighbour"])
    first = author.offer(key=key)
    assert first.status_code == 302
    statuses = [author.offer(key=key).status_code for _again in range(SENT)]
    statuses += _at_once(partial(_offer, town, key), SENT)
    assert set(statuses) == {302}
    assert Post.objects.count() == 1
    assert OutboxEntry.objects.count() == 1


def test_many_first_submits_at_once_make_one_post(town: Cast) -> None:
    for key in [uuid4() for _round in range(5)]:
        assert set(_at_once(partial(_offer, town, key), AT_ONCE)) == {302}
    assert Post.objects.count() == 5
    assert OutboxEntry.objects.count() == 5


def test_many_submits_of_an_answer_make_one_answer(town: Cast) -> None:
    post = Visit(town["neighbour"]).place()
    key = uuid4()
    statuses = _at_once(lambda: Visit(town["second-neighbour"]).reply(post, key=key).status_code, 40)
    assert set(statuses) == {302}
    assert Comment.objects.count() == 1
    post.refresh_from_db()
    assert post.comment_count == 1


def test_somebody_elses_key_is_not_mine(town: Cast) -> None:
    key = uuid4()
    mine = Visit(town["neighbour"]).place("Mine", key=key)
    theirs = Visit(town["second-neighbour"]).place("Theirs", key=key)
    assert mine.pk != theirs.pk
    assert Visit(town["neighbour"]).reply(theirs, key=key).status_code == 302  # nor is a post's key an answer's
    assert Comment.objects.count() == 1


def test_counters_are_right_when_everybody_comes_at_once(town: Cast) -> None:
    post = Visit(town["neighbour"]).place()
    people = [Visit(town[key]) for key in ("neighbour", "second-neighbour", "ambassador", "newcomer")]
    turns: Iterator[int] = iter(range(80))

    def act() -> int:
        turn = next(turns)
        who = people[turn % len(people)]
        name = "thanks" if turn // len(people) % 3 else "remove_thanks"
        return int(Visit(who.person).send(name, post.pk).status_code)

    assert set(_at_once(act, 80)) == {302}
    _at_once(lambda: Visit(town["second-neighbour"]).reply(post).status_code, 20)
    comments = list(Comment.objects.values_list("pk", flat=True))
    again = iter([pk for pk in comments for _twice in range(2)])
    _at_once(lambda: Visit(town["second-neighbour"]).send("remove_comment", next(again)).status_code, 2 * len(comments))
    post.refresh_from_db()
    assert post.thanks_count == Thanks.objects.filter(post=post).count()
    assert post.comment_count == Comment.objects.filter(post=post, removed_at=None).count() == 0


def _offer(town: Cast, key: UUID) -> int:
    return int(Visit(town["neighbour"]).offer(key=key).status_code)


def _at_once(act: Callable[[], int], times: int) -> list[int]:
    """`times` calls, eight at a time, each thread with a connection of its own that it closes."""

    def in_thread(share: int) -> list[int]:
        try:
            return [act() for _turn in range(share)]
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as threads:
        found = list(threads.map(in_thread, [times // AT_ONCE] * AT_ONCE))
    return [status for share in found for status in share]
