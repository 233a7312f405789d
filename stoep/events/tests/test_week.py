"""The week for the hallway: what the city plans and what is one's own; no names, no numbers, one sheet."""

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest

from stoep.events.models import Event, Occurrence
from stoep.events.tests.planners import NOW, Planner, city_event, day_of, later, local
from stoep.events.tests.test_resting import Crisis
from stoep.events.week import ROOM, SMALL, sheet_of
from stoep.feed.models import Post
from stoep.feed.tests.visits import page
from stoep.operations.cast import Cast
from stoep.people.models import Department

GoesTo = Callable[[str], Planner]


def test_on_it_stand_the_city_and_ones_own_and_no_neighbour(visit: GoesTo, cast: Cast) -> None:
    author, reader = visit("neighbour"), visit("second-neighbour")
    author.plan("Of a neighbour", on="2026-11-21")
    own = reader.plan("My soup", on="2026-11-22", place="Behind the church")
    city_event(cast, "Market", on="2026-11-24 09:00")
    city_event(cast, "Only Tuilt", on="2026-11-24 09:00", places=["Tuilt"])
    for guest in (author, visit("ambassador")):
        assert guest.say(own, together="3", brings="Cake").status_code == 302
    html = _sheet(reader)
    assert _titles(html) == ["My soup", "Market"]
    for words in ("The week in Kermt", "Friday, November 20, 2026", "Thursday, November 26, 2026"):
        assert words in html
    for words in ("Sunday, November 22, 2026", "14:00", "Behind the church", "Square", "Communicatie"):
        assert words in html
    for words in ("Ahmed", "Marie", "Amrani", " 6 ", "come", "Cake"):
        assert words not in re.sub(r"<[^>]*>", "", html), words
    assert "what you plan yourself" in page(reader.get("agenda_week"))
    assert "Print the week" in page(reader.get("agenda"))
    assert _titles(_sheet(visit("newcomer"))) == ["Market"]
    assert _titles(_sheet(author)) == ["Of a neighbour", "Market"]


def test_seven_days_from_today_of_what_is_not_over(visit: GoesTo) -> None:
    reader = visit("second-neighbour")
    for title, on, at in (
        ("Tonight", "2026-11-20", "20:00"),
        ("Last day", "2026-11-26", "23:30"),
        ("Too late", "2026-11-27", "00:30"),
    ):
        reader.plan(title, on=on, at=at)
    assert _titles(_sheet(reader)) == ["Tonight", "Last day"]
    with later(hours=15):
        assert _titles(_sheet(reader)) == ["Last day", "Too late"]


def test_what_was_called_off_says_so_and_what_is_gone_is_off(visit: GoesTo) -> None:
    reader = visit("second-neighbour")
    post, gone = reader.plan("My soup", on="2026-11-22"), reader.plan("Deleted", on="2026-11-22")
    reader.send("event_cancellation", day_of(post).pk, reason="I am ill")
    reader.send("remove_post", gone.pk)
    html = _sheet(reader)
    assert _titles(html) == ["My soup"]
    assert "Called off" in html
    assert "ill" not in re.sub(r"<[^>]*>", "", html), "why is for who comes"


def test_an_empty_week_offers_nothing_to_print(visit: GoesTo) -> None:
    visit("neighbour").plan("Of a neighbour", on="2026-11-21")
    html = page(visit("second-neighbour").get("agenda_week"))
    assert "The city and you plan nothing this week." in html
    assert "data-print" not in html


def test_while_meeting_rests_no_wall_invites_to_it(visit: GoesTo, cast: Cast, crisis: Crisis) -> None:
    reader = visit("second-neighbour")
    reader.plan("My soup", on="2026-11-22")
    reader.plan("Quiz", on="2026-11-22", is_remote="on")
    city_event(cast, "Vaccination", on="2026-11-24 09:00")
    crisis(True)
    html = _sheet(reader)
    assert _titles(html) == ["Quiz", "Vaccination"]
    assert "By phone or online" in html


@pytest.mark.parametrize(("who", "status"), [("editor", 404), ("moderator", 404), ("suspended", 302)])
def test_it_is_for_neighbours(who: str, status: int, visit: GoesTo) -> None:
    assert visit(who).get("agenda_week").status_code == status


def test_letters_are_as_large_as_they_can_be_and_what_does_not_fit_is_counted() -> None:
    few, more, many = (sheet_of(_events(number), NOW.date()) for number in (4, 12, 60))
    assert (few.letters, few.left_out) == ("large", 0)
    assert (more.letters, more.left_out) == ("small", 0)
    shown = [event for day in many.days for event in day.events]
    assert many.letters == "small"
    assert len(shown) + many.left_out == 60
    assert sum(map(SMALL.height_of, shown)) + len(many.days) * SMALL.day <= ROOM
    assert [event.starts_at for event in shown] == [event.starts_at for event in _events(60)][: len(shown)]
    assert [day.on for day in few.days] == [date(2026, 11, 20)]


def test_more_on_it_takes_no_more_questions(visit: GoesTo, cast: Cast, django_assert_max_num_queries: Callable) -> None:  # type: ignore[type-arg]  # pytest-django's
    reader = visit("second-neighbour")
    for _more in range(5):
        reader.plan("My soup", on="2026-11-22")
        city_event(cast, "Market", on="2026-11-24 09:00")
    reader.get("agenda_week")
    with django_assert_max_num_queries(9):
        reader.get("agenda_week")


def _events(number: int) -> list[Occurrence]:
    post = Post(title="Soup for everybody in the hall", speaking_for=Department(name="Communicatie"))
    made = Event(post=post, place="The hall beside the church", starts_at=NOW)
    return [Occurrence(event=made, starts_at=local("2026-11-20 10:00") + timedelta(hours=2 * n)) for n in range(number)]


def _sheet(reader: Planner) -> str:
    response = reader.get("agenda_week")
    assert response.status_code == 200
    return page(response).partition('<article class="card week')[2].partition("</article>")[0]


def _titles(sheet: str) -> list[str]:
    return re.findall(r'<p class="week__what"><strong>([^<]+)</strong>', sheet)
