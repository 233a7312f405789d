"""Reads about conversations: whom one may write to, where two already talk, how much is new."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import QuerySet

from stoep.access.gate import may
from stoep.access.known import person_for
from stoep.common.crypto import keyed_hash
from stoep.conversations.models import Conversation, Participant
from stoep.people.models import Membership, Person
from stoep.people.queries import may_be_written_first


def addressee(person: Person, other_id: UUID) -> Person | None:
    """Somebody to whom this person may write, a first time too; None for everybody else, whatever the reason."""
    if person.standing.is_provisional:
        found = Person.objects.filter(pk=other_id).first()
    else:
        found = person_for(person, other_id)
    if found is None or not may(person, "conversations:conversation:create", found):
        return None
    # Whoever is protected is written to by those to whom they wrote (docs/trust.md 1.4).
    return found if may_be_written_first(found) or thread_with(person, found.pk) is not None else None


def pair_key(person_ids: Collection[UUID]) -> str:
    """Of two people, whoever writes to whom."""
    return keyed_hash("conversations.pair", " ".join(sorted(str(person_id) for person_id in person_ids)))


def thread_with(person: Person, other_id: UUID) -> Conversation | None:
    """The conversation that these two have already."""
    return Conversation.objects.visible_to(person).filter(pair=pair_key([person.pk, other_id])).first()


def partners_of(person: Person) -> QuerySet[Person]:
    """Neighbours of the own neighbourhood with whom this person talks already, by name."""
    threads = Conversation.objects.visible_to(person).filter(is_group=False)
    others = Participant.objects.filter(conversation__in=threads.values("pk")).exclude(person=person)
    return full_neighbours(person).filter(pk__in=others.values("person")).order_by("name", "id")


def full_neighbours(person: Person) -> QuerySet[Person]:
    """Who lives in the same neighbourhood, is vouched for, not kept apart by a block, and not protected.

    In a group of another's making strangers could write to who is protected.
    """
    there = Membership.objects.filter(
        neighbourhood=person.standing.neighbourhood_id, standing=Membership.Standing.FULL, ended_at=None
    )
    others = Person.objects.filter(pk__in=there.values("person"), left_at=None).exclude(pk=person.pk)
    return others.exclude(pk__in=person.standing.apart)


def unread_chats(person: Person) -> int:
    """In how many conversations something is new: as kept, for nearly everybody without a question.

    Between whom a block stands they see nothing of each other: only then it is counted anew.
    """
    if not person.unread_chats or not person.standing.apart:
        return person.unread_chats
    seen = Conversation.objects.visible_to(person)
    return Participant.objects.filter(person=person, unread_count__gt=0, conversation__in=seen.values("pk")).count()


def is_sharing(reader: Person, other_id: UUID) -> bool:
    """Whether both take part in a conversation: whom I talk with I may look at, and block, wherever they live now."""
    mine = Conversation.objects.visible_to(reader).values("pk")
    return Participant.objects.filter(person=other_id, conversation__in=mine).exists()
