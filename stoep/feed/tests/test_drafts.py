"""A message in the making is kept as it is typed, for its writer alone, and forgotten in time."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection

from stoep.common import clock
from stoep.feed.drafts import forget_old_drafts
from stoep.feed.models import Draft, Post
from stoep.feed.tests.visits import Visit, page
from stoep.media.models import Photo
from stoep.media.tests import pictures
from stoep.media.tests.photographing import form, make_all
from stoep.operations.cast import Cast

GoesTo = Callable[[str], Visit]
WRITING = "You are still writing a message"


def test_what_is_typed_is_there_again_on_any_device(visit: GoesTo, cast: Cast) -> None:
    tuilt = cast.neighbourhoods["Tuilt"]
    words = {"kind": "lend", "title": "My ladder", "body": "Ten steps", "shared_with_city": "on", "adjacent": tuilt.pk}
    response = visit("neighbour").send("draft", **words)
    assert response.status_code == 200
    assert "Kept." in page(response)
    elsewhere = visit("neighbour")
    assert WRITING in elsewhere.feed()
    assert "My ladder" in elsewhere.feed()
    html = page(elsewhere.get("new_post"))
    assert 'value="My ladder"' in html
    assert "Ten steps" in html
    assert html.count("checked") == 3
    assert not Post.objects.exists()


def test_half_a_message_is_kept_too(visit: GoesTo) -> None:
    author = visit("neighbour")
    author.send("draft", body="Only words yet")
    assert "Only words yet" in page(author.get("new_post"))
    author.send("draft", body="Other words")
    assert Draft.objects.count() == 1


def test_nothing_typed_is_no_draft_and_typed_away_it_goes(visit: GoesTo) -> None:
    author = visit("neighbour")
    author.send("draft", title="  ", kind="lend")
    assert not Draft.objects.exists()
    author.send("draft", title="A")
    author.send("draft", title="")
    assert not Draft.objects.exists()
    assert WRITING not in author.feed()


def test_without_scripts_there_is_a_button(visit: GoesTo) -> None:
    author = visit("neighbour")
    assert "Keep for later" in page(author.get("new_post"))
    response = author.send("posts", title="Later", do="keep")
    assert response.headers["Location"] == "/"
    assert WRITING in author.feed()
    assert not Post.objects.exists()


def test_what_was_refused_is_kept(visit: GoesTo) -> None:
    author = visit("neighbour")
    assert author.send("posts", body="No title, no kind").status_code == 422
    assert "No title, no kind" in page(author.get("new_post"))


def test_placed_it_is_no_draft_any_more(visit: GoesTo) -> None:
    author = visit("neighbour")
    author.send("draft", title="My ladder")
    author.place("My ladder")
    assert not Draft.objects.exists()
    assert WRITING not in author.feed()


def test_last_keystrokes_that_come_late_bring_no_draft_back(visit: GoesTo) -> None:
    author, key = visit("neighbour"), uuid4()
    author.place("My ladder", key=key)
    author.send("draft", title="My ladder", request_key=str(key))
    assert not Draft.objects.exists()


def test_it_is_thrown_away_with_its_photos(visit: GoesTo) -> None:
    author = visit("neighbour")
    author.send("posts", **form(pictures.jpeg()))
    assert Photo.objects.count() == 1
    assert author.send("remove_draft").headers["Location"] == "/"
    assert not Draft.objects.exists()
    assert not Photo.objects.exists()
    assert author.send("remove_draft").status_code == 302


def test_photos_are_added_and_removed_one_by_one(visit: GoesTo) -> None:
    author = visit("neighbour")
    fragment = page(author.send("draft_photos", **form(pictures.jpeg(), pictures.heic())))
    assert fragment.count('name="alt_') == 2
    assert "<html" not in fragment
    first, second = Photo.objects.all()
    author.send("posts", **form(), remove_photo=str(first.pk), **{f"alt_{second.pk}": "A bench"})
    assert list(Photo.objects.values_list("pk", "alt")) == [(second.pk, "A bench")]
    assert not Post.objects.exists()
    bad = page(author.send("draft_photos", **form(b"no photo")))
    assert "We cannot read" in bad
    assert Photo.objects.count() == 1


def test_the_question_about_a_picture_is_asked_once_and_may_be_left(visit: GoesTo) -> None:
    """Without scripts: the photos come first, with their question; the next press places the message."""
    author = visit("neighbour")
    response = author.send("posts", **form(pictures.jpeg()))
    assert response.headers["Location"] == "/posts/new/#photos"
    html = page(author.get("new_post"))
    assert "What is in the picture?" in html
    assert "a wooden ladder" in html, "the hint fits the kind: something to give"
    assert "Are other people in it?" in html
    assert author.send("posts", **form()).headers["Location"] == "/"
    assert Photo.objects.get().owner_id == Post.objects.get().pk


@pytest.mark.parametrize(
    "who", ["second-neighbour", "ambassador", "newcomer", "next-neighbourhood", "editor", "operator"]
)
def test_nobody_else_ever_sees_it(who: str, visit: GoesTo) -> None:
    author, other = visit("neighbour"), visit(who)
    author.send("posts", **form(pictures.jpeg(), title="My secret plan"))
    make_all()
    [photo] = Photo.objects.all()
    assert author.get("photo_file", photo.pk, "thumb").status_code == 200
    for name, args in (("photo_file", (photo.pk, "thumb")), ("photo", (photo.pk,))):
        assert other.get(name, *args).status_code == 404
    for name in ("feed", "new_post", "my_posts"):
        assert "My secret plan" not in page(other.get(name))
    other.send("remove_draft")
    other.send("posts", remove_photo=str(photo.pk))
    assert Photo.objects.count() == 1


def test_in_the_database_its_words_lie_sealed(visit: GoesTo) -> None:
    visit("neighbour").send("draft", title="Kreupelhout", body="Kreupelhout")
    with connection.cursor() as cursor:
        cursor.execute("SELECT d::text FROM feed_draft d")
        [[row]] = cursor.fetchall()
    assert "Kreupelhout" not in row


def test_a_national_number_is_not_even_kept_in_a_draft(visit: GoesTo) -> None:
    author = visit("neighbour")
    author.send("draft", title="Mine", body="It is 93.05.18-223.61.")
    assert "223" not in Draft.objects.get().body


def test_after_a_month_it_is_forgotten(visit: GoesTo) -> None:
    author = visit("neighbour")
    author.send("posts", **form(pictures.jpeg()))
    forget_old_drafts(clock.now() + timedelta(days=29))
    assert Draft.objects.exists()
    assert forget_old_drafts(clock.now() + timedelta(days=31)) == 1
    assert not Draft.objects.exists()
    assert not Photo.objects.exists()


def test_who_is_here_on_invitation_keeps_nothing(visit: GoesTo) -> None:
    newcomer = visit("newcomer")
    for name in ("draft", "draft_photos", "remove_draft"):
        assert newcomer.send(name, title="x").status_code == 403
    assert not Draft.objects.exists()
