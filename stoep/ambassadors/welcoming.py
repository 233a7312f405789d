"""Welcoming who is new: an ambassador writes to them, or did so at the door; and the newcomer's own hello."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from stoep.access.gate import may, require
from stoep.access.slots import Slot
from stoep.ambassadors.models import Hello, Welcome
from stoep.conversations.actions import start_conversation
from stoep.conversations.models import Conversation
from stoep.feed.models import Post
from stoep.people.models import Membership, Person

# So long after joining a newcomer is asked to say hello, if they neither did nor put it away. In the second week they
# are asked what they can help with, and that stands in the same place.
ASKED_FOR = timedelta(days=7)


@transaction.atomic
def welcome(*, person: Person, newcomer: Person, body: str, request_key: UUID, now: datetime) -> Conversation:
    """Write to who is new, by the door of all private messages; then no ambassador has to any more.

    Once per `request_key`. Raises TextRefused, and NotVisible for who cannot be written to.
    """
    require(person, "ambassadors:newcomer:welcome", newcomer, now=now)
    begun = start_conversation(person=person, others=[newcomer], body=body, request_key=request_key, now=now)
    _note(person, newcomer, now)
    return begun


def note_welcome(*, person: Person, newcomer: Person, now: datetime) -> None:
    """They were welcomed in another way, as at the door. Said twice, it is said once."""
    require(person, "ambassadors:newcomer:welcome", newcomer, now=now)
    _note(person, newcomer, now)


def put_hello_away(*, person: Person, now: datetime) -> None:
    """Rather not: the question does not come back."""
    require(person, "ambassadors:hello:put_away", person, now=now)
    Hello.objects.get_or_create(person=person, defaults={"put_away_at": now})


def _note(person: Person, newcomer: Person, now: datetime) -> None:
    home = Membership.objects.get(person=newcomer, ended_at=None)
    Welcome.objects.get_or_create(membership=home, defaults={"welcomed_by": person, "welcomed_at": now})


def _hello(person: Person, now: datetime) -> dict[str, Any] | None:
    """Of nearly everybody the row of the person tells that they are not new."""
    if now - person.joined_at >= ASKED_FOR or not may(person, "ambassadors:hello:put_away", person):
        return None
    if Hello.objects.filter(person=person).exists():
        return None
    has_said = Post.objects.filter(author=person, kind="introduction").exists()
    return None if has_said else {"name": person.name.split()[0]}


ABOVE_FEED = Slot("feed.top", 40, _hello, "ambassadors/_hello.html")
