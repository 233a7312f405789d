"""A crowded square: everybody writes for every audience, over two months; some of it is removed. By seed."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from stoep.access.audience import Place, audience_of, city_audience, group_audience, home_audience
from stoep.access.models import Audience
from stoep.common import clock
from stoep.common.ids import new_id
from stoep.feed.kinds import for_neighbours
from stoep.feed.models import Comment, Post, Thanks
from stoep.operations.cast import Cast
from stoep.people.models import Membership, Person
from stoep.people.tests.gathering import gather

WRITERS = ("neighbour", "second-neighbour", "next-neighbourhood", "ambassador", "newcomer", "suspended", "other-city")


def audiences_of(cast: Cast) -> list[Audience]:
    """Every shape that an audience has, in both cities."""
    kermt, tuilt, stevoort, rooierheide = (
        cast.neighbourhoods[n] for n in ("Kermt", "Tuilt", "Stevoort", "Rooierheide")
    )
    hasselt, diepenbeek = cast.cities["hasselt"], cast.cities["diepenbeek"]
    heerstraat = cast.streets["Heerstraat"]
    return [
        home_audience(kermt),
        home_audience(kermt, shared_with_city=True),
        home_audience(kermt, adjacent=[tuilt]),
        home_audience(tuilt),
        home_audience(tuilt, adjacent=[kermt, stevoort], shared_with_city=True),
        home_audience(stevoort),
        home_audience(rooierheide),
        city_audience(hasselt, everybody=True),
        city_audience(hasselt, neighbourhoods=[kermt, stevoort]),
        city_audience(hasselt, streets=[cast.streets["Koorstraat"]]),
        city_audience(hasselt, streets=[heerstraat, cast.streets["Diestersteenweg"]]),
        audience_of(hasselt, [Place(tuilt.pk, heerstraat.pk)]),
        city_audience(diepenbeek, everybody=True),
        group_audience(gather(cast)),
    ]


@dataclass(frozen=True)
class Square:
    cast: Cast
    chance: random.Random
    now: datetime
    homes: dict[Any, Membership]

    def people_of(self, audience: Audience) -> list[Person]:
        return [self.cast[key] for key in WRITERS if self.cast[key].municipality_id == audience.municipality_id]

    def post(self, audience: Audience) -> Post:
        cast, chance = self.cast, self.chance
        at = self.now - timedelta(minutes=chance.randrange(60 * 24 * 60))
        is_official = audience.municipality_id == cast["editor"].municipality_id and chance.random() < 0.2
        author = cast["editor"] if is_official else chance.choice(self.people_of(audience))
        return Post(
            id=new_id(at),
            author=author,
            audience=audience,
            membership=self.homes.get(author.pk),
            speaking_for=cast.departments["Communicatie"] if is_official else None,
            kind="announcement" if is_official else chance.choice([kind.key for kind in for_neighbours()]),
            title=f"Title {chance.randrange(10**6)}",
            body="Words " * chance.randrange(80),
            thanks_count=0,
            created_at=at,
            removed_at=self.now if chance.random() < 0.15 else None,
        )

    def answers(self, post: Post) -> list[Comment]:
        """Up to five, and the count of those that still stand on the post."""
        made = [self._answer(post, minutes) for minutes in range(self.chance.randrange(6))]
        post.comment_count = sum(comment.removed_at is None for comment in made)
        return made

    def _answer(self, post: Post, minutes: int) -> Comment:
        author = self.chance.choice([*self.people_of(post.audience), post.author])
        at = post.created_at + timedelta(minutes=minutes)
        return Comment(
            id=new_id(at),
            post=post,
            author=author,
            audience=post.audience,
            membership=self.homes.get(author.pk),
            speaking_for=post.speaking_for if author.is_staff_member else None,
            body=f"Answer {self.chance.randrange(10**9)}",
            created_at=at,
            removed_at=at if self.chance.random() < 0.2 else None,
        )

    def thanks(self, post: Post) -> list[Thanks]:
        people = [person for person in self.people_of(post.audience) if self.chance.random() < 0.3]
        post.thanks_count = len(people)
        return [Thanks(post=post, person=person, created_at=post.created_at) for person in people]


def fill(cast: Cast, *, posts: int = 300, seed: int = 1) -> None:
    homes = {home.person_id: home for home in Membership.objects.filter(ended_at=None)}
    square = Square(cast, random.Random(seed), clock.now(), homes)
    audiences = audiences_of(cast)
    made = [square.post(square.chance.choice(audiences)) for _turn in range(posts)]
    comments = [comment for post in made for comment in square.answers(post)]
    thanks = [one for post in made for one in square.thanks(post)]
    Post.objects.bulk_create(made)
    Comment.objects.bulk_create(comments)
    Thanks.objects.bulk_create(thanks)
