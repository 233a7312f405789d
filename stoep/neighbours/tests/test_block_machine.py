"""Whoever blocks, mutes, writes, thanks and talks, in whatever order: what each sees is what the blocks say, no more.

The model is a set of pairs; the program is asked through the same queries that its pages ask.
"""

from collections.abc import Callable
from datetime import datetime
from itertools import permutations
from uuid import uuid4

import pytest
from hypothesis import Phase
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from stoep.access.audience import home_audience
from stoep.access.gate import NotAllowed, NotVisible
from stoep.common import clock
from stoep.common.text import TextRefused
from stoep.conversations.actions import send_message, start_conversation
from stoep.conversations.models import Conversation, Message
from stoep.conversations.queries import full_neighbours
from stoep.conversations.reading import messages_for
from stoep.exchange.models import Item
from stoep.exchange.shelf import tick_things
from stoep.exchange.shelf_queries import items_for
from stoep.feed.actions import publish_comment, publish_post, thank
from stoep.feed.models import Comment, Post, Thanks
from stoep.feed.queries import feed_heads
from stoep.feed.reading import comments_for, posts_for
from stoep.neighbours import blocking
from stoep.operations.cast import Cast
from stoep.people.models import Block, Mute, Person
from stoep.people.queries import person_with_standing

WHO = ("neighbour", "second-neighbour", "ambassador")
pairs = st.sampled_from(list(permutations(WHO, 2)))

# A failure is told as it was found: to make its steps fewer may take minutes.
FEW = hypothesis_settings(max_examples=12, stateful_step_count=14, phases=(Phase.generate,))


