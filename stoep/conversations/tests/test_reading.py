"""The list and one conversation: for who takes part, in a fixed number of queries, and for nobody else."""

import re
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stoep.access.gate import who_may
from stoep.common import clock
from stoep.conversations import reading
from stoep.conversations.models import Conversation, Message
from stoep.conversations.tests.talking import group, met, say, write
from stoep.feed.tests.visits import Visit, page
from stoep.operations.cast import CAST, Cast
from stoep.people.models import Block, Membership, Person
from stoep.people.queries import person_with_standing

OUTSIDERS = [member.key for member in CAST if member.key not in {"neighbour", "second-neighbour"}]


@pytest.mark.parametrize("key", OUTSIDERS)
def test_who_takes_no_part_finds_nothing(cast: Cast, key: str) -> None:
    marie, ahmed = met(cast)
    thread = write(marie, ahmed, "Only for Ahmed")
    outsider = Visit(cast[key])
    refused = 302 if key == "suspended" else 404
    for name, pk in (("conversation", thread.pk), ("conversation_people", thread.pk)):
        answer, never = outsider.get(name, pk), outsider.get(name, uuid4())
        assert (answer.status_code, answer.content) == (refused, never.content)
    for name, pk in (("messages", thread.pk), ("leave_conversation", thread.pk)):
        assert outsider.send(name, pk, body="x", request_key=str(uuid4())).status_code == refused
    message = Message.objects.get()
    for name, pk in (("remove_message", (message.pk,)), ("report", ("message", message.pk))):
        assert outsider.send(name, *pk).status_code == refused
    assert "Only for Ahmed" not in page(outsider.get("conversations"))
    assert not Message.objects.visible_to(cast[key]).exists()
    assert not Message.objects.with_gaps_for(cast[key]).exists()


def test_the_list_the_rule_and_the_recipients_agree(cast: Cast) -> None:
    """`visible_to`, `may` and `who_may`, for everybody, with a block inside a group and between two."""
    marie, ahmed = met(cast)
    jos = Visit(cast["ambassador"])
    pair = write(marie, ahmed)
    write(marie, jos)
    three = group(marie, ahmed, jos)
    say(ahmed, three, "From Ahmed")
    say(jos, three, "From Jos")
    Block.objects.create(person=ahmed.person, blocked=jos.person, created_at=clock.now())
    Block.objects.create(person=marie.person, blocked=ahmed.person, created_at=clock.now())
    models: tuple[type[Conversation | Message], ...] = (Conversation, Message)
    for model in models:
        action = f"conversations:{model.__name__.lower()}:read"
        for thing in model.objects.all():
            allowed = set(who_may(action, thing).values_list("pk", flat=True))
            for key in cast:
                person = person_with_standing(cast[key].pk)
                assert person is not None
                sees = model.objects.visible_to(person).filter(pk=thing.pk).exists()
                assert sees == (person.pk in allowed), (action, key)
    assert marie.get("conversation", pair.pk).status_code == 404


def test_new_is_said_in_the_list_and_in_the_menu_until_it_is_read(cast: Cast) -> None:
    marie, ahmed = met(cast)
    thread = write(marie, ahmed, "Is it new?")
    say(marie, thread, "Two of one conversation count once")
    html = page(ahmed.get("conversations"))
    assert "chats__entry--new" in html
    assert re.search(r"Chat<span[^>]*>: 1 new<", html)
    assert "Two of one conversation" in html
    html = page(ahmed.get("conversation", thread.pk))
    assert not re.search(r": \d new<", html)
    assert "chats__entry--new" not in page(ahmed.get("conversations"))
    html = page(marie.get("conversations"))
    assert "You: Two of one conversation" in html
    assert "chats__entry--new" not in html
    say(ahmed, thread, "He answers")
    write(marie, ahmed, "And she answers without having looked")
    assert "chats__entry--new" not in page(marie.get("conversations"))
    assert "No conversations yet" in page(Visit(cast["ambassador"]).get("conversations"))


def test_nobody_is_told_how_far_the_other_has_read(cast: Cast) -> None:
    marie, ahmed = met(cast)
    thread = write(marie, ahmed)
    before = _still(page(marie.get("conversation", thread.pk)))
    ahmed.get("conversation", thread.pk)
    assert _still(page(marie.get("conversation", thread.pk))) == before


def _still(html: str) -> str:
    """Without what is new on each page: the token and the key of the form."""
    return re.sub(r'name="(?:csrfmiddlewaretoken|request_key)" value="[^"]*"|again=[^#]*', "", html)


def test_older_messages_and_conversations_are_a_page_away(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "BUBBLES", 3)
    monkeypatch.setattr(reading, "PAGE", 1)
    marie, ahmed = met(cast)
    thread = write(marie, ahmed, "word 0")
    for number in range(1, 5):
        say(marie, thread, f"word {number}")
    write(marie, Visit(cast["ambassador"]), "to Jos")
    html = page(ahmed.get("conversation", thread.pk))
    assert [f"word {number}" in html for number in range(5)] == [False, False, True, True, True]
    [before] = re.findall(r"\?before=([0-9a-f-]+)", html)
    html = page(ahmed.get("conversation", thread.pk, before=before))
    assert [f"word {number}" in html for number in range(5)] == [True, True, False, False, False]
    first = page(marie.get("conversations"))
    [before] = re.findall(r"\?before=([0-9a-f-]+)", first)
    second = page(marie.get("conversations", before=before))
    assert ("to Jos" in first, "word 4" in first) == (True, False)
    assert ("to Jos" in second, "word 4" in second) == (False, True)


def test_the_pages_cost_the_same_for_three_and_for_thirty(cast: Cast) -> None:
    marie, ahmed = met(cast)
    thread = write(marie, ahmed)
    counts: dict[str, list[int]] = {"list": [], "thread": []}
    for number in (2, 17):
        for each in range(number):
            say(ahmed, thread, f"{number} {each}")
            write(_settled(cast, f"Neighbour {number} {each}"), marie)
        marie.get("conversation", thread.pk)
        counts["list"].append(_queries(marie, "conversations"))
        counts["thread"].append(_queries(marie, "conversation", thread.pk))
    assert counts["list"][0] == counts["list"][1] <= 10
    assert counts["thread"][0] == counts["thread"][1] <= 12


def _settled(cast: Cast, name: str) -> Visit:
    person = Person.objects.create(municipality=cast.cities["hasselt"], name=name, joined_at=clock.now())
    home = {"neighbourhood": cast.neighbourhoods["Kermt"], "proof": "letter", "started_at": clock.now()}
    Membership.objects.create(person=person, **home)
    return Visit(person)


def _queries(who: Visit, name: str, *args: object) -> int:
    """Asked a moment before, so that the city, which is looked up once a minute, is known."""
    assert who.get(name, *args).status_code == 200
    with CaptureQueriesContext(connection) as asked:
        assert who.get(name, *args).status_code == 200
    return len(asked)


def test_moving_house_takes_the_conversation_along(cast: Cast) -> None:
    marie, ahmed = met(cast)
    thread = write(marie, ahmed)
    Membership.objects.filter(person=ahmed.person).update(
        neighbourhood=cast.neighbourhoods["Stevoort"], household=None, shown_street=None
    )
    html = page(marie.get("conversation", thread.pk))
    assert "Ahmed E." in html
    assert "Stevoort" in html
    say(marie, thread, "How is it there?")
    for name in ("person", "block"):  # whom one talks with one can still look at, and keep away from
        assert marie.get(name, ahmed.person.pk).status_code == 200
    assert f"/people/{ahmed.person.pk}/block/" in html
