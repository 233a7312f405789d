"""A request for help is solved: open → solved, with a thank-you that reaches whoever helped."""

from collections.abc import Callable

import pytest

from stoep.common import clock
from stoep.delivery.models import Mail, OutboxEntry
from stoep.delivery.sending import handle_entry
from stoep.feed.editing import NotAHelper, solve_request
from stoep.feed.models import Solution
from stoep.feed.tests.test_publish_post import NATIONAL_NUMBER
from stoep.feed.tests.visits import Visit, page
from stoep.operations.cast import Cast

GoesTo = Callable[[str], Visit]


def test_it_is_solved_with_a_thank_you_and_the_helper_hears_of_it(visit: GoesTo, cast: Cast) -> None:
    author, helper = visit("neighbour"), visit("second-neighbour")
    post = author.place("Who walks my dog?", kind="help_wanted")
    helper.answer(post, "I do, on Monday.")
    assert "I want to help" in helper.feed()
    assert "It is solved" in author.read(post)
    assert "Ahmed El Amrani" in page(author.get("solution", post.pk))
    response = author.send("solution", post.pk, helper=str(cast["second-neighbour"].pk), thank_you="You are gold.")
    assert response.headers["Location"] == f"/posts/{post.pk}/"
    html = visit("ambassador").read(post)
    assert "Solved" in html
    assert "Thanks to Ahmed El Amrani." in html
    assert "You are gold." in html
    assert "I want to help" not in helper.feed()
    assert "Solved" in helper.feed()
    mail = _mail()
    assert mail.person == cast["second-neighbour"]
    assert "Marie Peeters" in mail.text
    assert "Marie Peeters" not in mail.subject, "a subject is read over one's shoulder"
    assert "You are gold." in mail.text


def test_the_next_neighbourhood_sees_the_helpers_first_name_only(visit: GoesTo, cast: Cast) -> None:
    author, helper = visit("neighbour"), visit("second-neighbour")
    post = author.place(kind="help_wanted", adjacent=[cast.neighbourhoods["Tuilt"]])
    helper.answer(post)
    author.send("solution", post.pk, helper=str(cast["second-neighbour"].pk), thank_you="")
    html = visit("next-neighbourhood").read(post)
    assert "Thanks to Ahmed E." in html
    assert "El Amrani" not in html


def test_the_city_does_not_learn_who_helped(visit: GoesTo, cast: Cast) -> None:
    """The author shared the request; the helper shared nothing."""
    author, helper = visit("neighbour"), visit("second-neighbour")
    post = author.place(kind="help_wanted", shared=True)
    helper.answer(post)
    author.send("solution", post.pk, helper=str(cast["second-neighbour"].pk), thank_you="You are gold.")
    html = visit("editor").read(post)
    assert "You are gold." in html
    assert "Ahmed" not in html
    assert "Thanks to Ahmed El Amrani." in visit("ambassador").read(post)


def test_who_takes_the_answer_back_is_no_longer_named(visit: GoesTo, cast: Cast) -> None:
    author, helper = visit("neighbour"), visit("second-neighbour")
    post = author.place(kind="help_wanted")
    comment = helper.answer(post)
    author.send("solution", post.pk, helper=str(cast["second-neighbour"].pk), thank_you="")
    helper.send("remove_comment", comment.pk)
    assert "Ahmed" not in visit("ambassador").read(post)


def test_nobody_need_be_thanked(visit: GoesTo) -> None:
    author = visit("neighbour")
    post = author.place(kind="help_wanted")
    assert author.send("solution", post.pk, helper="", thank_you="").status_code == 302
    assert "Solved" in author.read(post)
    assert "Thanks to" not in author.read(post)
    handle_entry(OutboxEntry.objects.get(notice="feed.solved").pk, now=clock.now())
    assert not Mail.objects.exists()


def test_only_who_answered_and_did_not_take_it_back_can_have_helped(visit: GoesTo, cast: Cast) -> None:
    author, gone = visit("neighbour"), visit("second-neighbour")
    post = author.place(kind="help_wanted")
    gone.send("remove_comment", gone.answer(post).pk)
    author.answer(post, "Nobody?")
    for nobody in ("second-neighbour", "ambassador", "other-city", "neighbour"):
        response = author.send("solution", post.pk, helper=str(cast[nobody].pk), thank_you="Thanks!")
        assert response.status_code == 422
        assert "Thanks!" in page(response)
        with pytest.raises(NotAHelper):
            solve_request(author=cast["neighbour"], post=post, helper=cast[nobody], thank_you="", now=clock.now())
    assert not Solution.objects.exists()


@pytest.mark.parametrize(
    "words", [f"Call {NATIONAL_NUMBER}", "a" * 301, "\u0958" * 200], ids=["number", "long", "kept"]
)
def test_a_thank_you_that_cannot_be_placed_is_refused(words: str, visit: GoesTo) -> None:
    author = visit("neighbour")
    post = author.place(kind="help_wanted")
    assert author.send("solution", post.pk, helper="", thank_you=words).status_code == 422
    assert not Solution.objects.exists()


def test_solved_twice_is_solved_once(visit: GoesTo) -> None:
    author = visit("neighbour")
    post = author.place(kind="help_wanted")
    for words in ("First", "Second"):
        assert author.send("solution", post.pk, helper="", thank_you=words).status_code == 302
    assert Solution.objects.get().thank_you == "First"
    assert OutboxEntry.objects.filter(notice="feed.solved").count() == 1


@pytest.mark.parametrize(
    ("who", "status"), [("second-neighbour", 403), ("newcomer", 403), ("next-neighbourhood", 404), ("editor", 404)]
)
def test_only_who_asked_says_that_it_is_solved(who: str, status: int, visit: GoesTo) -> None:
    post = visit("neighbour").place(kind="help_wanted")
    stranger = visit(who)
    assert stranger.get("solution", post.pk).status_code == status
    assert stranger.send("solution", post.pk, helper="", thank_you="").status_code == status
    assert not Solution.objects.exists()


def test_only_a_request_for_help_is_solved(visit: GoesTo) -> None:
    author = visit("neighbour")
    post = author.place(kind="question")
    assert "It is solved" not in author.read(post)
    author.send("solution", post.pk, helper="", thank_you="")
    assert not Solution.objects.exists()


def _mail() -> Mail:
    handle_entry(OutboxEntry.objects.get(notice="feed.solved").pk, now=clock.now())
    return Mail.objects.get(kind="feed/mail/solved")
