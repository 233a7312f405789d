"""What was said goes 24 months after the last word of a conversation (docs/trust.md 4.3)."""

from datetime import datetime

from django.db.models import Exists, F, OuterRef

from stoep.conversations.models import Conversation, Message, Participant
from stoep.people.data_map import months
from stoep.people.models import Person

KEPT = months(24)


def forget_conversations(now: datetime) -> int:
    """Whole conversations, with all that was said; whoever had something to read in them has it no more."""
    lately = Message.objects.filter(conversation=OuterRef("pk"), created_at__gte=now - KEPT)
    old = Conversation.objects.filter(~Exists(lately), created_at__lt=now - KEPT)
    ids = list(old.values_list("pk", flat=True))
    unread = Participant.objects.filter(conversation__in=ids, unread_count__gt=0)
    for person_id in unread.values_list("person_id", flat=True):
        Person.objects.filter(pk=person_id, unread_chats__gt=0).update(unread_chats=F("unread_chats") - 1)
    Conversation.objects.filter(pk__in=ids).delete()
    return len(ids)
