"""Placing a post: every kind, who sees it and how, and what is refused with what was typed kept."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from stoep.access.audience import Place, audience_of, city_audience, home_audience
from stoep.access.gate import NotAllowed
from stoep.common import clock
from stoep.common.text import TextRefused
from stoep.feed.actions import publish_post
from stoep.feed.kinds import KINDS, for_neighbours
from stoep.feed.models import Post
from stoep.feed.tests.visits import Visit, page
from stoep.operations.cast import Cast
from stoep.people.models import Person

GoesTo = Callable[[str], Visit]
# A number that a register could have given: the check digits fit.
NATIONAL_NUMBER = "93.05.18-223.61"
# What a kind does not do without.
ASKED = {"unsafe": {"hazard-what": "street", "hazard-where": "Koorstraat", "hazard-when": "today"}}


@pytest.mark.parametrize("kind", [kind.key for kind in for_neighbours()])
def test_every_kind_stands_in_the_feed_of_the_neighbours(kind: str, visit: GoesTo) -> None:
    post = visit("neighbour").place("A title", kind=kind, body="Some words", asked=ASKED.get(kind))
    assert post.kind == kind
    html = visit("second-neighbour").feed()
    assert f'id="post-{post.pk}"' in html
    assert "Some words" in html
    assert str(KINDS[kind].label) in html


def test_there_are_twelve_kinds_for_neighbours_and_none_is_the_city(visit: GoesTo) -> None:
    assert len(for_neighbours()) == 12
    response = visit("neighbour").offer(kind="announcement")
    assert response.status_code == 422
    assert not Post.objects.exists()


def test_neighbours_see_the_full_name_and_the_street(visit: GoesTo, cast: Cast) -> None:
    visit("neighbour").place()
    html = visit("second-neighbour").feed()
    assert cast["neighbour"].name in html
    assert "Diestersteenweg" in html


def test_the_next_neighbourhood_sees_a_first_name_and_no_street_and_only_if_asked(visit: GoesTo, cast: Cast) -> None:
    author = visit("neighbour")
    author.place("For us alone")
    shared = author.place("For next door too", adjacent=[cast.neighbourhoods["Tuilt"]])
    reader = visit("next-neighbourhood")
    for html in (reader.feed(), reader.read(shared)):
        assert "For next door too" in html
        assert "Marie P." in html
        assert "Kermt" in html
        assert "Peeters" not in html
        assert "Diestersteenweg" not in html
        assert "For us alone" not in html


def test_the_next_but_one_sees_nothing(visit: GoesTo, cast: Cast) -> None:
    post = visit("neighbour").place(adjacent=[cast.neighbourhoods["Tuilt"]])
    mover = visit("next-neighbourhood")
    cast["next-neighbourhood"].memberships.update(neighbourhood=cast.neighbourhoods["Stevoort"])
    assert post.title not in mover.feed()
    assert mover.get("post", post.pk).status_code == 404


def test_a_neighbourhood_that_is_not_next_door_is_refused_and_the_words_stay(visit: GoesTo, cast: Cast) -> None:
    response = visit("neighbour").offer("My title", body="My words", adjacent=[cast.neighbourhoods["Stevoort"]])
    assert response.status_code == 422
    assert "My title" in page(response)
    assert "My words" in page(response)
    assert not Post.objects.exists()


def test_the_audience_is_checked_by_the_action_too(cast: Cast) -> None:
    kermt, stevoort, hasselt = cast.neighbourhoods["Kermt"], cast.neighbourhoods["Stevoort"], cast.cities["hasselt"]
    street = cast.streets["Diestersteenweg"]
    for audience in (
        home_audience(kermt, adjacent=[stevoort]),
        home_audience(cast.neighbourhoods["Tuilt"]),
        home_audience(cast.neighbourhoods["Rooierheide"]),
        city_audience(hasselt, everybody=True),
        city_audience(hasselt, streets=[street]),
        audience_of(hasselt, [Place(kermt.pk, street.pk)]),
    ):
        with pytest.raises(NotAllowed):
            _publish(cast["neighbour"], audience=audience)
    _publish(cast["neighbour"], audience=home_audience(kermt, adjacent=[cast.neighbourhoods["Tuilt"]]))


def test_the_city_reads_what_was_shared_and_nothing_else(visit: GoesTo) -> None:
    author, editor = visit("neighbour"), visit("editor")
    kept, shared = author.place("Ours"), author.place("Also for the city", shared=True)
    assert editor.get("post", kept.pk).status_code == 404
    html = editor.read(shared)
    assert "Also for the city" in html
    assert "Marie P." in html
    assert "Peeters" not in html


def test_the_post_says_who_sees_it(visit: GoesTo, cast: Cast) -> None:
    author = visit("neighbour")
    alone = author.read(author.place("a"))
    wide = author.read(author.place("b", adjacent=[cast.neighbourhoods["Tuilt"]], shared=True))
    count = cast["neighbour"].standing.member_count
    assert f"Neighbours of Kermt ({count})<" in alone
    assert "the city too" not in alone
    assert f"Neighbours of Kermt ({count}), Tuilt<" in wide
    assert "the city too" in wide


@pytest.mark.parametrize("field", ["title", "body"])
def test_a_national_number_is_refused_and_what_was_typed_is_kept(field: str, visit: GoesTo) -> None:
    words = {"title": "A title", "body": "My words"} | {field: f"It is {NATIONAL_NUMBER}."}
    response = visit("neighbour").offer(words["title"], body=words["body"])
    assert response.status_code == 422
    html = page(response)
    assert "national register number" in html
    assert words["title"] in html
    assert words["body"] in html
    assert not Post.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": ""},
        {"title": "   "},
        {"title": "\u200b\u2063"},
        {"title": "a" * 101},
        {"title": "\u0958" * 60},  # one sign that is kept as two
        {"body": "a" * 5001},
        {"body": "\u0958" * 3000},
        {"kind": ""},
        {"kind": "gossip"},
        {"request_key": "not a key"},
    ],
    ids=str,
)
def test_what_cannot_be_placed_is_said_kindly(wrong: dict[str, str], visit: GoesTo) -> None:
    good: dict[str, Any] = {"kind": "question", "title": "A title", "body": "Words", "request_key": str(uuid4())}
    response = visit("neighbour").send("posts", **good | wrong)
    assert response.status_code == 422
    assert "error-summary" in page(response)
    assert not Post.objects.exists()
    assert visit("neighbour").send("posts", **good).status_code == 302


def test_a_title_stands_on_one_line(visit: GoesTo) -> None:
    assert visit("neighbour").place("Two\r\nlines \t here").title == "Two lines here"


def test_words_are_never_markup(visit: GoesTo) -> None:
    author = visit("neighbour")
    post = author.place("<script>alert(1)</script>", body='<img src=x onerror="alert(1)"> javascript:alert(1)')
    for html in (author.feed(), author.read(post)):
        assert "<script>alert" not in html
        assert "<img" not in html
        assert 'href="javascript' not in html


def test_a_kind_is_never_chosen_for_somebody(visit: GoesTo) -> None:
    author = visit("neighbour")
    assert "checked" not in page(author.get("new_post"))
    assert 'value="lend"' in page(author.get("new_post", kind="lend"))


def test_an_invited_newcomer_cannot_place_and_reads_why(visit: GoesTo) -> None:
    newcomer = visit("newcomer")
    html = page(newcomer.get("new_post"))
    assert "You are here on invitation" in html
    assert "<textarea" not in html
    assert newcomer.offer().status_code == 403
    assert not Post.objects.exists()


@pytest.mark.parametrize(
    ("who", "status"), [("editor", 404), ("moderator", 404), ("operator", 404), ("suspended", 302)]
)
def test_nobody_else_places(who: str, status: int, visit: GoesTo) -> None:
    response = visit(who).offer()
    assert response.status_code == status
    assert not Post.objects.exists()


def test_a_department_speaks_only_in_announcements_and_a_neighbour_never(cast: Cast) -> None:
    everybody = city_audience(cast.cities["hasselt"], everybody=True)
    department = cast.departments["Communicatie"]
    with pytest.raises(TextRefused):
        _publish(cast["editor"], audience=everybody, kind="question", speaking_for=department)
    with pytest.raises(TextRefused):
        _publish(cast["neighbour"], audience=home_audience(cast.neighbourhoods["Kermt"]), kind="announcement")
    with pytest.raises(NotAllowed):
        _publish(cast["neighbour"], audience=everybody, kind="announcement", speaking_for=department)
    _publish(cast["editor"], audience=everybody, kind="announcement", speaking_for=department)


def _publish(author: Person, **facts: Any) -> Post:
    given: dict[str, Any] = {
        "kind": "question",
        "title": "Title",
        "body": "",
        "request_key": uuid4(),
        "now": clock.now(),
    }
    return publish_post(author=author, **(given | facts))
