"""Saying something to somebody: the first message, answers, small groups, and taking back. All of it ends in `_say`."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet

from stoep.access.gate import NotVisible, require
from stoep.access.once import once
from stoep.common.ids import new_id
from stoep.common.text import TextRefused, checked
from stoep.conversations.models import MESSAGE_LENGTH, MOST_IN_GROUP, Conversation, Message, Participant
from stoep.conversations.queries import addressee, full_neighbours, pair_key
from stoep.delivery.outbox import ring_people, tell
from stoep.people.models import Person

# Who is new begins few conversations a day (docs/trust.md 1.2, T7): so a stranger who got in cannot write to a street.
NEW_FOR, DAY = timedelta(days=7), timedelta(days=1)
MOST_FIRST_A_DAY = 5


class GroupRefused(ValueError):
    """`unknown`: one of them cannot be in this group, and nobody is told why; `full`: it has all that it holds."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def start_conversation(
    *, person: Person, others: Sequence[Person], body: str, request_key: UUID, now: datetime
) -> Conversation:
    """Write to one neighbour, where two already talk in the same place; or to several, always in a new group.

    Once per `request_key`. Raises TextRefused (also `many_first`), NotVisible for who cannot be written to,
    GroupRefused.
    """
    require(person, "conversations:conversation:create", others[0], now=now)
    body = checked(body, most=MESSAGE_LENGTH)
    if len(others) == 1 and addressee(person, others[0].pk) is None:
        raise NotVisible

    def write() -> UUID:
        _lock(person.pk, *(other.pk for other in others))
        is_pair = len(others) == 1
        conversation = _thread_of(person, others[0], now) if is_pair else _group_of(person, others, now)
        return _say(person, conversation, body, now)

    message_id, _is_new = once(
        person=person, action="conversations:message:create", key=request_key, now=now, write=write
    )
    return Conversation.objects.get(messages=message_id)


def send_message(*, author: Person, conversation: Conversation, body: str, request_key: UUID, now: datetime) -> Message:
    """Say something where one takes part, once per `request_key`. Raises TextRefused."""
    require(author, "conversations:message:create", conversation, now=now)
    body = checked(body, most=MESSAGE_LENGTH)

    def write() -> UUID:
        _lock(*conversation.taking_part)
        return _say(author, conversation, body, now)

    message_id, _is_new = once(
        person=author, action="conversations:message:create", key=request_key, now=now, write=write
    )
    return Message.objects.get(pk=message_id)


def add_neighbours(
    *, person: Person, conversation: Conversation, others: Sequence[Person], body: str, request_key: UUID, now: datetime
) -> Message:
    """Take neighbours into a group, with a word for all; they read from there on. Raises TextRefused, GroupRefused."""
    require(person, "conversations:conversation:extend", conversation, now=now)
    body = checked(body, most=MESSAGE_LENGTH)

    def write() -> UUID:
        _lock(*conversation.taking_part, *(other.pk for other in others))
        inside = set(conversation.participants.values_list("person_id", flat=True))
        newcomers = [other for other in others if other.pk not in inside]
        _require_company(person, newcomers, inside)
        _let_in(conversation, newcomers, now)
        return _say(person, conversation, body, now)

    message_id, _is_new = once(
        person=person, action="conversations:message:create", key=request_key, now=now, write=write
    )
    return Message.objects.get(pk=message_id)


@transaction.atomic
def leave_conversation(*, person: Person, conversation: Conversation, now: datetime) -> None:
    """Out of a group, without a word. With the last one goes all that was said."""
    require(person, "conversations:conversation:leave", conversation, now=now)
    _lock(*conversation.taking_part)
    row = Participant.objects.filter(conversation=conversation, person=person)
    _settle(row)
    row.delete()
    if not Participant.objects.filter(conversation=conversation).exists():
        conversation.delete()


@transaction.atomic
def remove_message(*, person: Person, message: Message, now: datetime) -> None:
    """Delete one's own for everybody: its words are gone at once, and cannot come back."""
    require(person, "conversations:message:remove", message, now=now)
    _lock(*message.conversation.taking_part)
    if not Message.objects.filter(pk=message.pk, removed_at=None).exists():
        return  # pressed twice: under the lock it is gone already
    forget_unread(message)
    Message.objects.filter(pk=message.pk).update(body="", removed_at=now, removed_by=person)
    ring_people(message.conversation.taking_part, conversation_id=message.conversation_id)


