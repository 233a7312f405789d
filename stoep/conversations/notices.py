"""What conversations tell people: that somebody wrote, and never what. Once until they have looked."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from stoep.access.gate import those_who_may
from stoep.conversations.models import Message, Participant
from stoep.conversations.reading import messages_for, shown_in_chat
from stoep.delivery.links import site_url
from stoep.delivery.models import Notification, Stream
from stoep.delivery.notices import Notice, Rung, Told
from stoep.people.models import Person

# Who was told that something waits is not told again at each further message; after a day they are.
QUIET_FOR = timedelta(days=1)
NAME = "conversations.message"
PATH = "/chat/{id}/"


def _hearing(told: Told) -> Iterable[Person]:
    """Whoever takes part, has not seen it, and was not told lately that something waits for them here."""
    message = Message.objects.filter(pk=told.subject_id).select_related("conversation").first()
    if message is None:
        return []
    waiting = Participant.objects.filter(conversation=message.conversation_id).exclude(person=message.author_id)
    unseen = waiting.filter(Q(seen_at=None) | Q(seen_at__lt=message.created_at)).exclude(Exists(_told_of(message)))
    ids = list(unseen.values_list("person", flat=True))
    readers = those_who_may("conversations:message:read", message, ids)
    return [reader for reader in readers if message.author_id not in reader.standing.muted]


def _told_of(message: Message) -> "QuerySet[Notification]":
    """Of a participant (the outer query): that they were told of another message here, which still waits for them."""
    standing = Message.objects.filter(conversation=message.conversation_id, removed_at=None).exclude(pk=message.pk)
    return Notification.objects.filter(
        notice=NAME,
        person=OuterRef("person"),
        group_id=message.conversation_id,
        subject_id__in=standing.values("pk"),
        read_at=None,
        happened_at__gt=message.created_at - QUIET_FOR,
    )


def _written(told: Told, reader: Person) -> dict[str, Any] | None:
    message = messages_for(reader).filter(pk=told.subject_id).select_related("conversation__municipality").first()
    if message is None or message.author_id in reader.standing.muted:
        return None
    writer = shown_in_chat(reader, [message.author])[message.author_id].name
    city, thread_id = message.conversation.municipality, message.conversation_id
    return {"writer": writer, "thread_id": thread_id, "link": site_url(city, PATH.format(id=thread_id))}


def _conversation_of(told: Told) -> UUID | None:
    return Message.objects.filter(pk=told.subject_id).values_list("conversation_id", flat=True).first()


def _rings(reader: Person, groups: Mapping[UUID, list[UUID]]) -> dict[UUID, Rung]:
    """Marie and 1 other wrote to you: those whose messages still stand, the newest by name."""
    asked = [message_id for ids in groups.values() for message_id in ids]
    found = list(messages_for(reader).filter(pk__in=asked).order_by("-id"))
    shown = shown_in_chat(reader, [message.author for message in found])
    names: dict[UUID, dict[UUID, str]] = {}
    for message in found:
        if message.author_id not in reader.standing.muted:
            names.setdefault(message.conversation_id, {}).setdefault(message.author_id, shown[message.author_id].name)
    return {
        key: Rung(_wrote(list(writers.values())), _("Chat"), PATH.format(id=key), "chats")
        for key, writers in names.items()
    }


def _wrote(names: list[str]) -> str:
    if len(names) == 1:
        return _("%(name)s sent you a message") % {"name": names[0]}
    others = len(names) - 1
    words = ngettext(
        "%(name)s and %(count)s other sent you a message", "%(name)s and %(count)s others sent you a message", others
    )
    return words % {"name": names[0], "count": others}


MESSAGE = Notice(
    NAME,
    _hearing,
    "conversations/mail/message",
    _written,
    stream=Stream.CHAT,
    group=_conversation_of,
    describe=_rings,
    push=gettext_lazy("A neighbour sent you a message."),
    text="conversations/sms/message",
    path=PATH,
)
