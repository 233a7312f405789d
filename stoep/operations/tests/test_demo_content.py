"""The demo's content keeps its promises: places fit the facts, texts fit the rules, histories fit the rates."""

import json
import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from math import cos, radians
from pathlib import Path

import pytest
import shapely

from stoep.operations.demo.facts import DemoMunicipality, DemoNeighbourhood, municipalities, municipality
from stoep.operations.demo.history import LOCAL, Event, PostEvent, ReplyEvent, SolveEvent, ThankEvent, history
from stoep.operations.demo.people import people
from stoep.operations.demo.places import addresses, addresses_csv, borders_geojson
from stoep.operations.demo.streets import street_counts
from stoep.operations.demo.texts import announcement_texts, post_texts
from stoep.places.readers.addresses import read_addresses
from stoep.places.readers.borders import read_borders
from stoep.places.voronoi import METRES_A_DEGREE

HASSELT = municipality("hasselt")
EVERYWHERE = [(one, neighbourhood) for one in municipalities() for neighbourhood in one.neighbourhoods]
PILOTS = [one for one in HASSELT.neighbourhoods if one.state == "pilot"]
RESIDENT_KINDS = {
    *("question", "help_wanted", "help_offered", "borrow", "lend", "give", "lost_found", "activity", "service"),
    *("unsafe", "information"),
}
NOON = datetime(2026, 5, 13, 10, 0, tzinfo=UTC)
NIGHT = datetime(2026, 11, 24, 2, 30, tzinfo=UTC)


def all_texts(neighbourhood: DemoNeighbourhood) -> list[str]:
    texts = []
    for post in post_texts(neighbourhood.name):
        texts += [post.title, post.body, *(reply.text for reply in post.replies)]
        texts += [post.thank_you] if post.thank_you else []
    return texts


def past(neighbourhood: DemoNeighbourhood, now: datetime = NOON) -> list[Event]:
    return history(neighbourhood=neighbourhood, people_count=neighbourhood.members, weeks=6, now=now)


def test_hasselt_has_22_neighbourhoods_and_four_pilots() -> None:
    assert len(HASSELT.neighbourhoods) == 22
    assert [one.name for one in PILOTS] == ["Kermt", "Kuringen-Centrum", "Runkst-Centrum", "Stevoort"]
    assert HASSELT.neighbourhood("Kermt").members >= 200
    assert all(one.members >= 30 for one in PILOTS)
    assert all(one.members == 0 for one in HASSELT.neighbourhoods if one.state == "planned")


@pytest.mark.parametrize("where", municipalities(), ids=lambda where: where.slug)
def test_the_files_are_read_by_the_real_readers(where: DemoMunicipality, tmp_path: Path) -> None:
    borders, doors = tmp_path / "borders.geojson", tmp_path / "addresses.csv"
    borders.write_bytes(borders_geojson(where))
    doors.write_bytes(addresses_csv(where))
    read = read_addresses(doors)
    assert not read.refused
    assert len(read.rows) == len(addresses(where))
    assert sum(row.longitude is None for row in read.rows) == (10 if where.slug == "hasselt" else 2)
    found = {(one.code, one.name) for one in read_borders(borders).borders}
    assert found == {(one.code, one.name) for one in where.neighbourhoods}


@pytest.mark.parametrize("where", municipalities(), ids=lambda where: where.slug)
def test_every_address_stands_inside_its_neighbourhood_once(where: DemoMunicipality) -> None:
    areas = {
        feature["properties"]["wijk"]: shapely.from_geojson(json.dumps(feature["geometry"]))
        for feature in json.loads(borders_geojson(where))["features"]
    }
    doors = Counter((one.postcode, one.street.lower(), one.number, one.box) for one in addresses(where))
    assert max(doors.values()) == 1
    for one in addresses(where):
        if one.longitude is not None and one.latitude is not None:
            assert areas[one.neighbourhood].contains(shapely.Point(one.longitude, one.latitude))


