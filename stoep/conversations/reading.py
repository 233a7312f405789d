"""The list of conversations and one of them, with people as the reader may see them, in a fixed number of queries."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from stoep.common.text import excerpt
from stoep.conversations.models import Conversation, Message, Participant
from stoep.media.queries import shown_people
from stoep.people.models import Person
from stoep.people.naming import ShownPerson

PAGE, BUBBLES = 20, 30
LINE_LENGTH = 90
NAMES_SHOWN = 3


@dataclass(frozen=True)
class Company:
    """The others of a conversation, as one of them sees them; whom a block keeps apart is not among them.

    `ids`: of those who are still here.
    """

    people: list[ShownPerson]
    ids: list[UUID]

    @property
    def title(self) -> str:
        names = [shown.name for shown in self.people]
        if not names:
            return _("Nobody else")
        if len(names) <= NAMES_SHOWN:
            return ", ".join(names)
        others = len(names) - NAMES_SHOWN + 1
        words = ngettext("%(names)s and %(count)s other", "%(names)s and %(count)s others", others)
        return words % {"names": ", ".join(names[: NAMES_SHOWN - 1]), "count": others}

    @property
    def face(self) -> ShownPerson:
        return self.people[0] if self.people else _gone()


@dataclass(frozen=True)
class Entry:
    """One conversation in the list. `line`: the newest words, empty where they were deleted."""

    conversation: Conversation
    company: Company
    line: str
    is_own: bool
    at: datetime
    is_new: bool


@dataclass(frozen=True)
class Bubble:
    """One message on the page, with the day above it where a new day begins."""

    message: Message
    writer: ShownPerson
    is_own: bool
    day: date | None


def conversations_of(reader: Person, *, before: UUID | None = None) -> tuple[list[Entry], UUID | None]:
    """Those of the reader, in which something was said, newest first; and where the next page begins."""
    seen = Conversation.objects.visible_to(reader).values("pk")
    rows = Participant.objects.filter(person=reader, conversation__in=seen, latest__isnull=False)
    rows = rows.select_related("conversation", "latest").order_by("-latest_id")
    found = list((rows.filter(latest__lt=before) if before else rows)[: PAGE + 1])
    companies = companies_of(reader, [row.conversation for row in found[:PAGE]])
    entries = [_entry(reader, row, companies[row.conversation_id]) for row in found[:PAGE]]
    return entries, found[PAGE - 1].latest_id if len(found) > PAGE else None


def _entry(reader: Person, row: Participant, company: Company) -> Entry:
    latest = row.latest
    if latest is None:
        raise ValueError("Only conversations in which something was said stand in the list.")
    is_shown = latest.is_live and latest.author_id not in reader.standing.apart
    line = excerpt(latest.body, LINE_LENGTH) if is_shown else ""
    return Entry(
        row.conversation, company, line, latest.author_id == reader.pk, latest.created_at, row.unread_count > 0
    )


def companies_of(reader: Person, conversations: Collection[Conversation]) -> dict[UUID, Company]:
    """Of conversations that the reader sees, in three queries."""
    others = Participant.objects.filter(conversation__in=[one.pk for one in conversations]).exclude(person=reader)
    rows = list(others.exclude(person__in=reader.standing.apart).select_related("person").order_by("id"))
    shown = shown_in_chat(reader, [row.person for row in rows])
    found: dict[UUID, Company] = {}
    for one in conversations:
        others_of_it = [row.person for row in rows if row.conversation_id == one.pk]
        # Of two of whom one was erased, the other still reads what was said.
        people = [shown[other.pk] for other in others_of_it] or ([] if one.is_group else [_gone()])
        found[one.pk] = Company(people, [other.pk for other in others_of_it if other.left_at is None])
    return found


def shown_in_chat(reader: Person, people: Iterable[Person]) -> dict[UUID, ShownPerson]:
    """As the reader may see them; who left has no name any more."""
    known = {person.pk: person for person in people}
    shown = shown_people([one for one in known.values() if one.left_at is None], reader=reader)
    return {pk: shown.get(pk) or _gone() for pk in known}


def _gone() -> ShownPerson:
    return ShownPerson(_("Deleted neighbour"), "", "–")


def bubbles_in(
    reader: Person, conversation: Conversation, *, before: UUID | None = None
) -> tuple[list[Bubble], UUID | None]:
    """The newest of it, oldest first; and before which one there is more."""
    rows: QuerySet[Message] = Message.objects.with_gaps_for(reader).filter(conversation=conversation)
    rows = rows.select_related("author").order_by("-id")
    found = list((rows.filter(pk__lt=before) if before else rows)[: BUBBLES + 1])
    older = found[BUBBLES - 1].pk if len(found) > BUBBLES else None
    return list(_bubbles(reader, found[:BUBBLES][::-1])), older


def _bubbles(reader: Person, messages: Sequence[Message]) -> Iterator[Bubble]:
    shown = shown_in_chat(reader, [message.author for message in messages])
    day = None
    for message in messages:
        on = timezone.localtime(message.created_at).date()
        yield Bubble(message, shown[message.author_id], message.author_id == reader.pk, on if on != day else None)
        day = on


def messages_for(person: Person) -> QuerySet[Message]:
    """The messages that exist for this person, with what a page needs of each."""
    found: QuerySet[Message] = Message.objects.visible_to(person).select_related("author", "conversation")
    return found
