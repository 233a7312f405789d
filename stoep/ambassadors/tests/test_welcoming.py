"""Who is new is welcomed once, by an ambassador, in their own words; and is asked once to say hello themselves."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest

from stoep.ambassadors.forgetting import WELCOMES_KEPT, forget_hellos, forget_welcomes
from stoep.ambassadors.models import Hello, Welcome
from stoep.common import clock
from stoep.conversations.models import Conversation, Message
from stoep.feed.tests.visits import Visit, page
from stoep.operations.cast import Cast
from stoep.people.models import Block, Membership, Person, Role, RoleName, Suspension

WORDS = "Hello Marie, welcome to Kermt! I am Jos."
HELLO = "One line is enough. Then your neighbours know who came."


@pytest.fixture
def jos(cast: Cast) -> Visit:
    return Visit(cast["ambassador"])


@pytest.fixture
def marie(cast: Cast) -> Visit:
    """Came two days ago."""
    return _new(cast, "neighbour")


def _new(cast: Cast, key: str) -> Visit:
    came = clock.now() - timedelta(days=2)
    Membership.objects.filter(person=cast[key]).update(started_at=came)
    Person.objects.filter(pk=cast[key].pk).update(joined_at=came)
    return Visit(cast[key])


def _welcome(jos: Visit, newcomer: Visit, body: str = "Welcome, Marie", key: str = "") -> str:
    answer = jos.send("newcomer", newcomer.person.pk, body=body, request_key=key or str(uuid4()))
    assert answer.status_code == 302, page(answer)
    return str(answer.headers["Location"])


def test_one_tap_opens_a_word_of_welcome_that_is_sent_as_it_is_changed(jos: Visit, marie: Visit) -> None:
    desk = page(jos.get("ambassador"))
    assert f'href="/ambassador/newcomers/{marie.person.pk}/"' in desk
    html = page(jos.get("newcomer", marie.person.pk))
    typed = re.search(r"<textarea[^>]*>\s*([^<]+)</textarea>", html)
    assert typed
    assert typed[1].startswith(WORDS)
    assert not Message.objects.exists(), "looking sends nothing"
    there = _welcome(jos, marie, typed[1].replace("Hello", "Dear"))
    assert "Dear Marie, welcome to Kermt!" in page(marie.client.get(there))
    assert "Marie Peeters" not in page(jos.get("ambassador"))


def test_who_was_welcomed_is_done_for_every_ambassador(jos: Visit, marie: Visit, cast: Cast) -> None:
    other = Visit(cast["second-neighbour"])
    Role.objects.create(person=other.person, role=RoleName.AMBASSADOR, granted_at=clock.now())
    assert "Marie Peeters" in page(other.get("ambassador"))
    _welcome(jos, marie)
    assert "Marie Peeters" not in page(other.get("ambassador"))
    assert other.get("newcomer", marie.person.pk).status_code == 404
    assert Welcome.objects.get().welcomed_by_id == jos.person.pk


def test_at_the_door_is_a_welcome_too(jos: Visit, marie: Visit) -> None:
    for _time in range(2):
        assert jos.send("welcomed", marie.person.pk).headers["Location"] == "/ambassador/"
    assert Welcome.objects.count() == 1
    assert not Conversation.objects.exists()
    assert "Marie Peeters" not in page(jos.get("ambassador"))


def test_sent_twice_it_is_said_once(jos: Visit, marie: Visit) -> None:
    key = str(uuid4())
    first, second = (_welcome(jos, marie, key=key) for _time in range(2))
    assert first == second
    assert Message.objects.count() == 1
    assert jos.get("newcomer", marie.person.pk).headers["Location"] == first


def test_what_cannot_be_sent_is_kept_and_nobody_is_welcomed(jos: Visit, marie: Visit) -> None:
    for body, said in (("", "Write something first."), ("Mine is 85.07.30-033.28", "national register number")):
        answer = jos.send("newcomer", marie.person.pk, body=body, request_key=str(uuid4()))
        assert answer.status_code == 422
        assert said in page(answer)
        assert body in page(answer)
    harsh = {"body": "Welcome, idiot", "request_key": str(uuid4())}
    assert "Do you want to say it like this?" in page(jos.send("newcomer", marie.person.pk, **harsh))
    again = page(jos.send("newcomer", marie.person.pk, **harsh, do="edit"))
    assert "Welcome, idiot</textarea>" in again
    assert not Welcome.objects.exists()
    assert not Message.objects.exists()
    assert "Marie Peeters" in page(jos.get("ambassador"))


@pytest.mark.parametrize("why", ["protected", "blocked", "paused", "provisional", "left", "old", "next door"])
def test_an_ambassador_sees_no_more_of_who_is_new_than_a_neighbour(why: str, jos: Visit, cast: Cast) -> None:
    who = _new(cast, "next-neighbourhood" if why == "next door" else "second-neighbour").person
    now, mine = clock.now(), Membership.objects.filter(person=who)
    if why == "protected":
        Person.objects.filter(pk=who.pk).update(protected_at=now)
    elif why == "blocked":
        Block.objects.create(person=who, blocked=jos.person, created_at=now)
    elif why == "paused":
        Suspension.objects.create(person=who, reason="A test", started_at=now)
    elif why == "provisional":
        mine.update(standing=Membership.Standing.PROVISIONAL)
    elif why == "left":
        Person.objects.filter(pk=who.pk).update(left_at=now)
    elif why == "old":
        mine.update(started_at=now - timedelta(days=8))
    assert who.name.split()[0] not in page(jos.get("ambassador"))
    assert jos.get("newcomer", who.pk).status_code == 404
    sent = {"body": "Hello", "request_key": str(uuid4())}
    assert jos.send("newcomer", who.pk, **sent).status_code == 404
    jos.send("welcomed", who.pk)
    assert not Welcome.objects.exists()


def test_without_the_task_there_is_nobody_to_welcome(marie: Visit, cast: Cast) -> None:
    for key in ("second-neighbour", "newcomer", "next-neighbourhood"):
        other = Visit(cast[key])
        assert other.get("newcomer", marie.person.pk).status_code == 404
        assert other.send("newcomer", marie.person.pk, body="Hi", request_key=str(uuid4())).status_code == 404
        assert other.send("welcomed", marie.person.pk).status_code == 404
    assert not Welcome.objects.exists()


def test_who_is_new_is_asked_for_a_hello_with_the_words_at_hand(marie: Visit) -> None:
    html = marie.feed()
    assert html.count(HELLO) == 1
    link = re.search(r'href="(/posts/new/\?kind=introduction&amp;title=[^"]+)"', html)
    assert link
    composer = page(marie.client.get(link[1].replace("&amp;", "&")))
    assert 'value="Hello, I am Marie"' in composer
    assert re.search(r'value="introduction"[^>]* checked', composer)
    marie.place("Hello, I am Marie", kind="introduction")
    assert HELLO not in marie.feed()


def test_put_away_it_does_not_come_back(marie: Visit) -> None:
    for _time in range(2):
        assert marie.send("hello_dismissal", next="/").headers["Location"] == "/"
    assert Hello.objects.count() == 1
    assert HELLO not in marie.feed()


def test_nobody_else_is_asked_for_a_hello(marie: Visit, cast: Cast) -> None:
    assert HELLO not in marie.feed(welcome=""), "the welcome itself asks it"
    assert HELLO not in Visit(cast["second-neighbour"]).feed(), "who lives here longer"
    newcomer = _new(cast, "newcomer")
    assert HELLO not in newcomer.feed(), "who may not write yet"
    assert newcomer.send("hello_dismissal").status_code == 403
    for later, is_asked in ((timedelta(days=4), True), (timedelta(days=6), False)):
        with clock.frozen(clock.now() + later):
            assert (HELLO in marie.feed()) == is_asked, "in the second week something else is asked"


def test_two_months_later_nothing_of_it_is_kept(jos: Visit, marie: Visit) -> None:
    jos.send("welcomed", marie.person.pk)
    marie.send("hello_dismissal")
    for later, kept in ((WELCOMES_KEPT - timedelta(days=1), 1), (WELCOMES_KEPT + timedelta(days=1), 0)):
        forget_welcomes(clock.now() + later)
        forget_hellos(clock.now() + later)
        assert (Welcome.objects.count(), Hello.objects.count()) == (kept, kept)
