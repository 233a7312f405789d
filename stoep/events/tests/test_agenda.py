"""Six weeks, day by day, of what exists for the reader: in a fixed number of questions, and page by page."""

import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stoep.events.models import Event, Occurrence
from stoep.events.queries import PAGE
from stoep.events.tests.planners import NOW, Planner, city_event, day_of, later, local
from stoep.feed.models import Post
from stoep.feed.tests.visits import page
from stoep.operations.cast import Cast
from stoep.people.models import Block, Mute

GoesTo = Callable[[str], Planner]


def test_by_day_for_six_weeks_today_or_this_weekend(visit: GoesTo) -> None:
    author, reader = visit("neighbour"), visit("second-neighbour")
    for title, on in (
        ("Tonight", "2026-11-20"),
        ("Sunday walk", "2026-11-22"),
        ("Next Saturday", "2026-11-28"),
        ("New Year", "2027-01-02"),
    ):
        author.plan(title, on=on, at="20:00")
    assert titles(reader) == ["Tonight", "Sunday walk", "Next Saturday"]
    assert titles(reader, when="today") == ["Tonight"]
    assert titles(reader, when="weekend") == ["Sunday walk"]
    assert titles(reader, when="nonsense") == ["Tonight", "Sunday walk", "Next Saturday"]
    with later(days=2, hours=4):
        assert titles(reader, when="weekend") == ["Sunday walk"], "Sunday is this weekend"
        assert titles(reader, when="today") == ["Sunday walk"]
    with later(hours=14):
        assert titles(reader)[0] == "Sunday walk", "what is over is off"
    assert "Sunday, November 22" in page(reader.get("agenda")).replace("Sunday 22 November", "Sunday, November 22")


def test_only_what_exists_for_the_reader(visit: GoesTo, cast: Cast) -> None:
    author = visit("neighbour")
    author.plan("Ours")
    author.plan("Also next door", adjacent=[cast.neighbourhoods["Tuilt"]])
    author.send("remove_post", author.plan("Deleted").pk)
    assert titles(visit("newcomer")) == ["Ours", "Also next door"]
    assert titles(visit("next-neighbourhood")) == ["Also next door"]
    assert "Nothing planned yet" in page(visit("other-city").get("agenda"))
    assert visit("editor").get("agenda").status_code == 404
    Mute.objects.create(person=cast["second-neighbour"], muted=author.person, created_at=NOW)
    Block.objects.create(person=cast["ambassador"], blocked=author.person, created_at=NOW)
    assert titles(visit("second-neighbour")) == titles(visit("ambassador")) == []


def test_the_city_stands_on_the_same_agenda_whomever_one_muted(visit: GoesTo, cast: Cast) -> None:
    city_event(cast)
    reader = visit("second-neighbour")
    assert titles(reader) == ["Market"]
    assert "Communicatie" in page(reader.get("agenda"))
    post = Post.objects.get()
    assert reader.say(post).status_code == 302
    assert "1 comes" in reader.read(post)
    assert visit("editor").get("post", post.pk).status_code == 200
    assert "1 comes" not in visit("editor").read(post)


@pytest.mark.parametrize("name", ["agenda", "post", "event"])
def test_more_events_and_more_who_come_take_no_more_questions(name: str, visit: GoesTo, cast: Cast) -> None:
    author, reader = visit("neighbour"), visit("ambassador")
    Block.objects.create(person=reader.person, blocked=cast["next-neighbourhood"], created_at=NOW)
    post = author.plan("First", repeats="weekly")
    args = {"agenda": (), "post": (post.pk,), "event": (day_of(post).pk,)}[name]
    counts = set()
    for number in (3, 30):
        for _more in range(number if number == 3 else 9):
            author.plan("More", seats="9")
        for guest in ("neighbour",) if number == 3 else ("second-neighbour", "ambassador"):
            visit(guest).say(post)
        reader.get(name, *args)
        with CaptureQueriesContext(connection) as asked:
            assert reader.get(name, *args).status_code == 200
        counts.add(len(asked))
    assert len(counts) == 1, counts
    assert max(counts) <= 25


def test_a_long_agenda_comes_in_pages_without_a_gap(visit: GoesTo) -> None:
    post = visit("neighbour").plan("Rehearsal")
    days = [
        Occurrence(event=Event.objects.get(post=post), starts_at=local(f"2026-11-29 {n // 6:02}:{n % 6}0"))
        for n in range(PAGE + 20)
    ]
    Occurrence.objects.bulk_create(days)
    reader = visit("second-neighbour")
    html = page(reader.get("agenda"))
    found = re.search(r"after=([0-9a-f-]+)", html)
    assert found
    assert html.count("Rehearsal") == PAGE
    assert page(reader.get("agenda", after=found[1])).count("Rehearsal") == 21


def test_where_neighbours_plan_nothing_the_citys_dates_stand_below_a_step(visit: GoesTo, cast: Cast) -> None:
    """Also those after the six weeks; a date of a neighbour, and it is an agenda like any other."""
    reader = visit("second-neighbour")
    html = page(reader.get("agenda"))
    assert "Nothing planned yet in Kermt" in html
    assert "In the city" not in html
    city_event(cast, "Spring market", on="2027-04-03 09:00")
    city_event(cast, "Past", on="2026-11-19 09:00")
    city_event(cast, "Only Tuilt", places=["Tuilt"])
    assert titles(reader) == ["Spring market"]
    city_event(cast, "Market")
    html = page(reader.get("agenda"))
    assert titles(reader) == ["Market"]
    for words in (
        "Nothing planned yet in Kermt",
        "Below stands what there is in the city.",
        "Plan a coffee",
        "In the city",
    ):
        assert words in html
    visit("next-neighbourhood").plan("Not here")
    assert "In the city" in page(reader.get("agenda"))
    visit("neighbour").plan("Street party")
    html = page(reader.get("agenda"))
    assert titles(reader) == ["Market", "Street party"]
    assert "Nothing planned" not in html
    assert "In the city" not in html


def titles(reader: Planner, **query: str) -> list[str]:
    html = page(reader.get("agenda", **query))
    return re.findall(r'<h3 class="card__title"><a [^>]*>([^<]+)</a>', html)