class Blocking(RuleBasedStateMachine):
    """Three neighbours of one street, each with a drill; `apart`: who blocked whom, as the model has it."""

    cast: Cast

    @initialize()
    def begin(self) -> None:
        self.now = clock.now()
        self.apart: set[tuple[str, str]] = set()
        self.muted: set[tuple[str, str]] = set()
        for model in (Block, Mute, Message, Conversation, Thanks, Comment, Post):
            model.objects.all().delete()

    @rule(pair=pairs)
    def block(self, pair: tuple[str, str]) -> None:
        """Also whoever is apart already may: the page is not there for them, and a second block harms nobody."""
        one, other = map(self._who, pair)
        blocking.block(person=one, other=other, now=self.now)
        self.apart.add(pair)

    @rule(pair=pairs)
    def unblock(self, pair: tuple[str, str]) -> None:
        one, other = map(self._who, pair)
        for found in Block.objects.filter(person=one, blocked=other):
            # Whoever was blocked holds no key to it.
            blocking.unblock(person=other, block_id=found.pk, now=self.now)
            assert Block.objects.filter(pk=found.pk).exists()
            blocking.unblock(person=one, block_id=found.pk, now=self.now)
        self.apart.discard(pair)

    @rule(pair=pairs)
    def mute(self, pair: tuple[str, str]) -> None:
        one, other = map(self._who, pair)
        blocking.mute(person=one, other=other, now=self.now)
        self.muted.add(pair)

    @rule(pair=pairs)
    def unmute(self, pair: tuple[str, str]) -> None:
        one, other = map(self._who, pair)
        blocking.unmute(person=one, other_id=other.pk, now=self.now)
        self.muted.discard(pair)

    @rule(who=st.sampled_from(WHO))
    def post(self, who: str) -> None:
        author = self._who(who)
        place = author.memberships.get(ended_at=None).neighbourhood
        publish_post(
            author=author,
            audience=home_audience(place),
            kind="question",
            title=f"Of {who}",
            body="",
            request_key=uuid4(),
            now=self.now,
        )

    @precondition(lambda _self: Post.objects.exists())
    @rule(who=st.sampled_from(WHO), which=st.integers(0, 4), is_word=st.booleans())
    def answer_or_thank(self, who: str, which: int, is_word: bool) -> None:
        posts = list(Post.objects.select_related("audience", "author").order_by("pk"))
        post = posts[which % len(posts)]
        writer = self._key_of(post.author_id)
        if is_word:
            facts = {"author": self._who(who), "body": f"By {who}", "request_key": uuid4()}
            self._try((who, writer), publish_comment, post=post, now=self.now, **facts)
        elif who != writer:
            self._try((who, writer), thank, person=self._who(who), post=post, now=self.now)

    @rule(pair=pairs)
    def talk(self, pair: tuple[str, str]) -> None:
        one, other = map(self._who, pair)
        facts = {"body": "Hello", "request_key": uuid4(), "now": self.now}
        known = Conversation.objects.filter(participants__person=one).filter(participants__person=other).first()
        if known is None:
            self._try(pair, start_conversation, person=one, others=[other], **facts)
        else:
            self._try(pair, send_message, author=one, conversation=known, **facts)

    @invariant()
    def each_sees_what_the_blocks_say(self) -> None:
        for one, other in permutations(WHO, 2):
            me, them = self._who(one), self._who(other)
            is_apart = self._are_apart(one, other)
            assert (them.pk in me.standing.apart) == is_apart
            for seen, written in (
                (posts_for(me).filter(author=them), Post.objects.filter(author=them)),
                (items_for(me).filter(author=them), Item.objects.filter(author=them)),
                (
                    messages_for(me).filter(author=them),
                    Message.objects.filter(author=them, conversation__participants__person=me),
                ),
            ):
                assert seen.count() == (0 if is_apart else written.count())
            assert full_neighbours(me).filter(pk=them.pk).exists() is not is_apart

    @invariant()
    def no_answer_crosses_a_block_by_way_of_a_third(self) -> None:
        """What one wrote oneself, under whomever's post, one keeps: to take it back."""
        for one, other in permutations(WHO, 2):
            if self._are_apart(one, other):
                me, them = self._who(one), self._who(other)
                assert not comments_for(me).filter(author=them).exists()
                assert not comments_for(me).filter(post__author=them).exclude(author=me).exists()

    @invariant()
    def a_mute_empties_one_feed_and_takes_nothing_else(self) -> None:
        for one, other in permutations(WHO, 2):
            me, them = self._who(one), self._who(other)
            shown = {head.id for head in feed_heads(me.standing, most=1000)}
            theirs = set(Post.objects.filter(author=them).values_list("pk", flat=True))
            is_heard = not self._are_apart(one, other) and (one, other) not in self.muted
            assert shown & theirs == (theirs if is_heard else set())

    def _try(self, pair: tuple[str, str], act: Callable[..., object], /, **facts: object) -> bool:
        """Between two who are apart there is nothing to do it to; between others it is done. Answers whether it was."""
        try:
            act(**facts)
        except (NotVisible, NotAllowed):
            assert self._are_apart(*pair), f"{pair}: could not {act.__name__}"
            return False
        except TextRefused as error:
            return self._is_too_many(error)
        assert not self._are_apart(*pair), f"{pair}: could {act.__name__}"
        return True

    def _is_too_many(self, error: TextRefused) -> bool:
        """Whoever writes all day is told to wait; no other refusal belongs here. False: nothing was done."""
        assert error.reason.startswith("many"), error.reason
        return False

    def _are_apart(self, one: str, other: str) -> bool:
        return one != other and not self.apart.isdisjoint({(one, other), (other, one)})

    def _who(self, key: str) -> Person:
        """As at the next request: who was blocked in between is known."""
        found = person_with_standing(self.cast[key].pk)
        assert found is not None
        return found

    def _key_of(self, person_id: object) -> str:
        return next(key for key in WHO if self.cast[key].pk == person_id)


def test_no_order_of_steps_lets_one_see_the_other(cast: Cast) -> None:
    for who in WHO:
        tick_things(person=cast[who], chosen=["drill"], now=clock.now())
    Blocking.cast = cast
    run_state_machine_as_test(Blocking, settings=FEW)


def test_the_machine_notices_a_block_that_works_one_way(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted: a block is kept as a mute. A net that lets this through is none."""

    def one_way(*, person: Person, other: Person, now: datetime) -> None:
        blocking.mute(person=person, other=other, now=now)

    monkeypatch.setattr(blocking, "block", one_way)
    Blocking.cast = cast
    with pytest.raises(AssertionError):
        run_state_machine_as_test(Blocking, settings=FEW)
