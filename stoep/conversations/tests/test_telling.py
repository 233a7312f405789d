"""News of a message by mail, bell, push, text and in the daily mail: that somebody wrote, and never what."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from stoep.common import clock
from stoep.conversations.actions import send_message, start_conversation
from stoep.conversations.digest import lines
from stoep.conversations.models import Conversation
from stoep.conversations.tests.talking import group, met, say, write
from stoep.delivery.choosing import choices_of_all
from stoep.delivery.digest_lines import Readers
from stoep.delivery.models import Mail, Notification, OutboxEntry, Pace, Push, PushDevice, TextMessage
from stoep.delivery.sending import handle_entry
from stoep.delivery.tests.days import FIVE, Days
from stoep.feed.tests.visits import Visit, page
from stoep.operations.cast import Cast
from stoep.people.models import Block, Membership, Person, Phone
from stoep.people.queries import people_with_standing

pytestmark = pytest.mark.usefixtures("english")
SECRET = "kanarieliedje"


@pytest.fixture
def english(cast: Cast) -> None:
    del cast
    Person.objects.update(language="en")


def hand_out() -> list[Mail]:
    """Everything that waits is handled as if its minute were over; the mails that came of it."""
    before = set(Mail.objects.values_list("pk", flat=True))
    for entry in OutboxEntry.objects.filter(handled_at=None):
        handle_entry(entry.pk, now=clock.now())
    return list(Mail.objects.exclude(pk__in=before))


def test_a_mail_says_who_wrote_and_where_to_read_it(cast: Cast, settings: Settings) -> None:
    settings.UNDO_FOR = timedelta(seconds=60)
    marie, ahmed = met(cast)
    thread = write(marie, ahmed, SECRET)
    entry = OutboxEntry.objects.get()
    assert entry.due_at == entry.told_at + timedelta(seconds=60)  # so long it can be taken back
    [mail] = hand_out()
    assert (mail.person, mail.stream) == (ahmed.person, "chat")
    assert mail.subject == "You have a new message"  # it is read over one's shoulder: it names nobody
    assert "Marie Peeters sent you a message" in mail.text
    assert f"/chat/{thread.pk}/" in mail.text
    assert f"/chat/{thread.pk}/" in mail.html
    assert SECRET not in f"{mail.subject} {mail.text} {mail.html} {mail.headers}"


def test_several_messages_are_one_mail_until_they_are_read(cast: Cast) -> None:
    marie, ahmed = met(cast)
    thread = write(marie, ahmed)
    say(marie, thread, "One more thing")
    assert len(hand_out()) == 1
    say(marie, thread, "And another")
    assert hand_out() == []
    ahmed.get("conversation", thread.pk)
    say(marie, thread, "Are you there?")
    assert len(hand_out()) == 1


def test_what_was_read_or_taken_back_meanwhile_is_not_told(cast: Cast) -> None:
    marie, ahmed = met(cast)
    thread = write(marie, ahmed)
    ahmed.get("conversation", thread.pk)
    gone = say(marie, thread, "Wrong one")
    marie.send("remove_message", gone.pk)
    assert hand_out() == []
    assert not Notification.objects.exists()


def test_the_bell_rings_once_a_conversation_and_is_still_when_it_is_opened(cast: Cast) -> None:
    marie, ahmed = met(cast)
    thread = write(marie, ahmed, SECRET)
    say(marie, thread, SECRET)
    hand_out()
    html = page(ahmed.get("notifications"))
    assert html.count("Marie Peeters sent you a message") == 1
    assert f'href="/chat/{thread.pk}/"' in html
    assert SECRET not in html
    ahmed.get("conversation", thread.pk)
    assert Person.objects.get(pk=ahmed.person.pk).unread_count == 0


def test_a_push_and_a_text_lead_there_and_say_no_more(cast: Cast) -> None:
    marie, ahmed = met(cast)
    PushDevice.objects.create(person=ahmed.person, endpoint="https://push.example/x", endpoint_hash="x", made_at=FIVE)
    Person.objects.filter(pk=ahmed.person.pk).update(email="", email_hash="", email_confirmed_at=None)
    Phone.objects.create(
        person=ahmed.person,
        purpose="reach",
        number="+32470123456",
        number_hash="x",
        created_at=FIVE,
        confirmed_at=FIVE,
    )
    thread = write(marie, ahmed, SECRET)
    assert hand_out() == []
    push, text = Push.objects.get(), TextMessage.objects.get()
    assert (push.text, push.path) == ("A neighbour sent you a message.", f"/chat/{thread.pk}/")
    assert "Marie Peeters sent you a message" in text.words
    assert SECRET not in text.words


def _written(cast: Cast, at: datetime, one: str, other: str) -> Conversation:
    with clock.frozen(at):
        author, reader = (Person.objects.get(pk=cast[key].pk) for key in (one, other))
        return start_conversation(person=author, others=[reader], body=SECRET, request_key=uuid4(), now=at)


def test_once_a_day_it_stands_in_the_daily_mail_without_a_word_of_it(cast: Cast) -> None:
    days = Days(cast)
    days.busy()
    days.choose("second-neighbour", chat=Pace.DAILY)
    _written(cast, FIVE - timedelta(hours=2), "neighbour", "second-neighbour")
    days.hand_out(FIVE - timedelta(hours=1))
    assert not Mail.objects.filter(stream="chat").exists()
    mail = days.five()["second-neighbour"]
    assert "Marie Peeters sent you a message" in mail.text
    assert "Marie" not in mail.subject
    assert "You have a new message" in mail.subject
    assert SECRET not in f"{mail.subject} {mail.text} {mail.html}"


def test_the_daily_mail_keeps_a_block_and_what_was_read_out(cast: Cast) -> None:
    days = Days(cast)
    for key in ("neighbour", "ambassador", "second-neighbour"):
        days.choose(key, chat=Pace.DAILY)
    at = FIVE - timedelta(hours=2)
    _written(cast, at, "neighbour", "second-neighbour")
    read = _written(cast, at, "ambassador", "neighbour")
    assert _told(cast) == {"second-neighbour": 1, "neighbour": 1, "ambassador": 0}
    Visit(cast["neighbour"]).get("conversation", read.pk)
    Block.objects.create(person=cast["second-neighbour"], blocked=cast["neighbour"], created_at=at)
    assert _told(cast) == {"second-neighbour": 0, "neighbour": 0, "ambassador": 0}


def _told(cast: Cast) -> dict[str, int]:
    """How many lines of the daily mail each of the three would get, in a fixed number of queries."""
    keys = {cast[key].pk: key for key in ("neighbour", "second-neighbour", "ambassador")}
    people = people_with_standing(set(keys))
    readers = Readers(
        cast.cities["hasselt"],
        cast.neighbourhoods["Kermt"],
        people,
        choices_of_all(set(keys)),
        FIVE - timedelta(days=1),
        FIVE,
    )
    with CaptureQueriesContext(connection) as asked:
        found = lines(readers)
    assert len(asked) <= 3
    return {keys[pk]: len(mine) for pk, mine in found.items()}


def test_in_a_group_each_who_has_not_read_it_is_told_once(cast: Cast) -> None:
    marie, ahmed = met(cast)
    jos = Visit(cast["ambassador"])
    write(marie, ahmed)
    write(marie, jos)
    hand_out()
    together = group(marie, ahmed, jos)
    for who in (ahmed, jos):
        say(who, together, "Here")  # who wrote has seen what stood there
        who.get("conversation", together.pk)
    told = {mail.person_id for mail in hand_out()}
    assert told == {marie.person.pk, ahmed.person.pk}
    html = page(marie.get("notifications"))
    assert "sent you a message" in html


def test_who_moved_out_hears_nothing(cast: Cast) -> None:
    marie, ahmed = met(cast)
    thread = write(marie, ahmed)
    hand_out()
    Membership.objects.filter(person=ahmed.person).update(ended_at=clock.now())
    send_message(
        author=Person.objects.get(pk=marie.person.pk),
        conversation=Conversation.objects.get(pk=thread.pk),
        body="x",
        request_key=uuid4(),
        now=clock.now() + timedelta(days=2),
    )
    assert hand_out() == []
