"""The list of neighbours: by name, for full neighbours of the same place, and not for copying everybody."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stoep.access.gate import may
from stoep.access.models import Hits
from stoep.access.seen import A_DAY
from stoep.common import clock
from stoep.feed.tests.visits import Visit, page
from stoep.neighbours.blocking import block
from stoep.neighbours.directory import PAGE
from stoep.neighbours.helping import choose_skills
from stoep.neighbours.tests.crowds import settle
from stoep.operations.cast import Cast
from stoep.people.models import Person

NAME = re.compile(r'<strong><a href="/people/[0-9a-f-]{36}/">(.+?)</a>')


@pytest.fixture
def marie(cast: Cast) -> Visit:
    return Visit(cast["neighbour"])


def _names(visit: Visit, **query: str) -> list[str]:
    return NAME.findall(page(visit.get("people", **query)))


def test_neighbours_stand_there_by_name_with_street_and_what_they_can_help_with(cast: Cast, marie: Visit) -> None:
    ahmed = cast["second-neighbour"]
    choose_skills(person=ahmed, skills=["coffee", "dog", "taxes", "lamp", "cooking"], now=clock.now())
    html = page(marie.get("people"))
    assert NAME.findall(html) == ["Ahmed El Amrani", "Jos Vandersmissen", "Marie Peeters"]
    assert "Koorstraat" in html
    assert "Hanging up a lamp or a shelf · The tax form · Walking a dog and 2 more" in html
    assert f'href="/people/{ahmed.pk}/"' in html
    assert "</a> (you)" in html
    assert re.findall(r">([A-Z])</a>", html) == ["A", "J", "M"]


def test_whoever_is_paused_elsewhere_provisional_or_gone_is_not_there(cast: Cast, marie: Visit) -> None:
    Person.objects.filter(pk=cast["ambassador"].pk).update(left_at=clock.now())
    html = page(marie.get("people"))
    for key in ("ambassador", "suspended", "newcomer", "next-neighbourhood", "other-city", "editor"):
        assert cast[key].name not in html
    listed = Person.objects.filter(name__in=_names(marie))
    assert all(may(cast["neighbour"], "neighbours:person:read", person) for person in listed)


def test_a_block_hides_both_from_each_other_and_no_letter_tells_of_it(cast: Cast, marie: Visit) -> None:
    block(person=cast["second-neighbour"], other=cast["neighbour"], now=clock.now())
    for visit, other in ((marie, "Ahmed"), (Visit(cast["second-neighbour"]), "Marie")):
        html = page(visit.get("people"))
        assert other not in html
        assert f">{other[0]}</a>" not in html
    assert "Ahmed El Amrani" in page(Visit(cast["ambassador"]).get("people"))


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("peet", ["Marie Peeters"]),
        ("ELAN", ["Élan Vroé"]),
        ("châtel ren", ["Renée Deschâtelain"]),
        ("koorstr", ["Ahmed El Amrani"]),
        ("heerstraat", []),
        ("%", []),
        ("_", []),
    ],
)
def test_a_part_of_a_name_or_street_finds_without_accents(
    question: str, found: list[str], cast: Cast, marie: Visit
) -> None:
    settle(cast.neighbourhoods["Kermt"], ["Renée Deschâtelain", "Élan Vroé"])
    assert sorted(_names(marie, q=question)) == found


def test_who_does_not_show_their_street_is_not_found_by_it(cast: Cast, marie: Visit) -> None:
    Visit(cast["second-neighbour"]).send("my_street", shown="neighbourhood")
    assert _names(marie, q="Koorstraat") == []
    assert "Koorstraat" not in page(marie.get("people"))


def test_a_skill_finds_who_ticked_it(cast: Cast, marie: Visit) -> None:
    for key in ("second-neighbour", "newcomer", "next-neighbourhood"):
        choose_skills(person=cast[key], skills=["dog"], now=clock.now())
    assert _names(marie, skill="dog") == ["Ahmed El Amrani"]
    assert "Can help with: Walking a dog" in page(marie.get("people", skill="dog"))
    assert "Nobody ticked this yet" in page(marie.get("people", skill="music"))


def test_a_newcomer_is_told_kindly_what_opens_the_list(cast: Cast) -> None:
    lucia = Visit(cast["newcomer"])
    for name in ("people", "people_map"):
        answer = lucia.get(name)
        assert answer.status_code == 403
        assert "as soon as two of them know you" in page(answer)
        assert "Ahmed" not in page(answer)


def test_pages_follow_each_other_and_nobody_is_missed_or_seen_twice(cast: Cast, marie: Visit) -> None:
    names = [*(f"S{'áa'[n % 2]}me Name{n % 3}" for n in range(30)), *(f"Zoë Last{n}" for n in range(9))]
    settle(cast.neighbourhoods["Kermt"], names)
    seen: list[str] = []
    where = "/people/?letter=m"
    while where:
        html = page(marie.client.get(where))
        seen += re.findall(r'<a href="/people/([0-9a-f-]{36})/">', html)
        assert len(seen) <= 60
        more = re.search(r'href="(/people/\?[^"]*after=[^"]+)"', html)
        where = more[1].replace("&amp;", "&") if more else ""
    assert len(seen) == len(set(seen)) == 1 + 30 + 9


@pytest.mark.parametrize(
    "query",
    [
        {"after": "nobody"},
        {"after": str(uuid4())},
        {"skill": "flying"},
        {"letter": "%"},
        {"letter": "mm"},
        {"q": "a\x00"},
        {"q": "  "},
    ],
)
def test_what_no_link_of_ours_asks_is_as_if_it_were_not_asked(query: dict[str, str], marie: Visit) -> None:
    assert len(_names(marie, **query)) >= 2


def test_the_number_of_queries_does_not_grow(cast: Cast, marie: Visit) -> None:
    kermt, counts = cast.neighbourhoods["Kermt"], []
    marie.get("people")
    with clock.frozen(clock.now()):
        for names in ((), [f"Neighbour Number{n}" for n in range(PAGE)]):
            for person in settle(kermt, names):
                choose_skills(person=person, skills=["dog", "coffee"], now=clock.now())
            Hits.objects.all().delete()
            with CaptureQueriesContext(connection) as asked:
                marie.get("people")
            counts.append(len(asked))
    assert counts[0] == counts[1] <= 14


def test_list_search_and_profiles_together_show_a_script_two_hundred_people_a_day(
    cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    """T4 of docs/trust.md 1.2: twenty-four simulated hours, as fast as it likes, through all three doors."""
    scraper = Visit(cast["second-neighbour"])
    crowd = settle(cast.neighbourhoods["Kermt"], [f"Number{n:03} Neighbour" for n in range(400)])
    midnight = clock.now().replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    seen: set[str] = set()
    refused: list[str] = []
    where, other_doors = "/people/", iter(crowd[::-1])
    for hour in range(24):
        with clock.frozen(midnight + timedelta(hours=hour)):
            for _turn in range(4):
                answer = scraper.client.get(where)
                assert answer.status_code in {200, 429}
                html = page(answer)
                refused += [html] if answer.status_code == 429 else []
                seen.update(NAME.findall(html))
                more = re.search(r'href="(/people/\?after=[^"]+)"', html)
                where = more[1] if more else where
                person = next(other_doors)
                for answer in (scraper.get("person", person.pk), scraper.get("search", q=person.name)):
                    if answer.status_code == 200 and f'/people/{person.pk}/"' in page(answer):
                        seen.add(person.name)
    assert A_DAY.most == 200
    assert 180 <= len(seen - {"Ahmed El Amrani"}) <= A_DAY.most
    assert len(refused) > 10
    assert all("That was a lot of neighbours" in html for html in refused)
    assert "people-day" in caplog.text
