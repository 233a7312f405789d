"""A neighbourhood in which days pass: posts at an hour, and the daily mail as the worker makes it."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from stoep.access.audience import city_audience, home_audience
from stoep.common import clock
from stoep.delivery.choosing import choose_mail
from stoep.delivery.digest import make_digests, plan_digests
from stoep.delivery.models import Digest, DigestBatch, Mail, MailChoices, OutboxEntry
from stoep.delivery.sending import handle_entry
from stoep.feed.actions import publish_comment, publish_post
from stoep.feed.models import Post
from stoep.operations.cast import Cast
from stoep.people.models import Person

# A Tuesday in winter: 17:00 here is 16:00 in London.
FIVE = datetime(2026, 11, 24, 16, 0, tzinfo=UTC)


@dataclass
class Days:
    """`place`, `answer`, `announce` at a moment; `five` lets it be 17:00 and answers the mails of that day."""

    cast: Cast
    posts: list[Post] = field(default_factory=list)

    def place(self, who: str = "neighbour", *, at: datetime = FIVE - timedelta(hours=3), **words: Any) -> Post:
        audience = words.pop("audience", None) or home_audience(self.cast.neighbourhoods["Kermt"])
        facts = {"kind": "question", "title": f"Title {len(self.posts)}", "body": "Some words.", **words}
        with clock.frozen(at):
            author = Person.objects.get(pk=self.cast[who].pk)
            post = publish_post(author=author, audience=audience, request_key=uuid4(), now=at, **facts)
        self.posts.append(post)
        return post

    def busy(self, *, at: datetime = FIVE - timedelta(hours=4), count: int = 5) -> list[Post]:
        """Enough for a mail each day."""
        return [self.place("ambassador", at=at + timedelta(minutes=n)) for n in range(count)]

    def announce(self, *, at: datetime = FIVE - timedelta(hours=2), **words: Any) -> Post:
        audience = city_audience(self.cast.cities["hasselt"], everybody=True)
        department = self.cast.departments["Communicatie"]
        facts = {"kind": "announcement", "title": "Roadworks", "audience": audience, **words}
        return self.place("editor", at=at, speaking_for=department, **facts)

    def answer(self, post: Post, who: str = "second-neighbour", *, at: datetime = FIVE - timedelta(hours=1)) -> None:
        with clock.frozen(at):
            author = Person.objects.get(pk=self.cast[who].pk)
            publish_comment(author=author, post=post, body="I have one.", request_key=uuid4(), now=at)

    def choose(self, who: str, *, is_weekly: bool = False, **paces: str) -> None:
        choose_mail(person=self.cast[who], paces=paces, is_weekly=is_weekly, now=FIVE)

    def hand_out(self, at: datetime) -> None:
        with clock.frozen(at):
            for entry in OutboxEntry.objects.filter(handled_at=None, told_at__lte=at):
                handle_entry(entry.pk, now=at)

    def five(self, at: datetime = FIVE) -> dict[str, Mail]:
        """The daily mails of that moment by the key of their reader."""
        with clock.frozen(at):
            plan_digests(now=at)
            for batch in DigestBatch.objects.filter(done_at=None).order_by("id"):
                make_digests(batch.pk, now=at)
        mails = Mail.objects.filter(stream="digest", made_at=at)
        keys = {person.pk: key for key, person in self.cast.items()}
        return {keys[mail.person_id]: mail for mail in mails if mail.person_id}


def items_of(person: Person) -> list[str]:
    """All keys of all daily mails of somebody."""
    return [item for digest in Digest.objects.filter(person=person).order_by("on") for item in digest.items]


def paces(person: Person) -> MailChoices | None:
    return MailChoices.objects.filter(pk=person.pk).first()
