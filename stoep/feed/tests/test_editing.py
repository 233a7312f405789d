"""Editing: a mark that others see, the old words kept, and only the author's own."""

from collections.abc import Callable
from uuid import uuid4

import pytest

from stoep.common import clock
from stoep.feed.editing import edit_post
from stoep.feed.models import Comment, Post, Revision
from stoep.feed.tests.test_publish_post import NATIONAL_NUMBER
from stoep.feed.tests.visits import Visit, page
from stoep.operations.cast import Cast

GoesTo = Callable[[str], Visit]


def test_an_edited_post_carries_a_mark_and_its_old_words_are_kept(visit: GoesTo) -> None:
    author, reader = visit("neighbour"), visit("second-neighbour")
    post = author.place("Ladder", body="Who has one?")
    assert "edited" not in reader.feed()
    assert "Who has one?" in page(author.get("edit_post", post.pk))
    response = author.send("edit_post", post.pk, title="Long ladder", body="Who has a long one?")
    assert response.headers["Location"] == f"/posts/{post.pk}/"
    for html in (reader.feed(), reader.read(post)):
        assert "Who has a long one?" in html
        assert "Who has one?" not in html
        assert "edited" in html
    old = Revision.objects.get(subject_id=post.pk)
    assert (old.title, old.body) == ("Ladder", "Who has one?")


def test_saving_without_a_change_leaves_no_mark(visit: GoesTo) -> None:
    author = visit("neighbour")
    post = author.place("Ladder", body="One\nTwo")
    author.send("edit_post", post.pk, title="Ladder", body="One\r\nTwo ")
    assert not Revision.objects.exists()
    assert "edited" not in author.feed()


def test_two_edits_of_the_same_page_keep_every_word(visit: GoesTo, cast: Cast) -> None:
    """The second was opened before the first was saved."""
    post = visit("neighbour").place("One")
    opened_twice = [Post.objects.get(pk=post.pk), Post.objects.get(pk=post.pk)]
    for stale, title in zip(opened_twice, ("Two", "Three"), strict=True):
        edit_post(person=cast["neighbour"], post=stale, title=title, body="", now=clock.now())
    assert set(Revision.objects.values_list("title", flat=True)) == {"One", "Two"}


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("second-neighbour", 403),
        ("ambassador", 403),
        ("newcomer", 403),
        ("next-neighbourhood", 404),
        ("other-city", 404),
        ("editor", 404),
        ("suspended", 302),
    ],
)
def test_nobody_else_edits(who: str, status: int, visit: GoesTo) -> None:
    author = visit("neighbour")
    post = author.place("Ladder")
    comment = author.answer(post, "Nobody?")
    stranger = visit(who)
    for name, thing in (("edit_post", post), ("edit_comment", comment)):
        assert stranger.get(name, thing.pk).status_code == status
        assert stranger.send(name, thing.pk, title="Mine", body="Mine").status_code == status
    post.refresh_from_db()
    comment.refresh_from_db()
    assert (post.title, comment.body) == ("Ladder", "Nobody?")


@pytest.mark.parametrize("wrong", [{"title": ""}, {"title": "\u200b"}, {"body": NATIONAL_NUMBER}], ids=str)
def test_what_cannot_be_placed_cannot_be_saved_either(wrong: dict[str, str], visit: GoesTo) -> None:
    author = visit("neighbour")
    post = author.place("Ladder", body="Words")
    response = author.send("edit_post", post.pk, **{"title": "Ladder", "body": "My new words"} | wrong)
    assert response.status_code == 422
    assert "error-summary" in page(response)
    assert "My new words" in page(response) or "body" in wrong
    assert not Revision.objects.exists()


def test_an_edited_answer_carries_a_mark_too(visit: GoesTo) -> None:
    author, answerer = visit("neighbour"), visit("second-neighbour")
    post = author.place()
    comment = answerer.answer(post, "I have won.")
    assert "I have won." in page(answerer.get("edit_comment", comment.pk))
    response = answerer.send("edit_comment", comment.pk, body="I have one.")
    assert response.headers["Location"] == f"/posts/{post.pk}/#comment-{comment.pk}"
    assert "I have one." in author.read(post)
    assert "I have one." in author.feed()
    assert "edited" in author.read(post)
    assert Revision.objects.get().body == "I have won."


@pytest.mark.parametrize("wrong", ["", "\u200b", NATIONAL_NUMBER])
def test_an_answer_is_not_edited_into_what_could_not_be_placed(wrong: str, visit: GoesTo) -> None:
    author = visit("neighbour")
    comment = author.answer(author.place(), "Mine")
    assert author.send("edit_comment", comment.pk, body=wrong).status_code == 422
    assert Comment.objects.get().body == "Mine"


def test_saving_an_answer_without_a_change_leaves_no_mark(visit: GoesTo) -> None:
    author = visit("neighbour")
    author.send("edit_comment", author.answer(author.place(), "Mine").pk, body="Mine")
    assert not Revision.objects.exists()


def test_who_invited_somebody_does_not_edit_for_them(visit: GoesTo) -> None:
    post = visit("neighbour").place()
    newcomer = visit("newcomer")
    comment = newcomer.answer(post, "Hello")
    assert visit("neighbour").send("edit_comment", comment.pk, body="Bye").status_code == 403
    assert newcomer.send("edit_comment", comment.pk, body="Good evening").status_code == 302
    assert Comment.objects.get().body == "Good evening"


def test_what_never_was_is_not_edited(visit: GoesTo) -> None:
    assert visit("neighbour").get("edit_post", uuid4()).status_code == 404
    assert visit("neighbour").get("edit_comment", uuid4()).status_code == 404
