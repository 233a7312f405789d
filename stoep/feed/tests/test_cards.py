"""Kept cards: the same for everybody who may share them, never stale, and nothing of the reader in them."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import translation

from stoep.common import clock
from stoep.feed import fragments
from stoep.feed.fragments import rendered_cards
from stoep.feed.models import Post
from stoep.feed.queries import feed_heads
from stoep.feed.tests.crowded import fill
from stoep.feed.tests.visits import Visit
from stoep.operations.cast import Cast
from stoep.people.models import Person

GoesTo = Callable[[str], Visit]


def test_neighbours_share_a_card_and_nothing_in_it_is_anybodys(visit: GoesTo, cast: Cast) -> None:
    author = visit("neighbour")
    post = author.place("Ladder", body="Who has one?")
    with clock.frozen(clock.now()):
        one, two = (_card(cast[key], post) for key in ("second-neighbour", "ambassador"))
        assert one is two
    for key in ("second-neighbour", "ambassador"):
        person = cast[key]
        assert not any(found in one for found in (person.name, str(person.pk), person.email, "csrf"))


def test_no_token_stands_in_any_card(visit: GoesTo, cast: Cast) -> None:
    fill(cast, posts=60)
    secrets = []
    for key in ("neighbour", "newcomer", "next-neighbourhood"):
        html = visit(key).feed()
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', html)
        assert token
        secrets.append(token[1])
        assert html.count("csrfmiddlewaretoken") == 1
    assert fragments._kept
    kept = "".join(fragments._kept.values())
    assert not any(word in kept for word in ("csrf", *secrets))


@pytest.mark.parametrize("other", ["neighbour", "newcomer", "next-neighbourhood"])
def test_who_sees_it_otherwise_has_another_card(other: str, visit: GoesTo, cast: Cast) -> None:
    """The author answers nobody, a newcomer and the next neighbourhood see less of names."""
    post = visit("neighbour").place(adjacent=[cast.neighbourhoods["Tuilt"]])
    assert _card(cast[other], post) != _card(cast["second-neighbour"], post)
    assert len(fragments._kept) == 2


def test_a_language_has_its_own_card(visit: GoesTo, cast: Cast) -> None:
    post = visit("neighbour").place()
    for language in ("en", "nl"):
        with translation.override(language):
            _card(cast["second-neighbour"], post)
    assert len(fragments._kept) == 2


def test_time_goes_by_on_a_card(visit: GoesTo, cast: Cast) -> None:
    post = visit("neighbour").place()
    now = clock.now()
    with clock.frozen(now):
        young = _card(cast["second-neighbour"], post)
    with clock.frozen(now + timedelta(hours=2)):
        assert _card(cast["second-neighbour"], post) != young


def test_no_card_is_ever_stale(visit: GoesTo) -> None:
    """After every action the page says what a page without kept cards says."""
    author, other, reader = visit("neighbour"), visit("second-neighbour"), visit("ambassador")
    with clock.frozen(clock.now()):
        post = author.place("Ladder", kind="help_wanted")
        reader.feed()
        comment = other.answer(post, "First words")
        steps: list[tuple[Visit, str, object, dict[str, str], str]] = [
            (other, "edit_comment", comment.pk, {"body": "Other words"}, "Other words"),
            (reader, "thanks", post.pk, {}, "Thanked 1"),
            (other, "thanks", post.pk, {}, "Thanked 2"),
            (reader, "remove_thanks", post.pk, {}, "Thank you 1"),
            (author, "edit_post", post.pk, {"title": "Long ladder", "body": "Now"}, "Long ladder"),
            (other, "remove_comment", comment.pk, {}, "Now"),
            (other, "restore_comment", comment.pk, {}, "Other words"),
            (author, "solution", post.pk, {"helper": "", "thank_you": ""}, "Solved"),
            (author, "remove_post", post.pk, {}, "You are among the first."),
            (author, "restore_post", post.pk, {}, "Long ladder"),
        ]
        for who, name, pk, data, seen in steps:
            reader.feed()
            assert who.send(name, pk, **data).status_code == 302, name
            kept = _without_token(reader.feed())
            fragments.forget_cards()
            assert kept == _without_token(reader.feed()), name
            assert seen in kept, name


def test_no_more_cards_are_kept_than_there_is_room_for(
    visit: GoesTo, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fragments, "MOST_KEPT", 5)
    author = visit("neighbour")
    for n in range(8):
        author.place(f"Title {n}")
    assert len(re.findall("Title [0-9]</a>", visit("second-neighbour").feed())) == 8
    assert len(fragments._kept) == 5
    del cast


def test_a_post_that_goes_while_the_page_is_made_is_not_shown(visit: GoesTo, cast: Cast) -> None:
    author = visit("neighbour")
    post = author.place()
    heads = feed_heads(cast["second-neighbour"].standing)
    author.send("remove_post", post.pk)
    assert rendered_cards(cast["second-neighbour"].standing, heads, now=clock.now()) == []


def _card(person: Person, post: Post) -> str:
    cards = rendered_cards(person.standing, feed_heads(person.standing), now=clock.now())
    return next(html for head, html in cards if head.id == post.pk)


def _without_token(html: str) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", html)