def mark_seen(*, person: Person, conversation: Conversation, now: datetime) -> None:
    """Whoever opens a conversation has read it. Costs one question where nothing is new."""
    require(person, "conversations:conversation:read", conversation, now=now)
    row = Participant.objects.filter(conversation=conversation, person=person)
    if not row.filter(Q(unread_count__gt=0) | Q(seen_at=None)).exists():
        return
    with transaction.atomic():
        _lock(person.pk)
        _see(row, now)
    person.unread_chats = Person.objects.values_list("unread_chats", flat=True).get(pk=person.pk)


def forget_unread(message: Message) -> None:
    """A message that is taken away waits for nobody any more. Whoever takes part is locked."""
    unseen = Q(seen_at=None) | Q(seen_at__lt=message.created_at)
    waiting = Participant.objects.filter(
        unseen, conversation=message.conversation_id, joined_at__lte=message.created_at, unread_count__gt=0
    ).exclude(person=message.author_id)
    if message.is_live:
        _settle(waiting.filter(unread_count=1))
        waiting.update(unread_count=F("unread_count") - 1)


def _lock(*person_ids: UUID) -> None:
    """In the order of their ids, so that two who write to each other at one moment wait and do not lock each other."""
    list(Person.objects.select_for_update(no_key=True).filter(pk__in=person_ids).order_by("pk").values_list("pk"))


def _settle(rows: "QuerySet[Participant]") -> None:
    """What these rows still had to read is read, or gone: one conversation less for each of their people."""
    waiting = rows.filter(unread_count__gt=0).values("person")
    Person.objects.filter(pk__in=waiting, unread_chats__gt=0).update(unread_chats=F("unread_chats") - 1)


def _see(rows: "QuerySet[Participant]", now: datetime) -> None:
    _settle(rows)
    rows.update(unread_count=0, seen_at=now)


def _thread_of(person: Person, other: Person, now: datetime) -> Conversation:
    pair = pair_key([person.pk, other.pk])
    known = Conversation.objects.filter(pair=pair).first()
    if known is not None:
        return known
    _require_room(person, now=now)
    return _begin(person, [other], now, pair=pair)


def _group_of(person: Person, others: Sequence[Person], now: datetime) -> Conversation:
    _require_room(person, now=now)
    _require_company(person, others, {person.pk})
    return _begin(person, others, now, is_group=True)


def _begin(person: Person, others: Iterable[Person], now: datetime, **facts: object) -> Conversation:
    made = Conversation.objects.create(
        id=new_id(now), municipality_id=person.municipality_id, started_by=person, created_at=now, **facts
    )
    _let_in(made, [person, *others], now)
    return made


def _let_in(conversation: Conversation, people: Iterable[Person], now: datetime) -> None:
    Participant.objects.bulk_create(
        Participant(conversation=conversation, person=person, joined_at=now) for person in people
    )


def _require_room(person: Person, *, now: datetime) -> None:
    if now - person.joined_at >= NEW_FOR:
        return
    if Conversation.objects.filter(started_by=person, created_at__gt=now - DAY).count() >= MOST_FIRST_A_DAY:
        raise TextRefused("many_first")


def _require_company(person: Person, newcomers: Sequence[Person], inside: set[UUID]) -> None:
    """A group is of one neighbourhood. Two in it who keep apart hear nothing of each other there.

    Refused, it would tell whoever begins it which of their neighbours keep apart. Why not is said to nobody.
    """
    ids = {other.pk for other in newcomers}
    known = set(full_neighbours(person).filter(pk__in=ids).values_list("pk", flat=True))
    if not ids or known != ids:
        raise GroupRefused("unknown")
    if len(ids | inside) > MOST_IN_GROUP:
        raise GroupRefused("full")


def _say(author: Person, conversation: Conversation, body: str, now: datetime) -> UUID:
    """Everybody who takes part is locked. Between whom a block stands, in a group, nothing passes."""
    message = Message.objects.create(
        id=new_id(now), conversation=conversation, author=author, body=body, created_at=now
    )
    inside = Participant.objects.filter(conversation=conversation).exclude(person__in=author.standing.apart)
    inside.update(latest=message)
    _see(inside.filter(person=author), now)  # whoever answers has read
    hearing = inside.exclude(person=author)
    people = list(hearing.values_list("person_id", flat=True))
    fresh = hearing.filter(unread_count=0).values("person")
    Person.objects.filter(pk__in=fresh).update(unread_chats=F("unread_chats") + 1)
    hearing.update(unread_count=F("unread_count") + 1)
    ring_people([author.pk, *people], conversation_id=conversation.pk)
    tell(
        "conversations.message",
        municipality_id=conversation.municipality_id,
        subject_id=message.pk,
        actor=author,
        now=now,
        wait=settings.UNDO_FOR,
    )
    return UUID(str(message.pk))
