"""The sentence "Who sees this?" says who does: the same places, and of the own neighbourhood the number."""

import re
from collections.abc import Callable

from stoep.feed.models import Post
from stoep.feed.tests.visits import Visit, page
from stoep.operations.cast import Cast
from stoep.people.models import Membership
from stoep.rollout.known_places import recount

GoesTo = Callable[[str], Visit]
SENTENCE = re.compile(r"<strong>\s*(Neighbours of [^<]+?)\s*</strong>")


def said(html: str) -> tuple[set[str], dict[str, int]]:
    """Places, and the numbers beside some of them."""
    [sentence] = SENTENCE.findall(html)
    parts = sentence.removeprefix("Neighbours of ").split(", ")
    numbers = {part.split(" (")[0]: int(part.split(" (")[1].rstrip(")")) for part in parts if " (" in part}
    return {part.split(" (")[0] for part in parts}, numbers


def is_true_of(post: Post, places: set[str], numbers: dict[str, int], cast: Cast) -> None:
    people = post.audience.people()
    homes = Membership.objects.filter(person__in=people, ended_at=None).values_list("neighbourhood__name", flat=True)
    assert set(homes) <= places, "somebody sees it who was not named"
    assert places == {name for name in places if name in cast.neighbourhoods}
    suspended = {"Kermt": 1}
    for name, number in numbers.items():
        assert number - suspended.get(name, 0) == list(homes).count(name)


def test_the_composer_and_the_page_say_the_same_and_it_is_so(visit: GoesTo, cast: Cast) -> None:
    author = visit("neighbour")
    before = said(page(author.get("new_post")))
    post = author.place()
    assert said(author.read(post)) == before
    is_true_of(post, *before, cast)


def test_opened_wider_it_names_every_place(visit: GoesTo, cast: Cast) -> None:
    author = visit("neighbour")
    post = author.place(adjacent=[cast.neighbourhoods["Tuilt"]])
    for who in ("neighbour", "second-neighbour", "next-neighbourhood"):
        places, numbers = said(visit(who).read(post))
        assert places == {"Kermt", "Tuilt"}
        assert set(numbers) == ({"Tuilt"} if who == "next-neighbourhood" else {"Kermt"})
        is_true_of(post, places, numbers, cast)


def test_it_stays_true_after_a_change_of_words(visit: GoesTo, cast: Cast) -> None:
    author = visit("neighbour")
    post = author.place(adjacent=[cast.neighbourhoods["Tuilt"]])
    before = said(author.read(post))
    author.send("edit_post", post.pk, title="Other words", body="")
    assert said(author.read(post)) == before


def test_it_stays_true_when_people_come_and_go_and_when_its_author_moves(visit: GoesTo, cast: Cast) -> None:
    author = visit("neighbour")
    post = author.place()
    for key in ("second-neighbour", "neighbour"):
        cast[key].memberships.update(neighbourhood=cast.neighbourhoods["Stevoort"])
        recount(cast.cities["hasselt"])
        is_true_of(post, *said(visit("ambassador").read(post)), cast)
    moved = visit("neighbour")
    assert said(moved.read(post)) == ({"Kermt"}, {}), "who moved away reads no number of the old neighbourhood"
    places, numbers = said(page(moved.get("new_post")))
    assert places == {"Stevoort"}
    is_true_of(moved.place(), places, numbers, cast)


def test_a_message_of_the_city_says_so(visit: GoesTo) -> None:
    author = visit("neighbour")
    html = author.read(author.place(shared=True))
    assert "the city too" in html
