"""I come, maybe, no: seats, the waiting list, who reads which name, and every refusal in words."""

from collections.abc import Callable
from uuid import uuid4

import pytest

from stoep.common import clock
from stoep.events.models import Attendance
from stoep.events.tests.planners import Planner, day_of, event_of, later, mailed
from stoep.feed.tests.test_publish_post import NATIONAL_NUMBER
from stoep.feed.tests.visits import page
from stoep.operations.cast import Cast
from stoep.people.models import Block, Mute

GoesTo = Callable[[str], Planner]


def test_one_comes_with_others_and_something_and_changes_ones_mind(visit: GoesTo) -> None:
    post = visit("neighbour").plan()
    guest, reader = visit("second-neighbour"), visit("ambassador")
    back = guest.say(post, together="3", brings="Soup", next=f"/posts/{post.pk}/").headers["Location"]
    assert back == f"/posts/{post.pk}/#event"
    html = reader.read(post)
    for words in ("3 come", "Ahmed El Amrani", "+ 2", "brings: Soup"):
        assert words in html
    assert "3 come" in reader.feed()
    assert "You come" in page(guest.get("agenda"))
    guest.say(post, "maybe")
    html = reader.read(post)
    assert "1 maybe" in html
    assert "Soup" not in html
    assert "Ahmed El Amrani" not in html
    guest.say(post, "no")
    assert "maybe" not in reader.read(post).split("Who comes?")[0].split('id="event"')[1].split("<form")[0]
    assert day_of(post).coming == 0


def test_a_full_event_has_a_waiting_list_that_moves_up_in_its_order(visit: GoesTo) -> None:
    author, first, second = visit("neighbour"), visit("second-neighbour"), visit("ambassador")
    post = author.plan(seats="2")
    first.say(post, together="2")
    second.say(post, together="2")
    author.say(post)
    assert second.mine(post).waiting_since
    assert "You are on the waiting list" in second.read(post)
    assert "2 wait for a seat" in first.read(post)
    assert "full" in visit("newcomer").feed()
    first.say(post, "no")
    assert second.mine(post).waiting_since is None
    assert author.mine(post).waiting_since, "one seat too few"
    assert day_of(post).coming == 2
    assert set(mailed("seat")) == {second.person}
    assert "There is a seat for you" in page(second.get("notifications"))
    second.say(post, together="1")
    assert author.mine(post).waiting_since is None
    author.tell_more(post, seats="3")
    first.say(post)
    assert first.mine(post).waiting_since is None
    assert day_of(post).coming == 3


def test_a_group_that_grows_beyond_the_seats_keeps_those_it_has(visit: GoesTo) -> None:
    post, guest = visit("neighbour").plan(seats="2"), visit("second-neighbour")
    guest.say(post)
    response = guest.say(post, together="3")
    assert response.status_code == 422
    assert "There are not so many seats left. You keep the ones that you have." in page(response)
    assert guest.mine(post).together == 1


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"answer": ""}, "Choose an answer first."),
        ({"answer": "perhaps"}, "Choose an answer first."),
        ({"brings": NATIONAL_NUMBER}, "national register number"),
        ({"together": "7"}, "7"),
    ],
)
def test_a_wrong_answer_comes_back_with_its_sentence(facts: dict[str, str], sentence: str, visit: GoesTo) -> None:
    post = visit("neighbour").plan()
    response = visit("second-neighbour").say(post, **{"answer": "yes", **facts})
    assert response.status_code == 422
    assert sentence in page(response)
    assert not Attendance.objects.exists()


def test_what_is_over_or_called_off_takes_no_answer(visit: GoesTo) -> None:
    author, guest = visit("neighbour"), visit("second-neighbour")
    post, other = author.plan(), author.plan("Another")
    author.send("event_cancellation", day_of(other).pk, reason="")
    assert "This was called off." in page(guest.say(other))
    assert "Save my answer" not in guest.read(other)
    with later(days=9):
        assert "This is over." in page(guest.say(post))
        assert "Save my answer" not in guest.read(post)
    assert not Attendance.objects.exists()


@pytest.mark.parametrize(
    ("who", "status"),
    [("newcomer", 403), ("next-neighbourhood", 404), ("other-city", 404), ("editor", 403), ("moderator", 404)],
)
def test_who_may_not_does_not_come(who: str, status: int, visit: GoesTo) -> None:
    post = visit("neighbour").plan(shared=True)
    assert visit(who).say(post).status_code == status
    assert visit(who).send("event_answer", uuid4(), answer="yes").status_code == 404
    assert not Attendance.objects.exists()


def test_a_newcomer_reads_why_not_yet(visit: GoesTo) -> None:
    post = visit("neighbour").plan()
    html = visit("newcomer").read(post)
    assert "With the code from a letter you can say that you come." in html
    assert "Save my answer" not in html


def test_names_are_as_the_reader_may_see_them_and_the_city_reads_none(visit: GoesTo, cast: Cast) -> None:
    post = visit("neighbour").plan(adjacent=[cast.neighbourhoods["Tuilt"]], shared=True)
    visit("second-neighbour").say(post, brings="Soup")
    assert "Ahmed El Amrani" in visit("ambassador").read(post)
    for key in ("newcomer", "next-neighbourhood"):
        assert "Ahmed E." in visit(key).read(post)
        assert "Amrani" not in visit(key).read(post)
    html = visit("editor").read(post) + page(visit("editor").get("event", day_of(post).pk))
    assert "Street party" in html
    for words in ("Ahmed", "Soup", "1 comes"):
        assert words not in html
    with later(days=9):
        html = visit("ambassador").read(post)
        assert "1 comes" in html
        assert "Ahmed" not in html, "who was where is nobody's business afterwards"


def test_a_block_hides_both_from_each_other_and_a_mute_only_the_words(visit: GoesTo, cast: Cast) -> None:
    post = visit("neighbour").plan()
    guest, reader = visit("second-neighbour"), visit("ambassador")
    guest.say(post, brings="Soup")
    visit("neighbour").say(post)
    Mute.objects.create(person=reader.person, muted=guest.person, created_at=clock.now())
    assert "Ahmed" in Planner(cast["ambassador"]).read(post)
    assert "Soup" not in Planner(cast["ambassador"]).read(post)
    Block.objects.create(person=guest.person, blocked=reader.person, created_at=clock.now())
    for html in (reader.read(post), reader.feed(), page(reader.get("agenda"))):
        assert "1 comes" in html
        assert "Ahmed" not in html
    assert event_of(post).occurrences.get().coming == 2