@pytest.mark.parametrize("where", municipalities(), ids=lambda where: where.slug)
def test_areas_are_as_large_as_the_facts_say(where: DemoMunicipality) -> None:
    for feature in json.loads(borders_geojson(where))["features"]:
        fact = where.neighbourhood(feature["properties"]["wijk"])
        area = shapely.from_geojson(json.dumps(feature["geometry"]))
        degree = METRES_A_DEGREE / 1000
        found = area.area * degree**2 * cos(radians(fact.latitude))
        assert found == pytest.approx(fact.square_kilometres, rel=0.02)


def test_numbers_of_addresses_follow_the_facts() -> None:
    counts = Counter(one.neighbourhood for one in addresses(HASSELT))
    assert 4000 <= counts.total() <= 5000
    assert counts["Kermt"] == 1685
    assert street_counts(HASSELT)["Kermt"]["Diestersteenweg"] == 266
    for one in HASSELT.neighbourhoods:
        assert counts[one.name] == one.address_count
    assert sum(one.box != "" for one in addresses(HASSELT)) >= 60
    streets = {one.neighbourhood for one in addresses(HASSELT) if one.street == "Diestersteenweg"}
    assert streets == {"Kermt", "Spalbeek"}


def test_everything_is_the_same_every_time() -> None:
    assert addresses_csv(HASSELT) == addresses_csv(HASSELT)
    assert people(200, seed="kermt") == people(200, seed="kermt")
    kermt = HASSELT.neighbourhood("Kermt")
    assert past(kermt) == past(kermt)


def test_people_have_one_name_each_and_unreachable_addresses() -> None:
    made = people(600, seed="kermt", taken=frozenset({"Lea Maes"}))
    assert len({one.name for one in made}) == 600
    assert len({one.email for one in made}) > 590
    assert "Lea Maes" not in {one.name for one in made}
    assert all(re.fullmatch(r"[a-z.-]+@demo\.invalid", one.email) for one in made)


@pytest.mark.parametrize(("where", "neighbourhood"), EVERYWHERE, ids=lambda value: value.name)
def test_texts_keep_the_rules(where: DemoMunicipality, neighbourhood: DemoNeighbourhood) -> None:
    posts = post_texts(neighbourhood.name)
    for post in posts:
        assert post.kind in RESIDENT_KINDS
        assert post.reach in {"neighbourhood", "adjacent", "city"}
        assert post.voice in {"", "old", "middle", "young"}
        assert 5 <= len(post.title) <= 70
        assert 20 <= len(post.body) <= 900
        assert all(reply.by in {"other", "again", "author"} for reply in post.replies)
        assert all(earlier.after <= later.after for earlier, later in pairwise(post.replies)), post.title
        if post.solved_by is not None:
            assert post.kind == "help_wanted"
            assert post.replies[post.solved_by - 1].by != "author"
            assert post.thank_you
    for text in all_texts(neighbourhood):
        assert_readable(text)
    assert len({post.title for post in posts}) == len(posts)
    assert max(Counter(all_texts(neighbourhood)).values(), default=1) == 1
    assert where.neighbourhood(neighbourhood.name) is neighbourhood


@pytest.mark.parametrize(("where", "neighbourhood"), EVERYWHERE, ids=lambda value: value.name)
def test_texts_name_only_streets_that_exist(where: DemoMunicipality, neighbourhood: DemoNeighbourhood) -> None:
    known = {street for streets in street_counts(where).values() for street in streets}
    for text in all_texts(neighbourhood):
        for named in re.findall(r"\b[A-Z][\w-]*(?:straat|steenweg|laan|dreef)\b", text):
            assert any(street.endswith(named) for street in known), named


def test_the_pilots_have_enough_to_tell() -> None:
    assert len(post_texts("Kermt")) >= 70
    assert {post.kind for post in post_texts("Kermt")} == RESIDENT_KINDS
    for one in PILOTS:
        assert len(post_texts(one.name)) >= 20


