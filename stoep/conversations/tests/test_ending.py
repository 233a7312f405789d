"""How it ends: who leaves has no name any more, who is erased leaves words of nobody, and after 24 months all goes."""

import json
from datetime import timedelta

from stoep.common import clock
from stoep.conversations import leaving
from stoep.conversations.forgetting import KEPT, forget_conversations
from stoep.conversations.models import Conversation, Message, Participant
from stoep.conversations.personal_data import DATA
from stoep.conversations.tests.talking import met, say, write
from stoep.feed.tests.visits import Visit, page
from stoep.operations.cast import Cast
from stoep.people.models import Person
from stoep.privacy.actions import leave
from stoep.privacy.erasing import erase
from stoep.privacy.leaving import come_back


def test_who_left_is_a_deleted_neighbour_and_is_written_to_no_more(cast: Cast) -> None:
    marie, ahmed = met(cast)
    thread = write(ahmed, marie, "What I said stays")
    leave(person=Person.objects.get(pk=ahmed.person.pk), now=clock.now())
    for html in (page(marie.get("conversation", thread.pk)), page(marie.get("conversations"))):
        assert "Deleted neighbour" in html
        assert "Ahmed" not in html
        assert "What I said stays" in html
    assert marie.send("messages", thread.pk, body="Hello?", request_key=str(thread.pk)).status_code == 403
    assert marie.get("write_to", ahmed.person.pk).status_code in {302, 404}
    come_back(returning=Person.objects.get(pk=ahmed.person.pk), now=clock.now() + timedelta(days=1))
    assert "Ahmed El Amrani" in page(marie.get("conversation", thread.pk))


def test_erased_nothing_says_who_it_was_and_the_other_keeps_the_words(cast: Cast) -> None:
    marie, ahmed = met(cast)
    thread = write(ahmed, marie, "What I said stays")
    say(marie, thread, "And what I said")
    gone = ahmed.person.pk
    left_at = clock.now() - timedelta(days=15)
    leave(person=Person.objects.get(pk=gone), now=left_at)
    erase(gone, now=clock.now())
    html = page(marie.get("conversation", thread.pk))
    assert "Deleted neighbour" in html
    assert "What I said stays" in html
    thread.refresh_from_db()
    assert (thread.pair, thread.started_by) == (None, None)
    held = [*Message.objects.values(), *Participant.objects.values(), *Conversation.objects.values()]
    assert str(gone) not in repr(held)
    leaving.erase_participant(marie.person, clock.now())
    assert not Message.objects.exists()  # with the last of them


def test_two_years_after_the_last_word_it_is_forgotten(cast: Cast) -> None:
    marie, ahmed = met(cast)
    long_ago = clock.now() - KEPT - timedelta(days=1)
    with clock.frozen(long_ago):
        old, going_on = write(marie, ahmed), write(marie, Visit(cast["ambassador"]))
    say(marie, going_on, "Still here")
    assert Person.objects.get(pk=ahmed.person.pk).unread_chats == 1
    assert forget_conversations(clock.now()) == 1
    assert list(Conversation.objects.all()) == [going_on]
    assert not Message.objects.filter(conversation=old.pk).exists()
    assert going_on.messages.count() == 2
    assert Person.objects.get(pk=ahmed.person.pk).unread_chats == 0


def test_the_download_holds_ones_own_words_and_of_the_others_a_number(cast: Cast) -> None:
    marie, ahmed = met(cast)
    thread = write(marie, ahmed, "Mine to take along")
    say(ahmed, thread, "His to take along")
    rows = {
        each.table: list(each.exported.rows(each.model, marie.person))
        for each in DATA
        if hasattr(each.exported, "rows")
    }
    [message], [part] = rows["conversations.Message"], rows["conversations.Participant"]
    assert (message["body"], message["with"]) == ("Mine to take along", "Ahmed El Amrani")
    assert (part["with"], part["received"]) == ("Ahmed El Amrani", 1)
    assert "His to take along" not in json.dumps(rows, default=str)
