"""What conversations hand to moderation: only who takes part can report; a moderator sees what was granted."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from stoep.conversations.actions import forget_unread
from stoep.conversations.models import Message
from stoep.conversations.reading import messages_for, shown_in_chat
from stoep.delivery.outbox import ring_people
from stoep.moderation.materials import Found, Material, Near, Piece
from stoep.people.models import Person

SIDE = 2


def _find(reader: Person, subject_id: UUID) -> Found | None:
    message = messages_for(reader).filter(pk=subject_id).first()
    return _found(message, shown_in_chat(reader, [message.author])[message.author_id].name) if message else None


def _load(subject_id: UUID) -> Found | None:
    message = Message.objects.filter(pk=subject_id, removed_at=None).select_related("author", "conversation").first()
    return _found(message, message.author.name) if message else None


def _found(message: Message, writer: str) -> Found:
    """Of no neighbourhood: no ambassador comes to see a private message (docs/trust.md 2.2, row 15)."""
    return Found(
        municipality_id=message.conversation.municipality_id,
        neighbourhood_id=None,
        author_id=message.author_id,
        title="",
        body=message.body,
        writer=writer,
        link=reverse("conversation", args=[message.conversation_id]),
    )


def _near(subject_id: UUID) -> list[Near]:
    """The two before and the two after, in the same conversation."""
    inside = Message.objects.filter(pk=subject_id).values("conversation")
    others = Message.objects.filter(conversation__in=inside, removed_at=None)
    before = others.filter(pk__lt=subject_id).order_by("-id").values_list("pk", flat=True)[:SIDE]
    after = others.filter(pk__gt=subject_id).order_by("id").values_list("pk", flat=True)[:SIDE]
    return [Near("message", pk) for pk in (*before, *after)]


def _show(reader: Person, ids: Sequence[UUID]) -> list[Piece]:
    found = list(messages_for(reader).filter(pk__in=ids))
    shown = shown_in_chat(reader, [message.author for message in found])
    return [Piece(one.pk, "", one.body, shown[one.author_id].name, one.created_at) for one in found]


@transaction.atomic
def _hide(subject_id: UUID, by: Person, now: datetime) -> bool:
    """What its author took away already stays away."""
    message = Message.objects.select_for_update(of=("self",)).filter(pk=subject_id).first()
    if message is None:
        return False
    forget_unread(message)
    Message.objects.filter(pk=subject_id).update(removed_at=message.removed_at or now, removed_by=by)
    ring_people(message.conversation.taking_part, conversation_id=message.conversation_id)
    return message.is_live


def _restore(subject_id: UUID, was_live: bool) -> None:
    message = Message.objects.filter(pk=subject_id, removed_at__isnull=False).first()
    if message is None:
        return
    back = {"removed_at": None, "removed_by": None} if was_live else {"removed_by": message.author_id}
    Message.objects.filter(pk=subject_id).update(**back)
    ring_people(message.conversation.taking_part, conversation_id=message.conversation_id)


MESSAGE = Material(
    kind="message",
    label=_("Private message"),
    find=_find,
    load=_load,
    near=_near,
    show=_show,
    hide=_hide,
    restore=_restore,
)
