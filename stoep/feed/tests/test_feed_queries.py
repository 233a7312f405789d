"""The two statements of the hot page: equal to `visible_to` for everybody, few, and never more for more posts."""

import gzip
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stoep.access.gate import may
from stoep.common import clock
from stoep.feed.fragments import forget_cards
from stoep.feed.kinds import GROUPS, kinds_of
from stoep.feed.models import Comment, Post
from stoep.feed.parts import all_parts
from stoep.feed.queries import ANSWERS_SHOWN, feed_cards, feed_heads
from stoep.feed.reading import writer_of
from stoep.feed.tests.crowded import fill
from stoep.feed.tests.visits import Visit
from stoep.operations.cast import Cast
from stoep.people.models import Person

GoesTo = Callable[[str], Visit]
EVERYTHING = 10_000
# Warm: who asks (two), the names of their groups, the heads, the draft, the requests that wait. Cold, the
# cards, and one more for each part (parts.py) that has a card there.
COLD, WARM = 7 + len(all_parts()), 6
KILOBYTES = 12


@pytest.mark.parametrize("seed", range(3))
def test_the_feed_is_what_is_visible_newest_first_for_everybody(seed: int, cast: Cast) -> None:
    fill(cast, seed=seed)
    seen = set()
    for key, person in cast.items():
        expected = _visible(person)
        found = [head.id for head in feed_heads(person.standing, most=EVERYTHING)]
        if person.is_staff_member:
            assert found == []  # the city has no square
            continue
        assert found == expected, key
        seen.add(len(found))
    assert len(seen) > 4, "everybody saw the same: this proves nothing"


def test_pages_and_filters_cut_that_same_list(cast: Cast) -> None:
    fill(cast)
    for person in cast.values():
        if person.is_staff_member:
            continue
        everything = _visible(person)
        for group in GROUPS:
            kinds = kinds_of(group)
            expected = [pk for pk, kind in _kinds(everything) if not kinds or kind in kinds]
            for before in (None, *expected[::7]):
                rest = expected[expected.index(before) + 1 :] if before else expected
                found = feed_heads(person.standing, before=before, kinds=kinds, most=21)
                assert [head.id for head in found] == rest[:21]


def test_a_head_knows_what_is_mine_and_what_i_thanked(cast: Cast) -> None:
    fill(cast)
    for person in cast.values():
        for head in feed_heads(person.standing, most=EVERYTHING):
            post = Post.objects.get(pk=head.id)
            assert head.is_own == (post.author_id == person.pk)
            assert head.is_thanked == post.thanks.filter(person=person).exists()


def test_a_card_shows_the_last_answers_that_are_visible_and_each_writer_as_may_be_seen(cast: Cast) -> None:
    fill(cast)
    compared = 0
    for person in cast.values():
        heads = {head.id: head for head in feed_heads(person.standing, most=EVERYTHING)}
        for card in feed_cards(person.standing, heads.values()).values():
            post = Post.objects.select_related("author", "membership__neighbourhood", "audience").get(pk=card.id)
            visible = Comment.objects.visible_to(person).filter(post=post).order_by("id")
            assert heads[card.id].is_addressed == may(person, "feed:post:thank", post)
            if not heads[card.id].is_addressed:  # written here before moving away
                assert (card.answers, card.comment_count) == ([], 0)
                continue
            last = list(visible)[-ANSWERS_SHOWN:]
            assert [answer.body for answer in card.answers] == [comment.body for comment in last]
            assert [answer.writer for answer in card.answers] == [writer_of(person, comment) for comment in last]
            assert card.comment_count == visible.count()
            assert card.writer == writer_of(person, post)
            assert card.is_shared == post.audience.shared_with_city
            assert may(person, "feed:post:read", post)
            compared += 1
    assert compared > 200


def test_the_page_takes_few_queries_cold_and_fewer_warm(visit: GoesTo, cast: Cast) -> None:
    fill(cast, posts=200)
    reader = visit("second-neighbour")
    reader.feed()  # the visit has begun: that is one write in half an hour
    forget_cards()
    with _counted(COLD):
        assert len(_articles(reader.feed())) == 20
    with _counted(WARM):
        assert len(_articles(reader.feed())) == 20


