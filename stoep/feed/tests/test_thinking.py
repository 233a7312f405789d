"""A question before something is placed: asked once, changed first, and the writer decides. And room for who is new."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils.html import escape

from stoep.common import clock
from stoep.feed.models import Comment, Post
from stoep.feed.tests.visits import Visit, page
from stoep.operations.cast import Cast
from stoep.people.models import Person

GoesTo = Callable[[str], Visit]
HARSH, ABSENT, BANK = "What an idiot.", "We are on holiday for two weeks.", "Pay me at BE68 5390 0754 7034."
HARSH_QUESTION, OTHER_QUESTION = "Do you want to say it like this?", "Do you want everybody to read this?"
SAYINGS = [(HARSH, HARSH_QUESTION), (ABSENT, OTHER_QUESTION), (BANK, OTHER_QUESTION)]


@pytest.mark.parametrize(("words", "question"), SAYINGS, ids=["harsh", "absence", "bank"])
def test_before_a_post_is_placed_its_writer_may_think_again(words: str, question: str, visit: GoesTo) -> None:
    author = visit("neighbour")
    response = author.offer("My title", body=words)
    assert response.status_code == 200
    html = page(response)
    assert question in html
    assert str(escape(words)) in html
    assert not Post.objects.exists()
    assert html.index("Change it") < html.index("Place it like this")
    assert words in page(author.get("new_post")), "changing goes on where it was"
    sent = author.send("posts", **hidden(html), confirmed="yes")
    assert sent.headers["Location"] == "/"
    assert Post.objects.get().body == words


@pytest.mark.parametrize(("words", "question"), SAYINGS, ids=["harsh", "absence", "bank"])
def test_before_an_answer_too(words: str, question: str, visit: GoesTo) -> None:
    post, other = visit("neighbour").place(), visit("second-neighbour")
    html = page(other.reply(post, words))
    assert question in html
    assert not Comment.objects.exists()
    again = page(other.send("comments", post.pk, **hidden(html), do="edit"))
    assert words in again
    assert 'id="answer"' in again
    assert not Comment.objects.exists()
    other.send("comments", post.pk, **hidden(html), confirmed="yes")
    assert Comment.objects.get().body == words


def test_and_before_a_change(visit: GoesTo) -> None:
    author = visit("neighbour")
    post = author.place("Kind")
    comment = author.answer(post, "Kind")
    for name, thing in (("edit_post", post), ("edit_comment", comment)):
        html = page(author.send(name, thing.pk, title="Changed", body=HARSH))
        assert HARSH_QUESTION in html
        assert HARSH in page(author.send(name, thing.pk, **hidden(html), do="edit"))
        thing.refresh_from_db()
        assert thing.body != HARSH
        author.send(name, thing.pk, **hidden(html), confirmed="yes")
        thing.refresh_from_db()
        assert thing.body == HARSH


def test_placed_all_the_same_nothing_is_held_back(visit: GoesTo) -> None:
    author, reader = visit("neighbour"), visit("second-neighbour")
    author.send("posts", kind="question", title=HARSH, body=BANK, request_key=str(uuid4()), confirmed="yes")
    assert HARSH in reader.feed()


def test_pressed_twice_it_is_placed_once(visit: GoesTo) -> None:
    author = visit("neighbour")
    kept = hidden(page(author.offer("My title", body=HARSH)))
    for _ in range(2):
        author.send("posts", **kept, confirmed="yes")
    assert Post.objects.count() == 1


def test_friendly_words_are_placed_at_once(visit: GoesTo) -> None:
    assert visit("neighbour").offer("My title", body="Who can lend me a ladder?").status_code == 302


def _is_new(person: Person) -> None:
    Person.objects.filter(pk=person.pk).update(joined_at=clock.now() - timedelta(days=2))


def test_a_thousand_posts_of_somebody_new_are_three(visit: GoesTo, cast: Cast) -> None:
    _is_new(cast["neighbour"])
    spammer = visit("neighbour")
    answers = [spammer.offer(f"Cheap {n}", body="Buy https://spam.example") for n in range(40)]
    assert [answer.status_code for answer in answers[:3]] == [302] * 3
    assert {answer.status_code for answer in answers[3:]} == {422}
    assert "three messages a day" in page(answers[-1])
    assert "Buy https" in page(answers[-1])
    assert Post.objects.count() == 3


def test_taken_back_it_counts_all_the_same(visit: GoesTo, cast: Cast) -> None:
    _is_new(cast["neighbour"])
    spammer = visit("neighbour")
    for n in range(3):
        spammer.send("remove_post", spammer.place(f"Cheap {n}").pk)
    assert spammer.offer("Cheap again").status_code == 422


def test_tomorrow_and_after_a_week_there_is_room_again(visit: GoesTo, cast: Cast) -> None:
    _is_new(cast["neighbour"])
    author = visit("neighbour")
    for n in range(3):
        author.place(f"Hello {n}")
    with clock.frozen(clock.now() + timedelta(hours=25)):
        author.place("Hello again")
    with clock.frozen(clock.now() + timedelta(days=6)):
        for n in range(5):
            author.place(f"At home {n}")


@pytest.mark.parametrize("who", ["second-neighbour", "newcomer"])
def test_ten_answers_a_day_for_who_is_new_or_not_vouched_for(who: str, visit: GoesTo, cast: Cast) -> None:
    if who == "second-neighbour":
        _is_new(cast[who])
    post, other = visit("neighbour").place(), visit(who)
    for n in range(10):
        other.answer(post, f"Answer {n}")
    response = other.reply(post, "One more")
    assert response.status_code == 422
    assert "ten answers a day" in page(response)
    assert "One more" in page(response)


def hidden(html: str) -> dict[str, Any]:
    """What the page carries along."""
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', html)
    return {
        name: value.replace("&#39;", "'").replace("&amp;", "&")
        for name, value in found
        if name != "csrfmiddlewaretoken"
    }
