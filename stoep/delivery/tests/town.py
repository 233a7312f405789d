"""A small town over thirty days: people who write, answer, look in and change their minds, at the published rates.

The Hague and Waterloo measured them: for 100 member households 2.4 to 3.2 posts and 18 to 28 replies a week.
"""

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from stoep.access.audience import home_audience
from stoep.common import clock
from stoep.delivery.digest import make_digests, plan_digests
from stoep.delivery.models import DigestBatch, OutboxEntry
from stoep.delivery.sending import handle_entry, send_due_mails
from stoep.feed.actions import publish_comment, publish_post
from stoep.feed.models import Post
from stoep.operations.cast import Cast
from stoep.people.models import Membership, Person
from stoep.places.models import Neighbourhood

# From 10 October: the clock goes back on the 25th.
START = datetime(2026, 10, 9, 22, 0, tzinfo=UTC)
DAYS = 30
POSTS, REPLIES, WEEK = 2.8, 23.0, 7 * 24 * 60
KINDS = ("question", "help_wanted", "give", "information", "borrow")
# A third opens the square on a day, so that nine in ten do in a week.
VISITS_A_DAY = 0.3


@dataclass
class Town:
    """`busy` and `quiet`: who lives where. `run` lets the days pass, an hour at a time."""

    cast: Cast
    busy: list[Person] = field(default_factory=list)
    quiet: list[Person] = field(default_factory=list)
    posts: dict[UUID, list[Post]] = field(default_factory=dict)
    at_hour: dict[datetime, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._luck = random.Random(20261010)
        # Their own mail would be counted too.
        Person.objects.update(email_confirmed_at=None)

    def settle(self, place: str, count: int, *, mailed: int) -> list[Person]:
        """The first `mailed` of them have an address; the others only write, as lively as everybody."""
        neighbourhood, city = self.cast.neighbourhoods[place], self.cast.cities["hasselt"]
        long_ago = START - timedelta(days=60)
        people = []
        for number in range(count):
            person = Person(municipality=city, name=f"Buur {number}", joined_at=long_ago, language="nl")
            if number < mailed:
                person.set_email(f"{place.lower()}{number}@buur.example")
                person.email_confirmed_at = long_ago
            people.append(person)
        Person.objects.bulk_create(people)
        Membership.objects.bulk_create(
            Membership(person=person, neighbourhood=neighbourhood, proof="letter", started_at=long_ago)
            for person in people
        )
        return people

    def pass_hour(self, hour: datetime) -> None:
        for place, people in (("Kermt", self.busy), ("Tuilt", self.quiet)):
            # Nobody writes at night; so the day's hours hold a little more.
            if 6 <= hour.hour < 21:
                self._write(self.cast.neighbourhoods[place], people, hour, share=24 / 15 / (7 * 24))
        with clock.frozen(hour + timedelta(minutes=59)):
            for entry in OutboxEntry.objects.filter(handled_at=None):
                handle_entry(entry.pk, now=clock.now())
        self._work(hour + timedelta(hours=1))

    def _work(self, at: datetime) -> None:
        """As the worker does: plans, makes and sends."""
        with clock.frozen(at):
            plan_digests(now=at)
            for batch_id in DigestBatch.objects.filter(done_at=None).values_list("pk", flat=True):
                make_digests(batch_id, now=at)
            send_due_mails()

    def _write(self, place: Neighbourhood, people: list[Person], hour: datetime, *, share: float) -> None:
        hundreds = len(people) / 100
        for _one in range(self._times(POSTS * hundreds * share)):
            self._post(place, self._luck.choice(people), hour)
        for _one in range(self._times(REPLIES * hundreds * share)):
            self._reply(place, self._luck.choice(people), hour)
        for person in people:
            if self._luck.random() < VISITS_A_DAY / 15:
                Person.objects.filter(pk=person.pk).update(feed_seen_at=self._within(hour))

    def _post(self, place: Neighbourhood, author: Person, hour: datetime) -> None:
        at = self._within(hour)
        with clock.frozen(at):
            post = publish_post(
                author=author,
                audience=home_audience(place),
                kind=self._luck.choice(KINDS),
                title=f"Bericht van {at:%d-%m %H:%M}",
                body="Wie kan mij daarbij helpen? " * self._luck.randint(1, 20),
                request_key=uuid4(),
                now=at,
            )
        self.posts.setdefault(place.pk, []).append(post)

    def _reply(self, place: Neighbourhood, author: Person, hour: datetime) -> None:
        recent = self.posts.get(place.pk, [])[-6:]
        if recent:
            post, at = self._luck.choice(recent), self._within(hour)
            at = max(at, post.created_at + timedelta(seconds=1))
            with clock.frozen(at):
                publish_comment(author=author, post=post, body="Ik!", request_key=uuid4(), now=at)

    def _within(self, hour: datetime) -> datetime:
        return hour + timedelta(seconds=self._luck.randint(0, 3000))

    def _times(self, mean: float) -> int:
        """How often something happens in an hour when it does so `mean` times on average."""
        whole = int(mean)
        return whole + (self._luck.random() < mean - whole)
