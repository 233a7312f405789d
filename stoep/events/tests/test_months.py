"""Small months beside the agenda: a day that holds something is a link, and the list then shows that day alone."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stoep.events.models import Event, Occurrence
from stoep.events.months import months, weekdays
from stoep.events.queries import PAGE
from stoep.events.tests.planners import NOW, Planner, city_event, later, local
from stoep.events.tests.test_agenda import titles
from stoep.events.tests.test_resting import RESTS, Crisis
from stoep.feed.tests.visits import page
from stoep.operations.cast import Cast
from stoep.people.models import Block, Mute

GoesTo = Callable[[str], Planner]


def test_days_that_hold_something_are_links_to_that_day(visit: GoesTo) -> None:
    author, reader = visit("neighbour"), visit("second-neighbour")
    for title, on in (("Tonight", "2026-11-20"), ("Market", "2026-11-28"), ("Choir", "2026-11-28")):
        author.plan(title, on=on, at="20:00")
    author.plan("Too far", on="2027-01-01")
    assert _offered(reader) == ["2026-11-20", "2026-11-28"]
    assert titles(reader, on="2026-11-28") == ["Market", "Choir"]
    html = page(reader.get("agenda", on="2026-11-28"))
    assert "Only Saturday, November 28, 2026." in html
    assert "Show all days" in html
    assert re.findall(r'on=([\d-]+)" aria-current="date"', html) == ["2026-11-28"]
    assert 'aria-current="page"' not in html.partition('class="chips"')[2].partition("</ul>")[0]
    assert _offered(reader, on="2026-11-28") == _offered(reader, when="today") == _offered(reader)
    assert titles(reader, on="2026-11-20") == ["Tonight"]
    assert "aria-current" not in page(reader.get("agenda")).partition("months__table")[2].partition("</table>")[0]


def test_a_day_without_anything_says_so(visit: GoesTo) -> None:
    visit("neighbour").plan("Market")
    html = page(visit("second-neighbour").get("agenda", on="2026-11-27"))
    assert "Only Friday, November 27, 2026." in html
    assert "Nothing planned here" in html
    assert "Show all days" in html
    assert "Market" not in html


@pytest.mark.parametrize("on", ["", "soon", "2026-02-30", "2026-11-19", "2027-01-01", "2026-11-28T10:00", "²026-11-28"])
def test_a_day_that_cannot_be_is_ignored(on: str, visit: GoesTo) -> None:
    author, reader = visit("neighbour"), visit("second-neighbour")
    author.plan("Tonight", on="2026-11-20", at="20:00")
    author.plan("Market")
    response = reader.get("agenda", on=on)
    assert response.status_code == 200
    assert "Show all days" not in page(response)
    assert titles(reader, on=on, when="today") == ["Tonight"]


def test_what_began_the_evening_before_is_of_that_evening(visit: GoesTo) -> None:
    author, reader = visit("neighbour"), visit("second-neighbour")
    author.plan("Night", on="2026-11-27", at="23:00", ends="03:00")
    author.plan("Market")
    assert titles(reader, on="2026-11-28") == ["Market"]
    assert titles(reader, on="2026-11-27") == ["Night"]
    with later(days=7, hours=15):  # Saturday, one o'clock at night
        assert titles(reader) == ["Night", "Market"]
        assert _offered(reader) == ["2026-11-28"]


def test_only_what_exists_for_the_reader_marks_a_day(visit: GoesTo, cast: Cast) -> None:
    author = visit("neighbour")
    author.plan("Ours")
    author.plan("Also next door", on="2026-11-30", adjacent=[cast.neighbourhoods["Tuilt"]])
    author.send("remove_post", author.plan("Deleted", on="2026-12-01").pk)
    assert _offered(visit("newcomer")) == ["2026-11-28", "2026-11-30"]
    assert _offered(visit("next-neighbourhood")) == ["2026-11-30"]
    assert titles(visit("next-neighbourhood"), on="2026-11-28") == []
    assert "months__table" not in page(visit("other-city").get("agenda"))
    city_event(cast, on="2026-12-02 09:00")
    Mute.objects.create(person=cast["second-neighbour"], muted=author.person, created_at=NOW)
    Block.objects.create(person=cast["ambassador"], blocked=author.person, created_at=NOW)
    assert _offered(visit("second-neighbour")) == _offered(visit("ambassador")) == ["2026-12-02"]


def test_while_meeting_rests_the_days_stay(visit: GoesTo, crisis: Crisis) -> None:
    visit("neighbour").plan("Market")
    crisis(True)
    reader = visit("second-neighbour")
    assert _offered(reader) == ["2026-11-28"]
    assert RESTS in page(reader.get("agenda", on="2026-11-28"))
    assert titles(reader, on="2026-11-28") == ["Market"]


def test_a_full_day_comes_in_pages_of_that_day(visit: GoesTo) -> None:
    author, reader = visit("neighbour"), visit("second-neighbour")
    post = author.plan("Rehearsal", on="2026-11-29", at="07:00")
    author.plan("The day after", on="2026-11-30")
    event = Event.objects.get(post=post)
    days = [Occurrence(event=event, starts_at=local(f"2026-11-29 1{n // 60}:{n % 60:02}")) for n in range(PAGE + 10)]
    Occurrence.objects.bulk_create(days)
    html = page(reader.get("agenda", on="2026-11-29"))
    found = re.search(r'href="[^"]*(\?on=2026-11-29&(?:amp;)?after=([0-9a-f-]+))"', html)
    assert found
    assert titles(reader, on="2026-11-29", after=found[2]) == ["Rehearsal"] * 11
    assert _offered(reader) == ["2026-11-29", "2026-11-30"], "however long the first of them is"


def test_a_chosen_day_takes_no_more_questions(visit: GoesTo) -> None:
    author, reader = visit("neighbour"), visit("second-neighbour")
    author.plan("Market", repeats="weekly")
    counts = set()
    for more in (0, 9):
        for number in range(more):
            author.plan("More", on=f"2026-12-0{number + 1}")
        reader.get("agenda")
        for query in ({}, {"on": "2026-11-28"}, {"on": "2026-12-05"}):
            with CaptureQueriesContext(connection) as asked:
                reader.get("agenda", **query)
            counts.add(len(asked))
    assert len(counts) == 1, counts


def test_weeks_begin_on_monday_and_each_day_stands_once() -> None:
    assert [on.weekday() for on in weekdays()] == [0, 1, 2, 3, 4, 5, 6]
    first, last = date(2026, 12, 20), date(2027, 1, 31)
    made = months(first, last, holding={date(2027, 1, 1)}, chosen=date(2027, 1, 1))
    assert [month.first for month in made] == [first, date(2027, 1, 1)]
    cells = [cell for month in made for week in month.weeks for cell in week if cell]
    assert [cell.on.toordinal() for cell in cells] == list(range(first.toordinal(), last.toordinal() + 1))
    assert [cell.on for cell in cells if cell.holds and cell.is_chosen] == [date(2027, 1, 1)]
    for month in made:
        for week in month.weeks:
            assert [place for place, cell in enumerate(week) if cell] == [cell.on.weekday() for cell in week if cell]


def _offered(reader: Planner, **query: str) -> list[str]:
    html = page(reader.get("agenda", **query))
    return re.findall(r'<a class="months__day" href="[^"]*\?on=([\d-]+)"', html)
