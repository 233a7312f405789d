"""The test that earns its keep: `may`, `who_may`, `visible_to` agree, for every action, person and kind of subject."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest

from stoep.access.audience import Place, audience_of, city_audience, home_audience
from stoep.access.gate import may, who_may
from stoep.access.models import Audience
from stoep.access.rules import ACTIONS
from stoep.common import clock
from stoep.feed.models import Comment, Post, Solution
from stoep.operations.cast import Cast
from stoep.people.models import Membership, Person
from stoep.people.queries import person_with_standing

AUTHORS = ("neighbour", "second-neighbour", "next-neighbourhood", "suspended", "newcomer", "other-city")


@dataclass(frozen=True)
class Subject:
    name: str
    thing: Any

    def __str__(self) -> str:
        return self.name


def _audiences(cast: Cast) -> Iterator[tuple[str, Audience]]:
    kermt, tuilt, stevoort = (cast.neighbourhoods[name] for name in ("Kermt", "Tuilt", "Stevoort"))
    city = cast.cities["hasselt"]
    yield "Kermt", home_audience(kermt)
    yield "Kermt, shared", home_audience(kermt, shared_with_city=True)
    yield "Kermt and Tuilt", home_audience(kermt, adjacent=[tuilt])
    yield "Kermt and Stevoort, not adjacent", home_audience(kermt, adjacent=[stevoort])
    yield "Tuilt", home_audience(tuilt)
    yield "the city", city_audience(city, everybody=True)
    yield "Koorstraat", city_audience(city, streets=[cast.streets["Koorstraat"]])
    yield "Heerstraat in two neighbourhoods", city_audience(city, streets=[cast.streets["Heerstraat"]])
    part = Place(tuilt.pk, cast.streets["Heerstraat"].pk)
    yield "Heerstraat in Tuilt", audience_of(city, [part])
    yield "the other city", city_audience(cast.cities["diepenbeek"], everybody=True)
    yield "Rooierheide", home_audience(cast.neighbourhoods["Rooierheide"])


def _posts(cast: Cast, audiences: dict[str, Audience]) -> Iterator[Subject]:
    now = clock.now()
    for audience_name, audience in audiences.items():
        for author in AUTHORS:
            person = cast[author]
            if audience.municipality_id != person.municipality_id:
                continue
            for state, facts in _states(now, by=person, moderator=cast["moderator"]).items():
                post = _post(person, audience, kind="help_wanted", **facts)
                yield Subject(f"{state} post of {author} for {audience_name}", post)
        yield from _official(cast, audience_name, audience)


def _states(now: datetime, *, by: Person, moderator: Person) -> dict[str, dict[str, Any]]:
    return {
        "live": {"created_at": now},
        "old": {"created_at": now - timedelta(days=40)},
        "removed": {"created_at": now, "removed_at": now, "removed_by": by},
        "taken away": {"created_at": now, "removed_at": now, "removed_by": moderator},
        "closed": {"created_at": now, "comments_open": False},
    }


def _official(cast: Cast, audience_name: str, audience: Audience) -> Iterator[Subject]:
    editor = cast["editor"]
    if audience.municipality_id == editor.municipality_id:
        facts = {"speaking_for": cast.departments["Communicatie"], "created_at": clock.now()}
        post = _post(editor, audience, kind="announcement", **facts)
        yield Subject(f"announcement for {audience_name}", post)


def _post(author: Person, audience: Audience, **facts: Any) -> Post:
    membership = Membership.objects.filter(person=author, ended_at=None).first()
    return Post.objects.create(author=author, audience=audience, membership=membership, title="Title", **facts)


def _comments(posts: list[Subject], cast: Cast) -> Iterator[Subject]:
    for subject in posts:
        for author in ("neighbour", "second-neighbour"):
            if subject.thing.audience.municipality_id != cast[author].municipality_id:
                continue
            for state in ("live", "removed"):
                comment = Comment.objects.create(
                    post=subject.thing,
                    author=cast[author],
                    audience=subject.thing.audience,
                    body="Body",
                    created_at=subject.thing.created_at,
                    removed_at=clock.now() if state == "removed" else None,
                    removed_by=cast[author] if state == "removed" else None,
                )
                yield Subject(f"{state} answer of {author} to {subject.name}", comment)


@dataclass(frozen=True)
class World:
    people: dict[str, Person]
    posts: list[Subject]
    comments: list[Subject]
    audiences: list[Subject]
    others: list[Subject]

    @property
    def everything(self) -> list[Subject]:
        return [*self.posts, *self.comments, *self.audiences, *self.others]


@pytest.fixture
def world(cast: Cast) -> World:
    audiences = dict(_audiences(cast))
    posts = list(_posts(cast, audiences))
    solved = posts[0].thing
    Solution.objects.create(
        post=_post(cast["neighbour"], solved.audience, created_at=clock.now()), solved_at=clock.now()
    )
    people = {key: found for key, person in cast.items() if (found := person_with_standing(person.pk))}
    return World(
        people=people,
        posts=posts,
        comments=list(_comments(posts[::3], cast)),
        audiences=[Subject(f"audience {name}", audience) for name, audience in audiences.items()],
        others=[
            *(Subject(f"city {name}", city) for name, city in cast.cities.items()),
            *(Subject(f"person {key}", person) for key, person in people.items()),
            *(Subject(f"department {name}", found) for name, found in cast.departments.items()),
        ],
    )


def _fits(action: str, thing: Any) -> bool:
    """The kinds of subject that an action is ever asked about."""
    if action.startswith("feed:comment:") and action != "feed:comment:create":
        return isinstance(thing, Comment)
    if action == "feed:post:create":
        return isinstance(thing, Audience)
    if action.startswith(("feed:", "cityhall:announcement:withdraw")):
        return isinstance(thing, Post)
    return not isinstance(thing, (Post, Comment, Audience))


def test_may_and_who_may_agree_for_everybody_and_everything(world: World) -> None:
    asked = 0
    for action in ACTIONS:
        for subject in world.everything:
            if not _fits(action, subject.thing):
                continue
            allowed = set(who_may(action, subject.thing).values_list("pk", flat=True))
            for key, person in world.people.items():
                asked += 1
                assert may(person, action, subject.thing) == (person.pk in allowed), f"{key}: {action} {subject}"
    assert asked > 10_000


def test_what_is_visible_is_what_may_be_read(world: World) -> None:
    for key, person in world.people.items():
        posts = set(Post.objects.all().visible_to(person).values_list("pk", flat=True))
        comments = set(Comment.objects.all().visible_to(person).values_list("pk", flat=True))
        for subject in world.posts:
            assert (subject.thing.pk in posts) == may(person, "feed:post:read", subject.thing), f"{key}: {subject}"
        for subject in world.comments:
            expected = may(person, "feed:comment:read", subject.thing)
            assert (subject.thing.pk in comments) == expected, f"{key}: {subject}"


def test_the_world_holds_both_answers_for_every_action(world: World) -> None:
    """An action that nobody may do, or that everybody may, would prove nothing above."""
    for action in ACTIONS:
        answers = {
            may(person, action, subject.thing)
            for subject in world.everything
            if _fits(action, subject.thing)
            for person in world.people.values()
        }
        assert answers == {True, False}, action
