"""A phone buddy is asked for and offered in crisis mode; a call begins in a conversation, no page shows a number."""

import re
from collections.abc import Callable
from uuid import uuid4

import pytest

from stoep.access.gate import INSTALLATION
from stoep.cityhall.crisis import switch_crisis
from stoep.common import clock
from stoep.conversations.models import Message
from stoep.delivery.models import Notification, OutboxEntry
from stoep.delivery.sending import handle_entry
from stoep.exchange.models import HelpRequest
from stoep.feed.models import Post
from stoep.feed.tests.visits import Visit, page
from stoep.operations.cast import Cast
from stoep.people.models import PersonSkill, Phone

GoesTo = Callable[[str], Visit]
ASK, BE = "I am looking for a phone buddy", "I want to be a phone buddy"


@pytest.fixture
def crisis(cast: Cast) -> Callable[[bool], None]:
    def switched(is_on: bool) -> None:
        switch_crisis(person=INSTALLATION, municipality=cast.cities["hasselt"], is_on=is_on, now=clock.now())

    return switched


def test_the_square_offers_it_while_the_crisis_lasts(visit: GoesTo, crisis: Callable[[bool], None]) -> None:
    neighbour = visit("neighbour")
    assert ASK not in neighbour.feed()
    crisis(True)
    assert 'href="/posts/new/?begin=phone-buddy"' in neighbour.feed()
    assert 'href="/posts/new/?begin=be-phone-buddy"' in neighbour.feed()
    assert ASK not in visit("newcomer").feed(), "who cannot place a message is not led to one"
    crisis(False)
    assert ASK not in neighbour.feed()


def test_one_looks_for_a_buddy_and_who_likes_to_call_hears_of_it(visit: GoesTo, cast: Cast) -> None:
    PersonSkill.objects.create(person=cast["second-neighbour"], skill="calling", created_at=clock.now())
    seeker, buddy = visit("neighbour"), visit("second-neighbour")
    post = _begun(seeker, "phone-buddy")
    assert (post.kind, post.title) == ("help_wanted", ASK)
    assert HelpRequest.objects.get(post=post).skill == "calling"
    for entry in OutboxEntry.objects.filter(notice="exchange.matching"):
        handle_entry(entry.pk, now=clock.now())
    assert [each.person for each in Notification.objects.filter(notice="exchange.matching")] == [buddy.person]
    assert "Calling somebody now and then" in buddy.read(post)
    words = {"words": "Shall I call you on Monday?", "request_key": str(uuid4())}
    assert buddy.send("helpers", post.pk, **words).status_code == 302
    assert Message.objects.get().body == "Shall I call you on Monday?"
    assert "without contact" not in buddy.read(post)


def test_who_offers_to_call_is_written_to_and_no_number_is_shown(visit: GoesTo, cast: Cast) -> None:
    number, now = "+32470123456", clock.now()
    Phone.objects.create(person=cast["neighbour"], purpose="reach", number=number, number_hash="0", created_at=now)
    buddy, seeker = visit("neighbour"), visit("second-neighbour")
    post = _begun(buddy, "be-phone-buddy")
    assert (post.kind, post.title) == ("help_offered", BE)
    html = seeker.read(post)
    assert "Write to Marie Peeters" in html
    assert "Only the two of you read your message." in html
    assert "Write to Marie Peeters" not in buddy.read(post)
    assert buddy.send("edit_post", post.pk, title="I call you", body="").status_code == 302
    for reader in ("second-neighbour", "ambassador", "newcomer"):
        assert "123456" not in visit(reader).feed() + re.sub(r"\s", "", visit(reader).read(post))
    assert visit("next-neighbourhood").get("post", post.pk).status_code == 404


def test_what_one_was_writing_is_never_overwritten(visit: GoesTo) -> None:
    writer = visit("neighbour")
    writer.send("draft", kind="question", title="Who has a ladder?", body="")
    html = page(writer.get("new_post", begin="phone-buddy"))
    assert "Who has a ladder?" in html
    assert ASK not in html
    plain = page(visit("second-neighbour").get("new_post", begin="nonsense"))
    assert ASK not in plain
    assert visit("newcomer").get("new_post", begin="phone-buddy").status_code == 200


def _begun(who: Visit, name: str) -> Post:
    """Opens the composer by the link, and places what stands in it."""
    html = page(who.get("new_post", begin=name))
    title = re.search(r'name="title"[^>]* value="([^"]*)"', html) or re.search(
        r'value="([^"]*)"[^>]* name="title"', html
    )
    body = re.search(r'<textarea[^>]*name="body"[^>]*>\s*([^<]*)</textarea>', html)
    kind = re.search(r'name="kind" value="(\w+)"[^>]* checked', html)
    skill = re.search(r'<option value="(\w+)" selected>Calling somebody', html)
    assert title
    assert body
    assert kind
    data = {"kind": kind[1], "title": title[1], "body": body[1], "request_key": str(uuid4())}
    response = who.send("posts", **data, **({"help-skill": skill[1]} if skill else {}))
    assert response.status_code == 302, page(response)
    return Post.objects.latest("id")
