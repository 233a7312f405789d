"""Help in any order of steps, and by many at once: never two helpers, and each sees what a small model says."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stoep.access.audience import home_audience
from stoep.access.gate import NotAllowed
from stoep.common import clock
from stoep.common.ids import new_id
from stoep.exchange.helping import HelpRefused, choose_helper, offer_help, take_choice_back, take_offer_back
from stoep.exchange.helping_reading import offers_for
from stoep.exchange.models import HelpOffer
from stoep.feed.actions import publish_post
from stoep.feed.editing import solve_request
from stoep.feed.models import Post
from stoep.operations.cast import Cast, make_cast
from stoep.people.models import Person

HELPERS = ("second-neighbour", "ambassador")
VERBS = ("offer", "take back", "choose", "let go", "solve")
STEPS = st.lists(st.tuples(st.sampled_from(VERBS), st.sampled_from(HELPERS)), min_size=1, max_size=12)


@dataclass
class Model:
    """Who offers, who was chosen, whether it is solved; a step that cannot be done changes nothing."""

    offering: set[str] = field(default_factory=set)
    chosen: str = ""
    is_solved: bool = False

    def step(self, verb: str, who: str) -> None:
        if self.is_solved:
            return
        if verb == "offer":
            self.offering.add(who)
        elif verb == "take back":
            self.offering.discard(who)
            self.chosen = "" if self.chosen == who else self.chosen
        elif verb == "choose" and who in self.offering:
            self.chosen = self.chosen or who
        elif verb == "let go":
            self.chosen = ""
        elif verb == "solve":
            self.is_solved = True


@pytest.mark.usefixtures("cast")
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(steps=STEPS)
def test_after_each_step_it_stands_as_the_model_says(cast: Cast, steps: list[tuple[str, str]]) -> None:
    with transaction.atomic():
        model, post_id = Model(), _asked(cast)
        for verb, who in steps:
            model.step(verb, who)
            with suppress(HelpRefused, NotAllowed):
                _do(cast, verb, who, post_id)
            _agrees(cast, model, post_id)
        transaction.set_rollback(True)


@pytest.fixture
def town(transactional_db: None) -> Cast:
    """Really committed, so that threads see each other's work."""
    del transactional_db
    return make_cast()


def test_of_many_choices_and_solutions_at_once_one_helper_is_left(town: Cast) -> None:
    post_id = _asked(town)
    for who in HELPERS:
        _do(town, "offer", who, post_id)
    refused = _at_once([partial(_do, town, "choose", who, post_id) for who in HELPERS * 4])
    assert HelpOffer.objects.filter(chosen_at__isnull=False, withdrawn_at=None).count() == 1
    assert set(refused) == {"", "taken"}


def _at_once(acts: list[Callable[[], None]]) -> list[str]:
    """Each in a thread of its own; answers why each was refused, or nothing."""

    def run(act: Callable[[], None]) -> str:
        try:
            act()
        except HelpRefused as error:
            return error.reason
        finally:
            connection.close()
        return ""

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def _asked(cast: Cast) -> UUID:
    audience = home_audience(cast.neighbourhoods["Kermt"])
    facts: dict[str, Any] = {
        "kind": "help_wanted",
        "title": "Who helps?",
        "body": "",
        "request_key": new_id(),
        "now": clock.now(),
    }
    post_id: UUID = publish_post(author=cast["neighbour"], audience=audience, **facts).pk
    return post_id


def _do(cast: Cast, verb: str, who: str, post_id: UUID) -> None:
    now, post = clock.now(), Post.objects.select_related("audience").get(pk=post_id)
    author, helper = _person(cast, "neighbour"), _person(cast, who)
    if verb == "offer":
        offer_help(person=helper, post=post, now=now)
    elif verb == "take back":
        take_offer_back(person=helper, post=post, now=now)
    elif verb == "choose":
        offer = HelpOffer.objects.filter(post=post, helper=helper).first()
        choose_helper(author=author, post=post, offer_id=offer.pk if offer else new_id(), now=now)
    elif verb == "let go":
        take_choice_back(author=author, post=post, now=now)
    else:
        solve_request(author=author, post=post, helper=None, thank_you="", now=now)


def _agrees(cast: Cast, model: Model, post_id: UUID) -> None:
    post = Post.objects.get(pk=post_id)
    offers = offers_for(_person(cast, "neighbour"), post)
    assert {shown.offer.helper_id for shown in offers} == {cast[key].pk for key in model.offering}
    chosen = [shown.offer.helper_id for shown in offers if shown.offer.is_chosen]
    assert chosen == ([cast[model.chosen].pk] if model.chosen else [])
    assert post.is_open_request != model.is_solved


def _person(cast: Cast, key: str) -> Person:
    """As a page would have them: with nothing remembered."""
    return Person.objects.get(pk=cast[key].pk)
