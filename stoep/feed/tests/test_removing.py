"""Deleting: gone for everybody at once, back within thirty days and not after, and only by the author."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from stoep.common import clock
from stoep.feed.models import Comment, Post
from stoep.feed.tests.visits import Visit, page
from stoep.operations.cast import Cast

GoesTo = Callable[[str], Visit]


def test_a_deleted_post_is_gone_for_everybody_and_comes_back_whole(visit: GoesTo) -> None:
    author, reader = visit("neighbour"), visit("second-neighbour")
    post = author.place("Ladder", body="Who has one?", shared=True)
    reader.answer(post, "I do.")
    reader.send("thanks", post.pk)
    response = author.send("remove_post", post.pk)
    assert response.headers["Location"] == f"/posts/mine/?removed={post.pk}"
    for who in (author, reader, visit("editor")):
        assert who.get("post", post.pk).status_code == 404
    assert "Ladder" not in author.feed()
    assert "Ladder" not in reader.feed()
    html = page(author.get("my_posts", removed=str(post.pk)))
    assert "Your message is gone" in html
    assert f"/posts/{post.pk}/restoration/" in html
    response = author.send("restore_post", post.pk)
    assert response.headers["Location"] == f"/posts/{post.pk}/"
    for html in (reader.feed(), reader.read(post)):
        assert "Ladder" in html
        assert "I do." in html
        assert "Thanked 1" in html


def test_pressing_twice_is_pressing_once(visit: GoesTo) -> None:
    author = visit("neighbour")
    post = author.place()
    comment = author.answer(post)
    for name, pk in (
        ("remove_comment", comment.pk),
        ("restore_comment", comment.pk),
        ("remove_post", post.pk),
        ("restore_post", post.pk),
    ):
        first, second = author.send(name, pk), author.send(name, pk)
        assert first.headers["Location"] == second.headers["Location"]
    post.refresh_from_db()
    assert post.is_live
    assert post.comment_count == 1


def test_after_thirty_days_nothing_comes_back(visit: GoesTo) -> None:
    author = visit("neighbour")
    post, other = author.place("Ladder"), author.place("Other")
    comment = author.answer(other)
    author.send("remove_post", post.pk)
    author.send("remove_comment", comment.pk)
    with clock.frozen(clock.now() + timedelta(days=29)):
        assert "restoration" in page(author.get("my_posts"))
        assert "restoration" in author.read(other, removed=str(comment.pk))
    with clock.frozen(clock.now() + timedelta(days=31)):
        assert "restoration" not in page(author.get("my_posts"))
        assert "restoration" not in author.read(other, removed=str(comment.pk))
        assert author.send("restore_post", post.pk).status_code == 404
        assert author.send("restore_comment", comment.pk).status_code == 404
    assert Post.objects.get(pk=post.pk).removed_at
    assert Comment.objects.get(pk=comment.pk).removed_at


@pytest.mark.parametrize(
    ("who", "status"),
    [("second-neighbour", 403), ("ambassador", 403), ("newcomer", 403), ("next-neighbourhood", 404), ("editor", 404)],
)
def test_nobody_else_deletes(who: str, status: int, visit: GoesTo) -> None:
    author = visit("neighbour")
    post = author.place()
    comment = author.answer(post)
    assert visit(who).send("remove_post", post.pk).status_code == status
    assert visit(who).send("remove_comment", comment.pk).status_code == status
    assert Post.objects.get().is_live
    assert Comment.objects.get().is_live


@pytest.mark.parametrize("who", ["second-neighbour", "ambassador", "next-neighbourhood", "editor", "moderator"])
def test_nobody_else_brings_back(who: str, visit: GoesTo) -> None:
    author = visit("neighbour")
    post = author.place()
    comment = author.answer(post)
    author.send("remove_comment", comment.pk)
    author.send("remove_post", post.pk)
    assert visit(who).send("restore_comment", comment.pk).status_code == 404
    assert visit(who).send("restore_post", post.pk).status_code == 404
    assert Post.objects.get().removed_at
    assert Comment.objects.get().removed_at


def test_what_somebody_else_took_away_its_author_cannot_put_back(visit: GoesTo, cast: Cast) -> None:
    author = visit("neighbour")
    post = author.place()
    comment = author.answer(author.place("Other"))
    for things in (Post.objects.filter(pk=post.pk), Comment.objects.filter(pk=comment.pk)):
        things.update(removed_at=clock.now(), removed_by=cast["moderator"])
    assert author.send("restore_post", post.pk).status_code == 404
    assert author.send("restore_comment", comment.pk).status_code == 404
    assert "restoration" not in page(author.get("my_posts"))


def test_a_deleted_answer_is_gone_counted_out_and_comes_back(visit: GoesTo) -> None:
    author, answerer = visit("neighbour"), visit("second-neighbour")
    post = author.place()
    comment = answerer.answer(post, "I have one.")
    response = answerer.send("remove_comment", comment.pk)
    assert "Your answer is gone." in page(answerer.client.get(response.headers["Location"]))
    for html in (author.feed(), author.read(post)):
        assert "I have one." not in html
        assert "1 answer" not in html
    assert "restoration" not in author.read(post, removed=str(comment.pk))
    answerer.send("restore_comment", comment.pk)
    for html in (author.feed(), author.read(post)):
        assert "I have one." in html
        assert "1 answer" in html


def test_an_answer_under_a_deleted_post_is_nobodys_to_change(visit: GoesTo) -> None:
    author, answerer = visit("neighbour"), visit("second-neighbour")
    post = author.place()
    comment = answerer.answer(post)
    author.send("remove_post", post.pk)
    assert answerer.get("edit_comment", comment.pk).status_code == 404
    assert answerer.send("remove_comment", comment.pk).status_code == 404


def test_my_messages_are_mine_newest_first(visit: GoesTo) -> None:
    author = visit("neighbour")
    assert "You have not placed anything yet" in page(author.get("my_posts"))
    author.place("First")
    author.place("Second")
    visit("second-neighbour").place("Not mine")
    html = page(author.get("my_posts"))
    assert html.index("Second") < html.index("First")
    assert "Not mine" not in html
