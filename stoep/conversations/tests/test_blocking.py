"""Two between whom a block stands, looked for everywhere: list, thread, counts, mail, bell, daily mail, live."""

import re
from uuid import uuid4

import pytest

from stoep.common import clock
from stoep.conversations.tests.talking import met, write
from stoep.delivery.models import Mail, MailChoices, Notification, OutboxEntry, Pace
from stoep.delivery.sending import handle_entry
from stoep.feed.tests.visits import page
from stoep.operations.cast import Cast
from stoep.people.models import Block


@pytest.mark.parametrize("blocker", [0, 1])
def test_neither_sees_anything_of_it_and_nobody_is_told(cast: Cast, blocker: int) -> None:
    both = met(cast)
    marie, ahmed = both
    thread = write(marie, ahmed, "Before the block")
    assert both[blocker].send("block", both[1 - blocker].person.pk).status_code == 302
    for entry in OutboxEntry.objects.all():
        handle_entry(entry.pk, now=clock.now())
    assert not Mail.objects.exists()
    assert not Notification.objects.exists()
    for me, other in ((marie, ahmed), (ahmed, marie)):
        never = me.get("conversation", uuid4())
        for name, pk in (("conversation", thread.pk), ("write_to", other.person.pk)):
            answer = me.get(name, pk)
            assert (answer.status_code, answer.content) == (404, never.content)
        for name, pk in (("messages", thread.pk), ("write_to", other.person.pk)):
            assert me.send(name, pk, body="x", request_key=str(uuid4())).status_code == 404
        html = page(me.get("conversations"))
        assert "No conversations yet" in html
        assert not re.search(r": \d new<", html)  # though something waited for Ahmed
        assert str(other.person.pk) not in html
    Block.objects.all().delete()
    assert "Before the block" in page(ahmed.get("conversation", thread.pk))


def test_a_muted_neighbour_is_read_but_not_announced(cast: Cast) -> None:
    marie, ahmed = met(cast)
    ahmed.send("mute", marie.person.pk)
    thread = write(marie, ahmed, "He does not hear this")
    MailChoices.objects.create(person=ahmed.person, chat=Pace.NOW, changed_at=clock.now())
    for entry in OutboxEntry.objects.all():
        handle_entry(entry.pk, now=clock.now())
    assert not Mail.objects.exists()
    assert not Notification.objects.exists()
    assert "He does not hear this" in page(ahmed.get("conversation", thread.pk))