def test_announcements_go_to_places_that_exist() -> None:
    texts = announcement_texts()
    assert len(texts) >= 8
    assert {text.department for text in texts} == {
        *("Communicatie", "Openbare werken", "Groendienst", "Cultuur en evenementen"),
    }
    plan = street_counts(HASSELT)
    for text in texts:
        assert len(text.title) <= 70
        assert_readable(text.title)
        assert_readable(text.body)
        known = {"city": set(), "neighbourhoods": set(plan), "streets": set(plan.get(text.neighbourhood, ()))}
        assert set(text.names) <= known[text.audience]
        assert bool(text.names) == (text.audience != "city")
    assert len({text.title for text in texts}) == len(texts)


@pytest.mark.parametrize("now", [NOON, NIGHT], ids=["noon", "night"])
@pytest.mark.parametrize("neighbourhood", PILOTS, ids=lambda one: one.name)
def test_history_runs_at_the_published_rates(neighbourhood: DemoNeighbourhood, now: datetime) -> None:
    events = past(neighbourhood, now)
    posts = [event for event in events if isinstance(event, PostEvent)]
    replies = [event for event in events if isinstance(event, ReplyEvent)]
    weeks_of_100 = neighbourhood.members / 100 * 6
    assert 2.4 <= len(posts) / weeks_of_100 <= 3.2
    assert 18 <= len(replies) / weeks_of_100 <= 28
    # The newest posts are still waiting for most of their answers.
    settled = {post.post for post in posts if post.at < now - timedelta(days=3)}
    assert 7 <= sum(reply.post in settled for reply in replies) / len(settled) <= 9


@pytest.mark.parametrize("hour", range(24))
def test_history_makes_sense_at_every_hour(hour: int) -> None:
    now = NOON.replace(hour=hour)
    kermt = HASSELT.neighbourhood("Kermt")
    events = past(kermt, now)
    assert all(earlier.at <= later.at for earlier, later in pairwise(events))
    assert now - timedelta(weeks=6, days=1) < events[0].at
    assert events[-1].at < now
    posts = {event.post: event for event in events if isinstance(event, PostEvent)}
    assert len({event.text.title for event in posts.values()}) == len(posts)
    assert max(event.at for event in posts.values()) > now - timedelta(hours=12)
    for event in events:
        assert 0 <= event.author < kermt.members
        assert 7 <= event.at.astimezone(LOCAL).hour < 22
        assert event.at >= posts[event.post].at
        if isinstance(event, ThankEvent):
            assert event.author != posts[event.post].author
        if isinstance(event, SolveEvent):
            assert event.author == posts[event.post].author != event.helper


def test_a_story_is_told_by_somebody_of_its_age_and_nobody_tells_two() -> None:
    kermt = HASSELT.neighbourhood("Kermt")
    voices = [one.voice for one in people(kermt.members, seed="kermt")]
    events = history(neighbourhood=kermt, people_count=kermt.members, weeks=6, now=NOON, voices=voices)
    posts = [event for event in events if isinstance(event, PostEvent)]
    assert len({post.author for post in posts}) == len(posts)
    assert any(post.text.voice for post in posts)
    for post in posts:
        assert post.text.voice in {"", voices[post.author]}


def test_a_neighbourhood_without_members_is_silent_and_a_small_one_nearly() -> None:
    assert past(HASSELT.neighbourhood("Wimmertingen")) == []
    for one in HASSELT.neighbourhoods:
        if one.members < 10:
            assert sum(isinstance(event, PostEvent) for event in past(one)) <= 2


def assert_readable(text: str) -> None:
    """No addresses of any sort, nothing broken, no sentence nobody could say in one breath."""
    assert text == text.strip()
    assert "  " not in text
    assert text[0].isupper() or text[0] in "'0123456789", text
    assert text[-1] in ".?!…)" or len(text) <= 70, text
    assert "@" not in text
    assert "http" not in text
    assert not re.search(r"(?:\d[ ./-]?){8,}", text), "a phone number"
    assert not re.search(r"(?:straat|steenweg|laan|dreef|Baan|[kK]iezel) \d", text), "a house number"
    for sentence in re.split(r"[.?!:;]\s+|\n", text):
        assert len(sentence.split()) <= 32, sentence
