"""What was lost is found, and who searched along is thanked; services say whether they are sought or offered."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from stoep.common import clock
from stoep.delivery.models import Mail, OutboxEntry
from stoep.delivery.sending import handle_entry
from stoep.exchange.models import LostFound
from stoep.feed.models import Post
from stoep.feed.tests.test_publish_post import NATIONAL_NUMBER
from stoep.feed.tests.visits import Visit, page
from stoep.operations.cast import Cast

GoesTo = Callable[[str], Visit]
CAT = {"lost-side": "lost", "lost-what": "animal", "lost-where": "Koorstraat"}


def test_the_card_says_what_was_lost_and_where(visit: GoesTo) -> None:
    _placed(visit("neighbour"), "lost_found", **CAT)
    html = visit("second-neighbour").feed()
    assert "Lost animal" in html
    assert "Koorstraat" in html


def test_found_it_is_closed_and_everybody_who_searched_is_thanked(visit: GoesTo, cast: Cast) -> None:
    author, searcher = visit("neighbour"), visit("second-neighbour")
    post = _placed(author, "lost_found", **CAT)
    for answer in ("I look in my shed.", "Not there."):
        searcher.answer(post, answer)
    author.answer(post, "Thank you!")
    assert "It is found" in author.read(post)
    for _again in range(2):
        assert author.send("found", post.pk, thank_you="She slept in a box.").status_code == 302
    html = visit("ambassador").read(post)
    assert "Home again" in html
    assert "She slept in a box." in html
    assert "Answers are closed here." in html
    entry = OutboxEntry.objects.get(notice="exchange.found")
    handle_entry(entry.pk, now=clock.now())
    assert [mail.person for mail in Mail.objects.filter(kind="exchange/mail/help")] == [cast["second-neighbour"]]


def test_who_finds_something_gives_it_back(visit: GoesTo) -> None:
    author = visit("neighbour")
    post = _placed(author, "lost_found", **{"lost-side": "found", "lost-what": "thing"})
    assert "Found thing" in visit("second-neighbour").feed()
    assert "The owner has it" in author.read(post)


def test_only_its_author_ends_the_search_and_only_a_search(visit: GoesTo) -> None:
    author = visit("neighbour")
    post, question = _placed(author, "lost_found"), author.place(kind="question")
    assert visit("second-neighbour").send("found", post.pk, thank_you="").status_code == 403
    assert visit("next-neighbourhood").send("found", post.pk, thank_you="").status_code == 404
    assert author.send("found", question.pk, thank_you="").status_code == 404
    assert not LostFound.objects.filter(found_at__isnull=False).exists()
    assert author.send("found", post.pk, thank_you="").status_code == 302


@pytest.mark.parametrize("words", [f"Call {NATIONAL_NUMBER}", "a" * 301], ids=["number", "long"])
def test_a_thank_you_that_cannot_be_placed_is_refused(words: str, visit: GoesTo) -> None:
    author = visit("neighbour")
    post = _placed(author, "lost_found")
    assert author.send("found", post.pk, thank_you=words).status_code == 422
    assert not LostFound.objects.filter(found_at__isnull=False).exists()


def test_a_place_with_a_national_number_is_refused_and_what_was_typed_is_there(visit: GoesTo) -> None:
    response = _sent(visit("neighbour"), "lost_found", **{**CAT, "lost-where": NATIONAL_NUMBER})
    assert response.status_code == 422
    assert "national register number" in page(response)
    assert not Post.objects.exists()


def test_it_goes_next_door_in_one_tap(visit: GoesTo) -> None:
    author = visit("neighbour")
    post = _placed(author, "lost_found", **CAT)
    assert "Show it next door too" in author.read(post)
    assert author.send("show_next_door", post.pk).status_code == 302
    assert "Lost animal" in visit("next-neighbourhood").feed()


def test_a_service_says_whether_it_is_sought_or_offered(visit: GoesTo) -> None:
    author = visit("neighbour")
    facts = {"service-side": "sought", "service-when": "On Friday evening", "service-ages": "3 and 6 years"}
    post = _placed(author, "service", **facts)
    html = visit("second-neighbour").feed()
    for words in ("Sought", "On Friday evening", "Children: 3 and 6 years"):
        assert words in html
    assert 'value="On Friday evening"' in page(author.get("edit_post", post.pk))
    changed = {"title": post.title, "body": "", "service-side": "offered", "service-when": "", "service-ages": ""}
    assert author.send("edit_post", post.pk, **changed).status_code == 302
    assert "Offered" in visit("second-neighbour").feed()


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"help-when": "day"}, "Choose the day."),
        ({"help-day": "2020-01-01"}, "This day is over."),
        ({"help-day": "someday"}, "This is no day."),
    ],
    ids=["no day", "past", "odd"],
)
def test_a_day_that_cannot_be_is_refused(facts: dict[str, str], said: str, visit: GoesTo) -> None:
    response = _sent(visit("neighbour"), "help_wanted", **facts)
    assert response.status_code == 422
    assert said in page(response)
    assert not Post.objects.exists()


def test_a_request_says_when_and_where_and_may_say_it_otherwise(visit: GoesTo) -> None:
    author = visit("neighbour")
    post = _placed(author, "help_wanted", **{"help-when": "day", "help-day": "2036-12-05", "help-where": "street"})
    html = visit("second-neighbour").feed()
    assert "On Fri, Dec 5" in html
    assert "In my street" in html
    assert 'value="2036-12-05"' in page(author.get("edit_post", post.pk))
    author.send("edit_post", post.pk, title=post.title, body="", **{"help-when": "week"})
    assert "Until" in visit("second-neighbour").feed()


def _sent(author: Visit, kind: str, **facts: str) -> Any:
    return author.send("posts", kind=kind, title="Our cat", request_key=str(uuid4()), **facts)


def _placed(author: Visit, kind: str, **facts: str) -> Post:
    response = _sent(author, kind, **facts)
    assert response.status_code == 302, page(response)
    found: Post = Post.objects.order_by("-id")[0]
    return found
