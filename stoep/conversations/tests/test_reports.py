"""A report opens one message and two on each side to a moderator, while the case is open, and nothing more."""

from datetime import timedelta

import pytest

from stoep.access.models import Grant
from stoep.common import clock
from stoep.conversations.models import Conversation, Message
from stoep.conversations.tests.talking import met, say, write
from stoep.feed.tests.visits import Visit, page
from stoep.moderation.deciding import end_what_is_over
from stoep.moderation.models import Case
from stoep.moderation.tests.test_deciding import WHY
from stoep.moderation.tests.test_reporting import report
from stoep.operations.cast import Cast
from stoep.people.models import Person

Talk = tuple[Visit, Visit, Conversation, list[Message]]


@pytest.fixture
def talk(cast: Cast) -> Talk:
    """Ahmed wrote seven messages to Marie; she reports the fourth."""
    marie, ahmed = met(cast)
    thread = write(marie, ahmed, "word 0")
    said = [say(ahmed, thread, f"word {number}") for number in range(1, 8)]
    report(marie, "message", said[3].pk, words="This one")
    return marie, ahmed, thread, said


def test_the_moderator_sees_it_with_two_on_each_side_and_no_more(talk: Talk, cast: Cast) -> None:
    moderator = Visit(cast["moderator"])
    case = Case.objects.get()
    html = page(moderator.get("case", case.pk))
    assert [f"word {number}" in html for number in range(8)] == [False, False, True, True, True, True, True, False]
    assert "El Amrani" not in html.replace("Ahmed El Amrani</p>", "", 1)  # his name in the copy of what was reported
    assert moderator.get("conversation", talk[2].pk).status_code == 404
    assert set(Message.objects.visible_to(cast["moderator"])) == set(talk[3][1:6])
    for key in ("editor", "dpo", "operator", "ambassador"):
        assert not Message.objects.visible_to(cast[key]).exists()
    assert Visit(cast["ambassador"]).get("ambassador_report", case.pk).status_code == 404
    moderator.send("case", case.pk, outcome="keep", days=7, **WHY)
    assert not Message.objects.visible_to(cast["moderator"]).exists()
    assert not Grant.objects.filter(ended_at=None).exists()


def test_only_who_takes_part_reports_and_nobody_their_own(talk: Talk, cast: Cast) -> None:
    _marie, ahmed, _thread, said = talk
    assert ahmed.get("report", "message", said[0].pk).status_code == 403
    assert Visit(cast["ambassador"]).get("report", "message", said[0].pk).status_code == 404
    assert Case.objects.count() == 1


def test_hidden_for_a_time_it_comes_back_with_its_words(talk: Talk, cast: Cast) -> None:
    marie, ahmed, thread, _said = talk
    Visit(cast["moderator"]).send("case", Case.objects.get().pk, outcome="hide", days=1, **WHY)
    for who in (marie, ahmed):
        html = page(who.get("conversation", thread.pk))
        assert "This message was deleted." in html
        assert "word 4" not in html
    end_what_is_over(now=clock.now() + timedelta(days=2))
    assert "word 4" in page(marie.get("conversation", thread.pk))


def test_what_its_author_deletes_stays_away_and_waits_for_nobody(talk: Talk, cast: Cast) -> None:
    marie, ahmed, _thread, said = talk
    ahmed.send("remove_message", said[3].pk)
    Visit(cast["moderator"]).send("case", Case.objects.get().pk, outcome="hide", days=1, **WHY)
    end_what_is_over(now=clock.now() + timedelta(days=2))
    message = Message.objects.get(pk=said[3].pk)
    assert (message.is_live, message.body, message.removed_by) == (False, "", ahmed.person)
    marie.get("conversations")
    assert Person.objects.get(pk=marie.person.pk).unread_chats == 1
