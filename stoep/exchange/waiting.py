"""A request that nobody answers goes further, as far as its author allowed: next door after a day, then to the city.

What was lost or found goes next door by a press of its author. An audience grows only while nobody answered.
"""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Protocol

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from stoep.access.audience import Place, audience_of
from stoep.access.gate import NotAllowed, NotVisible, require
from stoep.access.models import Audience
from stoep.delivery.outbox import ring
from stoep.exchange.models import HelpOffer, HelpRequest, LostFound
from stoep.feed.actions import touch
from stoep.feed.models import Comment, Post, Solution
from stoep.people.models import Person
from stoep.people.queries import person_with_standing

logger = logging.getLogger(__name__)

NEXT_DOOR_AFTER, TO_CITY_AFTER = timedelta(hours=24), timedelta(hours=48)
# What stood still for so long, as after a pause of the whole site, goes nowhere by itself any more.
STALE_AFTER = timedelta(days=14)


class Step(Protocol):
    __name__: str

    def __call__(self, *, author: Person, post: Post, now: datetime) -> None: ...


class AnsweredAlready(ValueError):
    """Somebody answered for the neighbours that it had then: it stays with those."""


@transaction.atomic
def show_next_door(*, author: Person, post: Post, now: datetime) -> None:
    """The neighbourhoods next to the author's see it too; their daily mail tells of it. Raises AnsweredAlready."""
    require(author, "exchange:post:widen", post, now=now)
    _widen(post, next_door=True)
    for model in (HelpRequest, LostFound):
        model.objects.filter(post=post, opened_next_door_at=None).update(opened_next_door_at=now)


@transaction.atomic
def share_with_city(*, author: Person, post: Post, now: datetime) -> None:
    """The city looks along. Raises AnsweredAlready."""
    require(author, "exchange:post:widen", post, now=now)
    _widen(post, to_city=True)
    HelpRequest.objects.filter(post=post, shared_with_city_at=None).update(shared_with_city_at=now)


def look_after_requests(*, now: datetime) -> int:
    """Each that waited long enough goes one step further, once. Answers how many did."""
    steps = [(show_next_door, request) for request in due_next_door(now)]
    steps += [(share_with_city, request) for request in due_to_city(now)]
    return sum(_go_further(step, request, now) for step, request in steps)


def due_next_door(now: datetime) -> QuerySet[HelpRequest]:
    ticked = Q(may_go_next_door=True, opened_next_door_at=None)
    return _unanswered(now, NEXT_DOOR_AFTER).filter(ticked)


def due_to_city(now: datetime) -> QuerySet[HelpRequest]:
    return _unanswered(now, TO_CITY_AFTER).filter(may_go_to_city=True, shared_with_city_at=None)


def is_answered(post: Post) -> bool:
    """Whether anybody else wrote here or offered help, even if they took it back."""
    others = Comment.objects.filter(post=post).exclude(author=post.author_id)
    return others.exists() or HelpOffer.objects.filter(post=post).exists()


def is_next_door(post: Post) -> bool:
    """Whether it cannot go further: next door sees it already, there is none, or it is for a group alone."""
    places = _places(post.audience)
    return _is_for_group(places) or set(_next_to(post)) <= places


def _unanswered(now: datetime, after: timedelta) -> QuerySet[HelpRequest]:
    others = Comment.objects.filter(post=OuterRef("post")).exclude(author=OuterRef("post__author"))
    return (
        HelpRequest.objects.filter(
            ~Exists(others),
            ~Exists(HelpOffer.objects.filter(post=OuterRef("post"))),
            ~Exists(Solution.objects.filter(post=OuterRef("post"))),
            post__kind="help_wanted",
            post__audience__atoms__group=None,
            post__removed_at=None,
            post__created_at__lte=now - after,
            post__created_at__gt=now - STALE_AFTER,
        )
        .select_related("post__audience")
        .order_by("post_id")
        .distinct()
    )


def _go_further(step: Step, request: HelpRequest, now: datetime) -> bool:
    """In the author's name, who allowed it: what they may not do any more, happens no more."""
    author = person_with_standing(request.post.author_id)
    if author is None:
        return False
    try:
        step(author=author, post=request.post, now=now)
    except (AnsweredAlready, NotAllowed, NotVisible):
        return False
    logger.info("A request that waited went further: %s", step.__name__)
    return True


def _widen(post: Post, *, next_door: bool = False, to_city: bool = False) -> None:
    """Under the lock: an answer that is being written is either there before, or waits and is for the old readers."""
    post = Post.objects.select_for_update(of=("self",)).select_related("audience", "membership").get(pk=post.pk)
    if not post.is_live or is_answered(post) or Solution.objects.filter(post=post).exists():
        raise AnsweredAlready
    here = _places(post.audience)
    if _is_for_group(here):
        raise NotAllowed
    places = here | set(_next_to(post) if next_door else ())
    is_shared = post.audience.shared_with_city or to_city
    wider = audience_of(post.audience.municipality_id, places, shared_with_city=is_shared)
    if wider.pk == post.audience_id:
        return
    touch(post, audience=wider)
    # What its author added below goes along.
    Comment.objects.filter(post=post).update(audience=wider)
    ring(audience_id=wider.pk, post_id=post.pk)


def _places(audience: Audience) -> set[Place]:
    return {Place(*each) for each in audience.atoms.values_list("neighbourhood_id", "street_id", "group_id")}


def _is_for_group(places: set[Place]) -> bool:
    """What was written to a group stays there."""
    return any(place.group_id for place in places)


def _next_to(post: Post) -> Iterable[Place]:
    """Next to where its author lives, and lived when they wrote it."""
    home = post.membership
    if home is None or home.ended_at is not None:
        return
    for place in home.neighbourhood.adjacent.filter(retired_at=None):
        yield Place(neighbourhood_id=place.pk)
