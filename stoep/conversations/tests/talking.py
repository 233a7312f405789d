"""Neighbours who talk, as the tests send them: every step goes through HTTP, as a browser would."""

from uuid import UUID, uuid4

from stoep.conversations.models import Conversation, Message
from stoep.feed.tests.visits import Visit, page
from stoep.operations.cast import Cast


def met(cast: Cast, one: str = "neighbour", other: str = "second-neighbour") -> tuple[Visit, Visit]:
    return Visit(cast[one]), Visit(cast[other])


def write(one: Visit, other: Visit, body: str = "Hello there", *, key: UUID | None = None) -> Conversation:
    """The first message, or one more where they talk already."""
    response = one.send("write_to", other.person.pk, body=body, request_key=str(key or uuid4()))
    assert response.status_code == 302, page(response)
    return Conversation.objects.get(pk=response.headers["Location"].split("/")[2])


def say(who: Visit, conversation: Conversation, body: str, *, key: UUID | None = None) -> Message:
    response = who.send("messages", conversation.pk, body=body, request_key=str(key or uuid4()))
    assert response.status_code == 302, page(response)
    return Message.objects.get(pk=response.headers["Location"].split("#message-")[1])


def group(one: Visit, *others: Visit, body: str = "Hello all") -> Conversation:
    """Of neighbours with whom `one` talks already."""
    ids = [str(other.person.pk) for other in others]
    response = one.send("new_group", others=ids, body=body, request_key=str(uuid4()))
    assert response.status_code == 302, page(response)
    return Conversation.objects.get(pk=response.headers["Location"].split("/")[2])
