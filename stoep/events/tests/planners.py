"""Somebody who plans, answers and reads events, as a browser would."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from stoep.access.audience import city_audience
from stoep.common import clock
from stoep.common.ids import new_id
from stoep.delivery.models import Mail, OutboxEntry
from stoep.delivery.sending import handle_entry
from stoep.events.models import Attendance, Event, Occurrence
from stoep.events.part import PART
from stoep.feed.actions import publish_post
from stoep.feed.models import Post
from stoep.feed.tests.visits import Visit, page
from stoep.operations.cast import Cast
from stoep.people.models import Person

# Friday, ten o'clock in Hasselt.
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
HERE = ZoneInfo("Europe/Brussels")
SATURDAY = "2026-11-28"


@dataclass
class Planner(Visit):
    """A visit with the steps that events know."""

    def offer_event(self, title: str = "Street party", **facts: Any) -> Any:
        data = {"on": SATURDAY, "at": "14:00", "place": "The park", **facts}
        adjacent = [str(place.pk) for place in data.pop("adjacent", [])]
        shared = {"shared_with_city": "on"} if data.pop("shared", False) else {}
        questions = {f"event-{name}": value for name, value in data.items()}
        words = {"kind": "activity", "title": title, "body": "", "request_key": str(uuid4()), "adjacent": adjacent}
        return self.send("posts", **words, **shared, **questions)

    def plan(self, title: str = "Street party", **facts: Any) -> Post:
        before = set(Post.objects.values_list("pk", flat=True))
        details = {
            name: facts.pop(name) for name in ("seats", "repeats", "until", "ends", "cost", "wanted") if name in facts
        }
        response = self.offer_event(title, **facts)
        assert response.status_code == 302, page(response)
        post: Post = Post.objects.exclude(pk__in=before).get()
        if details:
            self.tell_more(post, **details)
        return post

    def tell_more(self, post: Post, **details: Any) -> None:
        response = self.send("event_details", day_of(post).pk, **details)
        assert response.status_code == 302, page(response)

    def change(self, post: Post, **facts: Any) -> Any:
        """Sends the form of an edit, with what stood in it but for `facts`."""
        html = page(self.get("edit_post", post.pk))
        kept = dict(re.findall(r'<input[^>]* name="(event-\w+)"[^>]* value="([^"]*)"', html))
        new = {f"event-{name}": value for name, value in facts.items() if name != "title"}
        return self.send("edit_post", post.pk, title=facts.get("title", post.title), body=post.body, **{**kept, **new})

    def say(self, day: Occurrence | Post, answer: str = "yes", **facts: Any) -> Any:
        day = day_of(day) if isinstance(day, Post) else day
        return self.send("event_answer", day.pk, answer=answer, **facts)

    def mine(self, day: Occurrence | Post) -> Attendance:
        day = day_of(day) if isinstance(day, Post) else day
        return Attendance.objects.get(occurrence=day, person=self.person)


def city_event(cast: Cast, title: str = "Market", *, on: str = "2026-11-28 09:00", places: Sequence[str] = ()) -> Post:
    """Planned by a department: for the whole city, or for these neighbourhoods."""
    starts_at, chosen = local(on), [cast.neighbourhoods[name] for name in places]
    answers = {"on": starts_at.date(), "at": starts_at.time(), "place": "Square"}
    return publish_post(
        author=cast["editor"],
        audience=city_audience(cast.cities["hasselt"], neighbourhoods=chosen, everybody=not chosen),
        kind="announcement",
        title=title,
        body="",
        speaking_for=cast.departments["Communicatie"],
        also=lambda post: PART.write(post, answers=answers, now=NOW - timedelta(days=2)),
        request_key=new_id(clock.now()),
        now=clock.now(),
    )


def day_of(post: Post, number: int = 0) -> Occurrence:
    found: Occurrence = Occurrence.objects.filter(event__post=post).order_by("starts_at")[number]
    return found


def event_of(post: Post) -> Event:
    return Event.objects.get(post=post)


def local(text: str) -> datetime:
    """ "2026-11-28 14:00" as the clock on the wall has it."""
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=HERE)


def later(**by: int) -> Any:
    """Inside the block the clock has gone on."""
    return clock.frozen(clock.now() + timedelta(**by))


def mailed(kind: str) -> dict[Person, Mail]:
    """Who was mailed of it: everything that was told until now is handled."""
    for entry in OutboxEntry.objects.filter(handled_at=None, notice__startswith="events.").order_by("told_at", "id"):
        handle_entry(entry.pk, now=clock.now())
    return {mail.person: mail for mail in Mail.objects.filter(kind=f"events/mail/{kind}") if mail.person}