def test_more_posts_answers_and_people_take_no_more_queries(visit: GoesTo, cast: Cast) -> None:
    reader = visit("second-neighbour")
    reader.feed()
    counts = set()
    for posts in (60, 200, 300):
        fill(cast, posts=posts, seed=posts)
        forget_cards()
        with CaptureQueriesContext(connection) as queries:
            html = reader.feed()
        of_parts = {part.name for part in all_parts() for kind in part.kinds if f"chip--{kind}" in html}
        counts.add(len(queries) - len(of_parts))
    assert len(counts) == 1


def test_one_card_changed_is_one_card_fetched(visit: GoesTo, cast: Cast) -> None:
    fill(cast, posts=200)
    author, reader = visit("neighbour"), visit("second-neighbour")
    post = author.place("New")
    with clock.frozen(clock.now()):
        reader.feed()
        author.send("edit_post", post.pk, title="Changed", body="")
        with CaptureQueriesContext(connection) as queries:
            assert "Changed" in reader.feed()
    fetched = [query["sql"] for query in queries if "json_agg" in query["sql"]]
    assert len(fetched) == 1
    assert re.findall(r"p\.id = ANY\('\{(.*?)\}'", fetched[0]) == [post.pk.hex]


def test_twenty_posts_of_real_length_are_a_small_page(visit: GoesTo) -> None:
    people = [visit(key) for key in ("neighbour", "second-neighbour", "ambassador")]
    for n, (title, body) in enumerate(_messages()):
        post = people[n % 3].place(title, body=body, kind=["question", "help_wanted", "lend", "activity"][n % 4])
        for m in range(3):
            people[(n + m + 1) % 3].answer(post, ANSWERS[(n * 3 + m) % len(ANSWERS)].format(n))
    html = people[0].feed()
    assert len(_articles(html)) == 20
    assert len(gzip.compress(html.encode(), 6)) <= KILOBYTES * 1000


def _visible(person: Person) -> list[UUID]:
    return list(Post.objects.all().visible_to(person).order_by("-id").values_list("pk", flat=True))


def _kinds(ids: list[UUID]) -> Iterator[tuple[UUID, str]]:
    kinds = dict(Post.objects.filter(pk__in=ids).values_list("pk", "kind"))
    return ((pk, kinds[pk]) for pk in ids)


def _articles(html: str) -> list[str]:
    return re.findall(r'<article [^>]*id="post-', html)


@contextmanager
def _counted(most: int) -> Iterator[None]:
    with CaptureQueriesContext(connection) as queries:
        yield
    assert len(queries) <= most, "\n".join(query["sql"][:200] for query in queries)


ANSWERS = [
    "Ik heb er een in de garage staan, nummer {} op de plank. Kom gerust na zes uur langs.",
    "Dit weekend heb ik geen tijd, maar maandag kan het. Stuur maar een berichtje, dan spreken we af.",
    "Bij de drukkerij op de hoek hebben ze er ook een, vorige week nog gezien ({}).",
    "Mijn zoon kan helpen, hij is handig en heeft toch vakantie.",
    "Bedankt voor de tip! Ik ga morgen eens kijken.",
]


def _messages() -> Iterator[tuple[str, str]]:
    """Twenty that differ as neighbours' words do: repeated text would be compressed away."""
    for n in range(20):
        thing, other, day = THINGS[n], THINGS[(n * 7 + 3) % len(THINGS)], DAYS[n % 7]
        words = (
            f"Dag buren, voor {day} {n + 3} december zoek ik een {thing}. De mijne is stuk, en de winkel heeft er geen "
            f"meer voor het weekend. In ruil leen ik graag mijn {other} uit, of ik kom {n % 4 + 1} uur helpen."
        )
        yield f"Wie heeft een {thing} voor {day}?", words


DAYS = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")
THINGS = """
    ladder boormachine aanhangwagen kruiwagen partytent bladblazer grasmaaier fietspomp wafelijzer naaimachine
    kinderzitje verhuisdozen stofzuiger barbecue hogedrukreiniger tuintafel gordijnen logeerbed kattenmand
    slijpschijf zaagbok verfroller
""".split()  # noqa: SIM905  a list of words reads better as words
