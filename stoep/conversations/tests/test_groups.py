"""Small groups: of one neighbourhood, nobody apart from another, and whoever comes later reads from then on."""

from uuid import uuid4

import pytest

from stoep.common import clock
from stoep.conversations import actions
from stoep.conversations.models import Conversation, Message, Participant
from stoep.conversations.tests.talking import group, met, say, write
from stoep.feed.tests.visits import Visit, page
from stoep.operations.cast import Cast
from stoep.people.models import Block, Membership, Person


@pytest.fixture
def three(cast: Cast) -> tuple[Visit, Visit, Visit]:
    """Marie, who talks with both Ahmed and Jos."""
    marie, ahmed = met(cast)
    jos = Visit(cast["ambassador"])
    write(marie, ahmed)
    write(marie, jos)
    return marie, ahmed, jos


def test_three_talk_and_each_sees_who_the_others_are(three: tuple[Visit, Visit, Visit]) -> None:
    marie, ahmed, jos = three
    together = group(marie, ahmed, jos, body="Who brings soup?")
    say(jos, together, "I do.")
    html = page(ahmed.get("conversation", together.pk))
    assert "Marie Peeters, Jos Vandersmissen" in html
    assert "Who brings soup?" in html
    assert "Jos Vandersmissen:" in html
    assert "Who takes part" in html
    assert "Jos Vandersmissen" in page(ahmed.get("conversation_people", together.pk))


def test_whoever_comes_later_reads_from_then_on(three: tuple[Visit, Visit, Visit]) -> None:
    marie, ahmed, jos = three
    write(marie, friend := _neighbour(three[0], "Nora Nieuw"))
    together = group(marie, ahmed, jos, body="Before Nora came")
    sent = {"others": [str(friend.person.pk)], "body": "Here is Nora", "request_key": str(uuid4())}
    for _time in range(2):
        assert marie.send("conversation_people", together.pk, **sent).status_code == 302
    html = page(friend.get("conversation", together.pk))
    assert "Here is Nora" in html
    assert "Before Nora came" not in html
    before = Message.objects.filter(conversation=together).earliest("id")
    assert friend.send("remove_message", before.pk).status_code == 404
    assert together.participants.count() == 4
    assert Person.objects.get(pk=friend.person.pk).unread_chats == 1


def _neighbour(near: Visit, name: str) -> Visit:
    home = Membership.objects.get(person=near.person)
    person = Person.objects.create(municipality=near.person.municipality, name=name, joined_at=clock.now())
    Membership.objects.create(person=person, neighbourhood=home.neighbourhood, proof="letter", started_at=clock.now())
    return Visit(person)


def test_who_left_reads_no_more_and_the_last_takes_it_all_away(three: tuple[Visit, Visit, Visit]) -> None:
    marie, ahmed, jos = three
    together = group(marie, ahmed, jos)
    assert jos.send("leave_conversation", together.pk).status_code == 302
    assert Person.objects.get(pk=jos.person.pk).unread_chats == 1  # of Marie alone
    assert jos.get("conversation", together.pk).status_code == 404
    assert jos.send("leave_conversation", together.pk).status_code == 404
    say(ahmed, together, "Jos is gone")
    assert Person.objects.get(pk=jos.person.pk).unread_chats == 1
    ahmed.send("leave_conversation", together.pk)
    assert "Nobody reads here any more." in page(marie.get("conversation", together.pk))
    assert marie.send("messages", together.pk, body="x", request_key=str(uuid4())).status_code == 403
    marie.send("leave_conversation", together.pk)
    assert not Conversation.objects.filter(pk=together.pk).exists()
    pair = Conversation.objects.filter(is_group=False).first()
    assert pair is not None
    assert marie.send("leave_conversation", pair.pk).status_code == 403


def test_who_is_unknown_is_refused(three: tuple[Visit, Visit, Visit]) -> None:
    marie, ahmed, _jos = three
    unknown = [str(ahmed.person.pk), str(uuid4())]
    answer = marie.send("new_group", others=unknown, body="Hello", request_key=str(uuid4()))
    assert answer.status_code == 422
    assert "This does not work with these neighbours. Choose others." in page(answer)
    assert not Conversation.objects.filter(is_group=True).exists()


def test_who_begins_a_group_learns_of_no_block_between_two_others(three: tuple[Visit, Visit, Visit]) -> None:
    """A refusal would tell it: each pair of neighbours could be tried."""
    marie, ahmed, jos = three
    Block.objects.create(person=ahmed.person, blocked=jos.person, created_at=clock.now())
    together = group(marie, ahmed, jos)
    say(ahmed, together, "Not for Jos")
    assert "Ahmed" not in page(jos.get("conversation", together.pk))
    assert "Not for Jos" in page(marie.get("conversation", together.pk))


def test_in_a_group_nothing_passes_between_who_keeps_apart(three: tuple[Visit, Visit, Visit]) -> None:
    marie, ahmed, jos = three
    together = group(marie, ahmed, jos)
    for who in (ahmed, jos):
        who.get("conversation", together.pk)
    Block.objects.create(person=ahmed.person, blocked=jos.person, created_at=clock.now())
    said = say(ahmed, together, "Not for Jos")
    for address in (("conversation", together.pk), ("conversations",), ("conversation_people", together.pk)):
        html = page(jos.get(*address))
        assert "Not for Jos" not in html
        assert "Ahmed" not in html
    assert Participant.objects.get(conversation=together, person=jos.person).unread_count == 0
    assert jos.get("report", "message", said.pk).status_code == 404
    assert "Not for Jos" in page(marie.get("conversation", together.pk))


def test_a_group_has_an_end(three: tuple[Visit, Visit, Visit], monkeypatch: pytest.MonkeyPatch) -> None:
    marie, ahmed, jos = three
    monkeypatch.setattr(actions, "MOST_IN_GROUP", 2)
    others = [str(ahmed.person.pk), str(jos.person.pk)]
    refused = marie.send("new_group", others=others, body="Hello", request_key=str(uuid4()))
    assert refused.status_code == 422
    assert "A group holds twelve neighbours." in page(refused)
