"""Blocks, mutes, reports, decisions in any order: after each step everybody sees what a small model says they see."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stoep.access.audience import home_audience
from stoep.access.gate import may
from stoep.common import clock
from stoep.common.ids import new_id
from stoep.feed.actions import publish_post
from stoep.feed.editing import remove_post, restore_post
from stoep.feed.models import Post
from stoep.feed.queries import feed_heads
from stoep.moderation.actions import report
from stoep.moderation.deciding import Verdict, decide, end_what_is_over
from stoep.moderation.models import Case
from stoep.neighbours.blocking import block, mute, unblock, unmute
from stoep.operations.cast import Cast
from stoep.people.models import Block, Person

KEYS = ("neighbour", "second-neighbour", "ambassador")
LIVE, GONE, TAKEN = "live", "gone", "taken away"
VERBS = ("block", "unblock", "mute", "unmute", "report", "keep", "remove", "hide", "expire", "delete", "restore")
# Ten at most: so nobody comes to a limit of the day.
STEPS = st.lists(
    st.tuples(st.sampled_from(VERBS), st.sampled_from(KEYS), st.sampled_from(KEYS)), min_size=1, max_size=10
)


@dataclass
class Model:
    """Who blocked and muted whom; of each post its state, whether a case is open, what a hiding goes back to."""

    blocks: set[tuple[str, str]] = field(default_factory=set)
    mutes: set[tuple[str, str]] = field(default_factory=set)
    state: dict[str, str] = field(default_factory=lambda: dict.fromkeys(KEYS, LIVE))
    reported: set[str] = field(default_factory=set)
    back_to: dict[str, str] = field(default_factory=dict)

    def sees(self, who: str, author: str) -> bool:
        is_apart = {(who, author), (author, who)} & self.blocks
        return self.state[author] == LIVE and not is_apart

    def step(self, verb: str, who: str, author: str) -> bool:
        """Whether it can be done; if so, what follows."""
        is_other = who != author
        if verb in {"block", "mute"} and is_other:
            (self.blocks if verb == "block" else self.mutes).add((who, author))
        elif verb in {"unblock", "unmute"} and is_other:
            (self.blocks if verb == "unblock" else self.mutes).discard((who, author))
        elif verb == "report" and is_other and self.sees(who, author):
            self.reported.add(author)
        elif verb in {"keep", "remove", "hide"} and author in self.reported:
            self._decide(verb, author)
        elif verb == "expire":
            self.state |= self.back_to
            self.back_to = {}
        elif verb == "delete" and self.state[author] == LIVE:
            self.state[author] = GONE
        elif verb == "restore" and self.state[author] == GONE:
            self.state[author] = LIVE
        else:
            return False
        return True

    def _decide(self, verb: str, author: str) -> None:
        self.reported.discard(author)
        if verb == "keep":
            return
        if verb == "hide":
            self.back_to[author] = self.state[author]
        self.state[author] = TAKEN


@dataclass
class Town:
    cast: Cast
    posts: dict[str, UUID]
    now: datetime

    def person(self, key: str) -> Person:
        return Person.objects.get(pk=self.cast[key].pk)

    def do(self, verb: str, who: str, author: str) -> None:
        self.now += timedelta(seconds=1)
        now, me, other = self.now, self.person(who), self.person(author)
        post = Post.objects.get(pk=self.posts[author])
        if verb == "block":
            block(person=me, other=other, now=now)
        elif verb == "unblock":
            for pk in Block.objects.filter(person=me, blocked=other).values_list("pk", flat=True):
                unblock(person=me, block_id=pk, now=now)
        elif verb == "mute":
            mute(person=me, other=other, now=now)
        elif verb == "unmute":
            unmute(person=me, other_id=other.pk, now=now)
        elif verb == "delete":
            remove_post(person=other, post=post, now=now)
        elif verb == "restore":
            restore_post(person=other, post=post, now=now)
        else:
            self._moderate(verb, me, post)

    def _moderate(self, verb: str, me: Person, post: Post) -> None:
        if verb == "report":
            key = new_id()
            report(
                person=me,
                kind="post",
                subject_id=post.pk,
                reason="rules",
                explanation="",
                request_key=key,
                now=self.now,
            )
        elif verb == "expire":
            self.now += timedelta(days=2)
            end_what_is_over(now=self.now)
        else:
            verdict = Verdict(verb, "rules", "Rule 1", "Facts", days=1)
            case = Case.objects.get(subject_id=post.pk, closed_at=None)
            decide(person=self.person("moderator"), case=case, verdict=verdict, now=self.now)

    def agrees_with(self, model: Model) -> None:
        for who in KEYS:
            person = self.person(who)
            visible = set(Post.objects.all().visible_to(person).values_list("pk", flat=True))
            heads = {head.id for head in feed_heads(person.standing)}
            for author, pk in self.posts.items():
                sees = model.sees(who, author)
                assert (pk in visible) == sees, f"{who}, post of {author}"
                assert may(person, "feed:post:read", Post.objects.get(pk=pk)) == sees
                assert (pk in heads) == (sees and (who, author) not in model.mutes)
        if not model.reported:
            assert not Post.objects.all().visible_to(self.person("moderator")).exists()


@pytest.fixture
def town(cast: Cast) -> Town:
    now = clock.now()
    audience = home_audience(cast.neighbourhoods["Kermt"])
    posts = {
        key: publish_post(
            author=cast[key], audience=audience, kind="question", title=key, body="", request_key=new_id(), now=now
        ).pk
        for key in KEYS
    }
    return Town(cast, posts, now)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(steps=STEPS)
def test_after_each_step_everybody_sees_what_the_model_says(town: Town, steps: list[tuple[str, str, str]]) -> None:
    with transaction.atomic():
        model, began = Model(), town.now
        for verb, who, author in steps:
            if model.step(verb, who, author):
                town.do(verb, who, author)
                town.agrees_with(model)
        town.now = began
        transaction.set_rollback(True)
