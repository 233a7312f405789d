"""The test that earns its keep: `may`, `who_may`, `visible_to` agree, for every action, person and kind of subject."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest

from stoep.access.audience import Place, audience_of, city_audience, group_audience, home_audience
from stoep.access.gate import may, who_may
from stoep.access.models import Audience, Grant
from stoep.access.rules import ACTIONS
from stoep.common import clock
from stoep.common.ids import new_id
from stoep.conversations.models import Conversation, Message
from stoep.desk.models import SESSION_LENGTH, DeskSession
from stoep.exchange.models import Item, Loan
from stoep.feed.models import Comment, Post, Solution
from stoep.moderation.models import Appeal, Case, Decision
from stoep.operations.cast import Cast
from stoep.people.models import Block, Group, GroupMember, Membership, Person
from stoep.people.queries import person_with_standing
from stoep.people.tests.gathering import gather
from tests.access.talk import conversations

AUTHORS = ("neighbour", "second-neighbour", "next-neighbourhood", "suspended", "newcomer", "other-city")


@dataclass(frozen=True)
class Subject:
    name: str
    thing: Any

    def __str__(self) -> str:
        return self.name


def _things(audiences: dict[str, Audience], cast: Cast) -> Iterator[Subject]:
    """A wish, a thing to lend by a message, and one that stands alone, on the shelf and taken off; some granted."""
    for name, audience in audiences.items():
        for author in ("neighbour", "second-neighbour"):
            if audience.municipality_id != cast[author].municipality_id:
                continue
            told = _post(cast[author], audience, kind="lend", created_at=clock.now())
            yield Subject(
                f"wish of {author} for {name}", _post(cast[author], audience, kind="borrow", created_at=clock.now())
            )
            facts = {"author": cast[author], "audience": audience, "category": "tools"}
            for state, about in {
                "told": {"told_by": told, "created_at": clock.now()},
                "alone": {"own_name": "Saw", "created_at": clock.now()},
                "old": {"own_name": "Saw", "created_at": clock.now() - timedelta(days=40)},
                "off": {"own_name": "Saw", "created_at": clock.now(), "removed_at": clock.now()},
            }.items():
                item = Item.objects.create(**facts, **about)
                yield Subject(f"{state} thing of {author} for {name}", item)
                if author == "neighbour" and state != "old":
                    opened = {"case_id": new_id(), "municipality_id": audience.municipality_id}
                    Grant.objects.create(subject_kind="item", subject_id=item.pk, granted_at=clock.now(), **opened)


def _loans(cast: Cast) -> Iterator[Subject]:
    """In each state, between two who see each other, two who do not, and with somebody who is gone."""
    now = clock.now()
    agreed = {"agreed_at": now, "from_on": now.date(), "to_on": now.date()}
    states: dict[str, dict[str, Any]] = {
        "asked": {"asked_at": now},
        "offered": {"offered_at": now},
        "agreed": {"asked_at": now, **agreed},
        "out": {"asked_at": now, **agreed, "out_at": now},
        "back": {"asked_at": now, **agreed, "out_at": now, "back_at": now},
        "called off": {"asked_at": now, **agreed, "ended_at": now},
        "fetched": {"kind": "give", "asked_at": now, "agreed_at": now, "out_at": now},
    }
    sides = (
        ("neighbour", "second-neighbour"),
        ("ambassador", "second-neighbour"),
        ("second-neighbour", "ambassador"),
        ("next-neighbourhood", "newcomer"),
        ("neighbour", None),
    )
    for state, facts in states.items():
        for lender, borrower in sides:
            people = {"lender": cast[lender], "borrower": cast[borrower] if borrower else None}
            made = Loan.objects.create(municipality=cast.cities["hasselt"], what="Drill", **people, **facts)
            yield Subject(f"{state} loan of {lender} to {borrower}", made)


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
    yield "a group in Kermt", group_audience(gather(cast))
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
    talk: list[Subject]
    others: list[Subject]
    things: list[Subject]
    loans: list[Subject]

    @property
    def everything(self) -> list[Subject]:
        return [
            *(*self.posts, *self.comments, *self.audiences, *self.talk, *self.others),
            *(*self.things, *self.loans),
        ]


@pytest.fixture
def world(cast: Cast) -> World:
    Block.objects.create(person=cast["second-neighbour"], blocked=cast["ambassador"], created_at=clock.now())
    letterbox = Membership.objects.get(person=cast["neighbour"]).household
    Membership.objects.filter(person=cast["newcomer"]).update(household=letterbox)
    Block.objects.create(
        person=cast["next-neighbourhood"], blocked=cast["neighbour"], household=letterbox, created_at=clock.now()
    )
    audiences = dict(_audiences(cast))
    posts = list(_posts(cast, audiences))
    solved = posts[0].thing
    Solution.objects.create(
        post=_post(cast["neighbour"], solved.audience, created_at=clock.now()), solved_at=clock.now()
    )
    people = {key: found for key, person in cast.items() if (found := person_with_standing(person.pk))}
    comments = list(_comments(posts[::3], cast))
    for subject in comments[::7]:
        opened = {"case_id": new_id(), "municipality_id": subject.thing.audience.municipality_id}
        Grant.objects.create(subject_kind="comment", subject_id=subject.thing.pk, granted_at=clock.now(), **opened)
    return World(
        people=people,
        posts=posts,
        comments=comments,
        audiences=[Subject(f"audience {name}", audience) for name, audience in audiences.items()],
        talk=list(_talk(cast)),
        things=list(_things(audiences, cast)),
        loans=list(_loans(cast)),
        others=[
            *_moderation(cast, posts),
            *(Subject(f"city {name}", city) for name, city in cast.cities.items()),
            *(Subject(f"person {key}", person) for key, person in people.items()),
            *(Subject(f"department {name}", found) for name, found in cast.departments.items()),
            *(Subject(f"membership of {each.person}", each) for each in Membership.objects.select_related("person")),
            Subject("desk session", _desk_session(cast)),
            *_groups(cast),
        ],
    )


def _groups(cast: Cast) -> Iterator[Subject]:
    """One with a keeper and somebody who waits, one whose keeper went, one closed, one next door."""
    yield Subject("group", gather(cast, is_open=False, asking=("ambassador",)))
    orphan = gather(cast, "Allotment")
    GroupMember.objects.filter(group=orphan, is_keeper=True).delete()
    yield Subject("group without a keeper", orphan)
    closed = gather(cast, "Old street")
    closed.closed_at = clock.now()
    closed.save()
    yield Subject("closed group", closed)
    there = {"neighbourhood": cast.neighbourhoods["Tuilt"], "name": "Next door", "created_at": clock.now()}
    yield Subject("group next door", Group.objects.create(**there))


def _talk(cast: Cast) -> Iterator[Subject]:
    """Of two, of three, between whom a block stands; one message of them is granted."""
    conversations(cast)
    for thing in (*Conversation.objects.all(), *Message.objects.select_related("conversation")):
        yield Subject(f"{type(thing).__name__} {thing.pk}", thing)
    facts = {"case_id": new_id(), "municipality": cast.cities["hasselt"], "granted_at": clock.now()}
    Grant.objects.create(subject_kind="message", subject_id=thing.pk, **facts)


def _desk_session(cast: Cast) -> DeskSession:
    now = clock.now()
    return DeskSession.objects.create(
        municipality=cast.cities["hasselt"],
        staff=cast["desk"],
        person=cast["neighbour"],
        channel="phone",
        started_at=now,
        ends_at=now + SESSION_LENGTH,
    )


def _moderation(cast: Cast, posts: list[Subject]) -> Iterator[Subject]:
    """An open case and a closed one in each city, with what a grant opens; and what was decided and objected to."""
    now = clock.now()
    for name, author in (("Hasselt", "second-neighbour"), ("Diepenbeek", "other-city")):
        city = cast[author].municipality
        home = Membership.objects.get(person=cast[author]).neighbourhood
        for closed_at in (None, now):
            facts = {"municipality": city, "neighbourhood": home, "author": cast[author], "opened_at": now}
            case = Case.objects.create(closed_at=closed_at, **facts)
            yield Subject(f"case in {name}, {closed_at}", case)
            theirs = next(each.thing for each in posts if each.thing.author == cast[author])
            at = {"granted_at": now, "ended_at": closed_at}
            Grant.objects.create(case_id=case.pk, municipality=city, subject_kind="post", subject_id=theirs.pk, **at)
        why = {"ground": "rules", "ground_text": "Rule", "facts": "Facts", "redress": "object", "decided_at": now}
        decision = Decision.objects.create(case=case, outcome="warn", **why)
        yield Subject(f"decision in {name}", decision)
        yield Subject(f"objection in {name}", Appeal.objects.create(decision=decision, words="No", filed_at=now))


ASKED_ABOUT: dict[str, type[Any]] = {
    "feed:comment:create": Post,
    "exchange:item:create": Audience,
    "feed:post:create": Audience,
    "conversations:conversation:create": Person,
    "conversations:message:create": Conversation,
}
OF_ITS_OWN: dict[str, type[Any]] = {
    "appeal": Appeal,
    "case": Case,
    "comment": Comment,
    "conversation": Conversation,
    "decision": Decision,
    "item": Item,
    "loan": Loan,
    "message": Message,
}


def _fits(action: str, thing: Any) -> bool:
    """The kinds of subject that an action is ever asked about."""
    kind = ASKED_ABOUT.get(action) or OF_ITS_OWN.get(action.split(":")[1])
    if kind is None and action.startswith(("feed:", "cityhall:announcement:withdraw", "exchange:", "events:event:")):
        kind = Post
    return isinstance(thing, kind) if kind else not isinstance(thing, (Post, Audience, *OF_ITS_OWN.values()))


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
        items = set(Item.objects.all().visible_to(person).values_list("pk", flat=True))
        loans = set(Loan.objects.visible_to(person).values_list("pk", flat=True))
        for subject in world.things:
            if isinstance(subject.thing, Item):
                expected = may(person, "exchange:item:read", subject.thing)
                assert (subject.thing.pk in items) == expected, f"{key}: {subject}"
        for subject in world.loans:
            expected = may(person, "exchange:loan:read", subject.thing)
            assert (subject.thing.pk in loans) == expected, f"{key}: {subject}"
        for subject in world.comments:
            expected = may(person, "feed:comment:read", subject.thing)
            assert (subject.thing.pk in comments) == expected, f"{key}: {subject}"
        for subject in world.talk:
            model = type(subject.thing)
            is_visible = model.objects.all().visible_to(person).filter(pk=subject.thing.pk).exists()
            action = f"conversations:{model.__name__.lower()}:read"
            assert is_visible == may(person, action, subject.thing), f"{key}: {subject}"


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
