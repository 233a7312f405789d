"""Conversations to walk along: of two, of two who keep apart, of three, of who is paused, of one alone."""

from collections.abc import Callable, Iterator

from stoep.common import clock
from stoep.conversations.models import Conversation, Message, Participant
from stoep.conversations.queries import pair_key
from stoep.operations.cast import Cast
from tests.access.subject import Subject

Answer = Callable[[str, Subject], int]

COMPANIES = {
    "of two": ("neighbour", "second-neighbour"),
    "of a newcomer": ("neighbour", "newcomer"),
    "of two apart": ("ambassador", "second-neighbour"),
    "of three": ("neighbour", "ambassador", "second-neighbour"),
    "of who is paused": ("neighbour", "suspended"),
    "of one alone, next door": ("next-neighbourhood",),
}
TALKING = [set(COMPANIES[name]) for name in ("of two", "of a newcomer", "of who is paused")]
APART = {"ambassador": {"second-neighbour"}, "second-neighbour": {"ambassador"}}


def conversations(cast: Cast) -> dict[str, list[Subject]]:
    """Each with a message of whoever began it; in the group everybody said something, and of two one deleted theirs."""
    made = list(_conversations(cast))
    messages = [subject for of, conversation in made for subject in _messages(cast, of, conversation)]
    return {"conversation": [of for of, _conversation in made], "message": messages}


def _conversations(cast: Cast) -> Iterator[tuple[Subject, Conversation]]:
    for name, keys in COMPANIES.items():
        people, now = [cast[key] for key in keys], clock.now()
        is_group = len(keys) > 2
        made = Conversation.objects.create(
            municipality=people[0].municipality,
            is_group=is_group,
            pair=pair_key([person.pk for person in people]) if len(keys) == 2 else None,
            started_by=people[0],
            created_at=now,
        )
        Participant.objects.bulk_create(
            Participant(conversation=made, person=person, joined_at=now, unread_count=1) for person in people
        )
        readers = frozenset() if "apart" in name else frozenset(keys)
        yield Subject(name, (made.pk,), keys[0], readers), made


def _messages(cast: Cast, of: Subject, conversation: Conversation) -> Iterator[Subject]:
    """A block hides all that two say to each other, and in a group what the other says."""
    keys = COMPANIES[of.name]
    for key in keys if of.name == "of three" else keys[:1]:
        made = Message.objects.create(
            conversation=conversation, author=cast[key], body=f"Words of {key}", created_at=clock.now()
        )
        Participant.objects.filter(conversation=conversation).exclude(person=cast[key]).update(latest=made)
        yield Subject(f"of {key}, {of.name}", (made.pk,), key, of.audience - APART.get(key, set()))
    if of.name != "of two":
        return
    gone = Message.objects.create(
        conversation=conversation,
        author=cast[of.author],
        created_at=clock.now(),
        removed_at=clock.now(),
        removed_by=cast[of.author],
    )
    yield Subject(f"deleted, {of.name}", (gone.pk,), of.author, of.audience, is_live=False)


def in_group(status: int) -> Answer:
    """Of a small group; two who talk have nothing to leave, and a third begins a new one."""
    return lambda who, it: 404 if not it.is_seen_by(who) else status if it.name == "of three" else 403


def said(who: str, it: Subject) -> int:
    """Where somebody is left to read it."""
    return 404 if not it.is_seen_by(who) else 403 if "alone" in it.name else 302


def message_gone(who: str, it: Subject) -> int:
    """Done already, it is done."""
    is_mine = who == it.author and who in it.audience
    if is_mine and not it.is_live:
        return 302
    return 404 if not it.is_seen_by(who) else 302 if who == it.author else 403


def written_to(status: int) -> Answer:
    """To whom one may write a first time; a newcomer only to who invited them."""

    def answer(who: str, it: Subject) -> int:
        if not it.is_seen_by(who) or who == it.author or (who == "newcomer" and it.author != "neighbour"):
            return 404
        return 302 if {who, it.author} in TALKING else status

    return answer
