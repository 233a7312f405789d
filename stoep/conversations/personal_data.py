"""What this app holds about people, why, until when, and how it ends."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from stoep.conversations import forgetting, leaving
from stoep.conversations.models import Conversation, Message, Participant
from stoep.conversations.reading import companies_of
from stoep.people.data_map import (
    Basis,
    Declaration,
    ErasedBy,
    ExportedBy,
    GoesWith,
    Kept,
    NotExported,
    Unlinked,
)
from stoep.people.models import Person

WITH, TALKING = _("With whom"), _("Neighbours talk to each other in private.")
READERS = _("the neighbours with whom you talk; of what is reported also a moderator, with two messages on each side")
WITH_CONVERSATION = Kept(_("as long as the conversation"))


def _titles(person: Person) -> dict[Any, str]:
    """The others, named as the pages name them; where the pages show none, neither does this."""
    seen = list(Conversation.objects.visible_to(person))
    return {key: company.title for key, company in companies_of(person, seen).items()}


def _messages(person: Person) -> Iterator[dict[str, Any]]:
    """One's own words, and what was said to them only as a number: that is the others' to take along."""
    found = Message.objects.filter(author=person).order_by("pk")
    titles = _titles(person)
    for each in found:
        times = {"created_at": each.created_at, "removed_at": each.removed_at}
        yield {"with": titles.get(each.conversation_id, ""), "body": each.body if each.is_live else "", **times}


def _participations(person: Person) -> Iterator[dict[str, Any]]:
    titles = _titles(person)
    for row in Participant.objects.filter(person=person).order_by("pk"):
        said = Message.objects.visible_to(person).filter(conversation=row.conversation_id)
        yield {
            "with": titles.get(row.conversation_id, ""),
            "joined_at": row.joined_at,
            "seen_at": row.seen_at,
            "received": said.exclude(author=person).count(),
        }


DATA = (
    Declaration(
        model=Conversation,
        what=_("Conversations that you began"),
        purpose=_("Two neighbours find back what they said to each other."),
        basis=Basis.CONTRACT,
        kept=(Kept(_("24 months after its last message"), forgetting.KEPT, forgetting.forget_conversations),),
        exported=NotExported(_("it holds only who began it; your part in it is in the download")),
        erased=(Unlinked("started_by"),),
        seen_by=READERS,
    ),
    Declaration(
        model=Message,
        what=_("What you said to neighbours in private, sealed"),
        purpose=TALKING,
        basis=Basis.CONTRACT,
        kept=(WITH_CONVERSATION, Kept(_("deleted by you: its words at once"))),
        exported=ExportedBy(
            {"with": WITH, "body": _("Text"), "created_at": _("Written"), "removed_at": _("Deleted")}, _messages
        ),
        erased=(
            ErasedBy(_("stays with the others, without your name"), leaving.erase_messages),
            Unlinked("removed_by"),
        ),
        seen_by=READERS,
    ),
    Declaration(
        model=Participant,
        what=_("With whom you talk, and how far you have read"),
        purpose=TALKING,
        basis=Basis.CONTRACT,
        kept=(WITH_CONVERSATION,),
        exported=ExportedBy(
            {
                "with": WITH,
                "joined_at": _("Since"),
                "seen_at": _("Last looked"),
                "received": _("Messages of the others"),
            },
            _participations,
        ),
        erased=(
            ErasedBy(_("deleted; where nobody else is left, the whole conversation"), leaving.erase_participant),
            GoesWith(_("with the conversation")),
        ),
        seen_by=_("the others of it see that you take part, and never how far you have read"),
    ),
)
