"""In crisis mode meeting rests, kindly: nothing is lost, "no" can always be said, by phone or online it goes on."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from stoep.common import clock
from stoep.events.models import Attendance, Event, Meeting
from stoep.events.reminding import remind
from stoep.events.tests.planners import NOW, Planner, day_of, event_of, later
from stoep.feed.models import Post
from stoep.feed.tests.visits import page
from stoep.operations.cast import Cast

GoesTo = Callable[[str], Planner]
RESTS = "Meeting rests for a while"
Crisis = Callable[[bool], None]


def test_no_new_date_is_planned_and_what_was_typed_stays(visit: GoesTo, crisis: Crisis) -> None:
    author = visit("neighbour")
    assert RESTS not in page(author.get("new_post", kind="activity"))
    crisis(True)
    assert RESTS in page(author.get("new_post", kind="activity")), "it is said before anything is typed"
    refused = author.offer_event("Long table", place="Behind the church")
    assert refused.status_code == 422
    for kept in (RESTS, "Long table", "Behind the church", 'value="2026-11-28"', 'value="14:00"'):
        assert kept in page(refused)
    assert not Post.objects.filter(title="Long table").exists()
    assert not Event.objects.exists()
    assert 'value="Long table"' in page(author.get("new_post")), "the draft is still there"
    crisis(False)
    assert author.offer_event("Long table", place="Behind the church").status_code == 302


def test_without_a_day_by_phone_or_in_another_city_it_goes_on(visit: GoesTo, crisis: Crisis, cast: Cast) -> None:
    crisis(True)
    author, guest = visit("neighbour"), visit("second-neighbour")
    author.offer_event("Who thinks along?", on="", at="", place="")
    assert Post.objects.filter(title="Who thinks along?").exists()
    call = author.plan("Quiz by phone", place="We call each other", is_remote="on")
    assert event_of(call).is_remote
    assert guest.say(call).status_code == 302
    assert guest.mine(call).answer == "yes"
    assert "By phone or online" in guest.read(call)
    assert "Rests for a while" not in guest.feed()
    assert cast["other-city"].municipality_id != cast["neighbour"].municipality_id
    assert visit("other-city").offer_event().status_code == 302


def test_a_date_by_phone_does_not_become_a_meeting_by_an_edit(visit: GoesTo, crisis: Crisis) -> None:
    author = visit("neighbour")
    crisis(True)
    call = author.plan("Quiz", is_remote="on")
    facts: dict[str, Any] = {"on": "2026-11-28", "at": "14:00", "place": "The park"}
    sent = {f"event-{name}": value for name, value in facts.items()}
    refused = author.send("edit_post", call.pk, title="Quiz in the park", body="", **sent)
    assert refused.status_code == 422
    assert RESTS in page(refused)
    assert "Quiz in the park" in page(refused)
    assert event_of(call).is_remote
    assert Post.objects.get(pk=call.pk).title == "Quiz"


def test_what_stands_is_read_moved_and_called_off(visit: GoesTo, crisis: Crisis) -> None:
    author, guest = visit("neighbour"), visit("second-neighbour")
    post = author.plan("Street party")
    guest.say(post)
    crisis(True)
    assert "Street party" in page(guest.get("agenda"))
    assert RESTS in page(guest.get("agenda"))
    assert "Rests for a while" in guest.feed()
    assert "I come" not in guest.feed()
    assert author.change(post, on="2026-12-12").status_code == 302
    assert day_of(post).starts_at.date().isoformat() == "2026-12-12"
    assert author.send("event_cancellation", day_of(post).pk, reason="Later").status_code == 302
    assert "Called off" in guest.read(post)


def test_nobody_comes_now_but_everybody_may_stay_away(visit: GoesTo, crisis: Crisis) -> None:
    author, guest, other = visit("neighbour"), visit("second-neighbour"), visit("ambassador")
    post = author.plan()
    guest.say(post)
    crisis(True)
    html = guest.read(post)
    assert RESTS in html
    assert "I do not come" in html
    for answer in ("yes", "maybe"):
        refused = other.say(post, answer, brings="A cake")
        assert refused.status_code == 422
        assert RESTS in page(refused)
        assert "A cake" in page(refused)
    assert not Attendance.objects.filter(person=other.person).exists()
    assert guest.say(post, "no").status_code == 302
    assert guest.mine(post).answer == "no"
    assert other.say(post, "no").status_code == 302
    assert day_of(post).coming == 0
    assert visit("next-neighbourhood").say(post, "no").status_code == 404
    assert visit("newcomer").say(post).status_code == 403
    crisis(False)
    assert other.say(post).status_code == 302


def test_what_the_city_invites_to_goes_on(visit: GoesTo, crisis: Crisis) -> None:
    author, guest = visit("neighbour"), visit("second-neighbour")
    post = author.plan("Vaccination")
    department = guest.person.municipality.departments.create(name="Health")
    Post.objects.filter(pk=post.pk).update(kind="announcement", speaking_for=department)
    crisis(True)
    assert RESTS not in guest.read(post)
    assert guest.say(post).status_code == 302
    assert guest.mine(post).answer == "yes"


def test_we_met_rests_and_counts_again_afterwards(visit: GoesTo, crisis: Crisis) -> None:
    author, guest = visit("neighbour"), visit("second-neighbour")
    post = author.plan()
    guest.say(post)
    with later(days=8, hours=5):
        crisis(True)
        assert "We met each other" not in guest.read(post)
        refused = guest.send("event_meeting", day_of(post).pk)
        assert refused.status_code == 422
        assert "Counting who met rests for a while." in page(refused)
        assert not Meeting.objects.exists()
        crisis(False)
        assert guest.send("event_meeting", day_of(post).pk).status_code == 302
        assert Meeting.objects.count() == 1


def test_nobody_is_reminded_of_what_rests(visit: GoesTo, crisis: Crisis) -> None:
    author, guest = visit("neighbour"), visit("second-neighbour")
    tomorrow = (NOW + timedelta(days=1)).date().isoformat()
    for title, how in (("Walk", {}), ("Quiz", {"is_remote": "on"})):
        guest.say(author.plan(title, on=tomorrow, **how))
    with later(hours=3):
        crisis(True)
        assert remind(clock.now()) == 1, "the one by phone"
        crisis(False)
        assert remind(clock.now()) == 1, "ended in time, the other one too"


def test_an_empty_agenda_asks_for_no_coffee(visit: GoesTo, crisis: Crisis) -> None:
    guest = visit("neighbour")
    assert "Plan a coffee" in page(guest.get("agenda"))
    crisis(True)
    assert "coffee" not in page(guest.get("agenda"))


def test_the_square_says_it_first_and_asks_the_database_nothing(visit: GoesTo, crisis: Crisis) -> None:
    guest = visit("second-neighbour")

    def queries() -> int:
        guest.feed()
        with CaptureQueriesContext(connection) as asked:
            guest.feed()
        return len(asked)

    before = queries()
    assert "at a distance" not in guest.feed()
    crisis(True)
    assert "Close to each other, at a distance" in guest.feed()
    assert "Close to each other, at a distance" in visit("newcomer").feed()
    assert "at a distance" not in visit("other-city").feed()
    assert queries() == before
