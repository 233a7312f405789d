"""The first message, answers, deleting: who writes to whom, once, and what a wrong form says."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection

from stoep.access.gate import NotVisible
from stoep.common import clock
from stoep.conversations.actions import MOST_FIRST_A_DAY, start_conversation
from stoep.conversations.models import MESSAGE_LENGTH, Conversation, Message, Participant
from stoep.conversations.tests.talking import met, say, write
from stoep.feed.tests.visits import Visit, page
from stoep.operations.cast import Cast
from stoep.people.models import Membership, Person


def test_two_neighbours_talk_in_one_place_whoever_begins(cast: Cast) -> None:
    marie, ahmed = met(cast)
    thread = write(marie, ahmed, "Can I borrow your ladder?")
    assert write(ahmed, marie, "Of course.") == thread
    say(marie, thread, "Tonight?")
    html = page(ahmed.get("conversation", thread.pk))
    assert [words in html for words in ("borrow your ladder", "Of course.", "Tonight?")] == [True] * 3
    assert html.index("borrow your ladder") < html.index("Of course.") < html.index("Tonight?")
    assert "Marie Peeters" in html
    assert ahmed.get("write_to", marie.person.pk).headers["Location"] == f"/chat/{thread.pk}/"


def test_a_first_message_says_what_the_other_will_see(cast: Cast) -> None:
    marie, ahmed = met(cast)
    html = page(marie.get("write_to", ahmed.person.pk))
    assert "Ahmed El Amrani sees: your name and your street." in html
    assert "Marie Peeters, Diestersteenweg" in html
    Membership.objects.filter(person=marie.person).update(shown_street=None)
    html = page(marie.get("write_to", ahmed.person.pk))
    assert "Ahmed El Amrani sees: your name and your neighbourhood." in html
    assert "Marie Peeters, Kermt" in html
    assert "Send a message" in page(marie.get("person", ahmed.person.pk))


def test_the_newcomer_writes_to_who_invited_them_and_to_nobody_else(cast: Cast) -> None:
    lucia, marie = met(cast, "newcomer", "neighbour")
    ahmed = Visit(cast["second-neighbour"])
    thread = write(lucia, marie, "Thank you for inviting me")
    say(marie, thread, "Welcome!")
    assert lucia.get("write_to", ahmed.person.pk).status_code == 404
    say(lucia, write(ahmed, lucia, "Welcome, neighbour"), "Thank you")  # once somebody wrote to them, they answer
    assert lucia.get("new_group").status_code == 403


def test_nobody_writes_to_strangers_staff_or_themselves(cast: Cast) -> None:
    marie = Visit(cast["neighbour"])
    never = marie.get("write_to", uuid4())
    for key in ("next-neighbourhood", "other-city", "editor", "neighbour"):
        for answer in (marie.get("write_to", cast[key].pk), marie.send("write_to", cast[key].pk, body="x")):
            assert (answer.status_code, answer.content) == (404, never.content), key
        with pytest.raises(NotVisible):
            start_conversation(person=marie.person, others=[cast[key]], body="x", request_key=uuid4(), now=clock.now())
    Visit(cast["next-neighbourhood"]).place("Open to next door", adjacent=[cast.neighbourhoods["Kermt"]])
    assert marie.get("write_to", cast["next-neighbourhood"].pk).status_code == 200  # who wrote what she sees
    assert not Message.objects.exists()


def test_pressed_twice_it_is_said_once(cast: Cast) -> None:
    marie, ahmed = met(cast)
    first, second = uuid4(), uuid4()
    thread = write(marie, ahmed, "Once", key=first)
    assert write(marie, ahmed, "Once", key=first) == thread
    assert say(ahmed, thread, "Twice?", key=second) == say(ahmed, thread, "Twice?", key=second)
    assert (Conversation.objects.count(), Message.objects.count()) == (1, 2)


def test_who_is_new_begins_five_conversations_a_day(cast: Cast) -> None:
    marie = Visit(cast["neighbour"])
    Person.objects.filter(pk=marie.person.pk).update(joined_at=clock.now())
    others = [_moved_in(cast, number) for number in range(MOST_FIRST_A_DAY + 1)]
    for other in others[:-1]:
        thread = write(marie, other)
    refused = marie.send("write_to", others[-1].person.pk, body="One more", request_key=str(uuid4()))
    assert refused.status_code == 422
    assert "write to five new neighbours a day" in page(refused)
    assert "One more" in page(refused)
    say(marie, thread, "Where they talk already they go on.")
    Person.objects.filter(pk=marie.person.pk).update(joined_at=clock.now() - timedelta(days=8))
    write(marie, others[-1])


def _moved_in(cast: Cast, number: int) -> Visit:
    person = Person.objects.create(
        municipality=cast.cities["hasselt"], name=f"Neighbour {number}", joined_at=clock.now()
    )
    Membership.objects.create(
        person=person, neighbourhood=cast.neighbourhoods["Kermt"], proof="letter", started_at=clock.now()
    )
    return Visit(person)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("  ", "Write something first."),
        ("x" * (MESSAGE_LENGTH + 1), "at most"),
        ("Mine is 85.07.30-033 28", "national register number"),
    ],
)
def test_a_wrong_message_comes_back_with_the_reason(cast: Cast, body: str, words: str) -> None:
    marie, ahmed = met(cast)
    thread = write(marie, ahmed)
    for answer in (
        marie.send("messages", thread.pk, body=body, request_key=str(uuid4())),
        ahmed.send("write_to", marie.person.pk, body=body, request_key=str(uuid4())),
    ):
        assert answer.status_code == 422
        assert words in page(answer)
        assert body.strip() in page(answer)
    assert Message.objects.count() == 1


def test_harsh_words_are_asked_about_and_absence_is_not(cast: Cast) -> None:
    marie, ahmed = met(cast)
    thread, key = write(marie, ahmed), str(uuid4())
    asked = marie.send("messages", thread.pk, body="You are an idiot", request_key=key)
    assert "Do you want to say it like this?" in page(asked)
    again = marie.send("messages", thread.pk, body="You are an idiot", request_key=key, do="edit")
    assert "You are an idiot" in page(again)
    assert Message.objects.count() == 1
    marie.send("messages", thread.pk, body="You are an idiot", request_key=key, confirmed="yes")
    say(marie, thread, "We are on holiday until Friday, can you water the plants?")
    assert Message.objects.count() == 3


def test_deleted_for_everybody_its_words_are_gone(cast: Cast) -> None:
    marie, ahmed = met(cast)
    thread = write(marie, ahmed)
    wrong = say(marie, thread, "Sent to the wrong one")
    assert ahmed.send("remove_message", wrong.pk).status_code == 403
    assert Visit(cast["ambassador"]).send("remove_message", wrong.pk).status_code == 404
    for _time in range(2):
        assert marie.send("remove_message", wrong.pk).status_code == 302
    for who in (marie, ahmed):
        html = page(who.get("conversation", thread.pk))
        assert "This message was deleted." in html
        assert "wrong one" not in html
    assert Message.objects.get(pk=wrong.pk).body == ""


def test_taken_back_before_it_was_read_it_waits_for_nobody(cast: Cast) -> None:
    marie, ahmed = met(cast)
    thread = write(marie, ahmed)
    assert Person.objects.get(pk=ahmed.person.pk).unread_chats == 1
    marie.send("remove_message", Message.objects.get().pk)
    assert Person.objects.get(pk=ahmed.person.pk).unread_chats == 0
    assert Participant.objects.get(conversation=thread, person=ahmed.person).unread_count == 0


def test_at_rest_it_is_sealed(cast: Cast) -> None:
    marie, ahmed = met(cast)
    write(marie, ahmed, "Only for Ahmed")
    with connection.cursor() as cursor:
        for table in ("conversations_message", "conversations_conversation", "conversations_participant"):
            cursor.execute(f"SELECT * FROM {table}")  # noqa: S608  names of ours
            rows = str(cursor.fetchall())
            assert rows != "[]"
            assert "Only for Ahmed" not in rows
    assert Message.objects.get().body == "Only for Ahmed"
