"""The map of streets: figures of a closed week, the same for everybody, no point for anybody."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stoep.common import clock
from stoep.feed.tests.visits import Visit, page
from stoep.neighbours.blocking import block
from stoep.neighbours.tests.crowds import settle
from stoep.operations.cast import Cast
from stoep.people.models import Membership

ROW = re.compile(r'<th scope="row"><a href="[^"]+">(.+?)</a></th><td class="number">(.+?)</td>')


@pytest.fixture
def next_week(cast: Cast) -> None:
    """Nine more in the Diestersteenweg, three in the Koorstraat; the week in which they came is over."""
    kermt = cast.neighbourhoods["Kermt"]
    settle(kermt, [f"Long Street{n}" for n in range(9)], street=cast.streets["Diestersteenweg"])
    settle(kermt, [f"Choir Street{n}" for n in range(3)], street=cast.streets["Koorstraat"])
    Membership.objects.update(started_at=clock.now() - timedelta(days=8))


def _figures(visit: Visit) -> dict[str, str]:
    return dict(ROW.findall(page(visit.get("people_map"))))


@pytest.mark.usefixtures("next_week")
def test_streets_with_enough_neighbours_have_a_shade_and_the_same_stands_in_a_list(cast: Cast) -> None:
    html = page(Visit(cast["neighbour"]).get("people_map"))
    found = dict(ROW.findall(html))
    assert set(found) == {"Diestersteenweg", "Koorstraat"}  # the Heerstraat is too short to hide in
    assert found["Diestersteenweg"] in {"10", "15"}
    assert found["Koorstraat"] == "fewer than 5"
    assert 'role="img" aria-labelledby="map-title map-words"' in html
    assert len(re.findall(r'<path class="shade shade--[1-5]"', html)) == 1
    assert html.count('fill="url(#hatch)"') == 1
    assert 'aria-current="page"' in html
    assert "Heerstraat" not in html


@pytest.mark.usefixtures("next_week")
def test_the_figures_are_the_same_whoever_looks_and_whoever_keeps_apart(cast: Cast) -> None:
    before = _figures(Visit(cast["neighbour"]))
    block(person=cast["neighbour"], other=cast["ambassador"], now=clock.now())
    assert _figures(Visit(cast["neighbour"])) == before == _figures(Visit(cast["second-neighbour"]))


@pytest.mark.usefixtures("next_week")
def test_who_joins_changes_nothing_before_the_week_is_over(cast: Cast) -> None:
    before = page(Visit(cast["neighbour"]).get("people_map"))
    settle(cast.neighbourhoods["Kermt"], ["One More", "Two More"], street=cast.streets["Koorstraat"])
    assert ROW.findall(page(Visit(cast["neighbour"]).get("people_map"))) == ROW.findall(before)
    with clock.frozen(clock.now() + timedelta(days=8)):
        assert _figures(Visit(cast["neighbour"]))["Koorstraat"] in {"5", "10"}


@pytest.mark.usefixtures("next_week")
def test_who_hides_their_street_is_not_counted_there(cast: Cast) -> None:
    Membership.objects.filter(shown_street=cast.streets["Diestersteenweg"]).update(shown_street=None)
    html = page(Visit(cast["neighbour"]).get("people_map"))
    assert dict(ROW.findall(html))["Diestersteenweg"] == "fewer than 5"
    assert "No street has enough neighbours yet." in html


@pytest.mark.usefixtures("next_week")
def test_it_takes_the_same_few_queries(cast: Cast) -> None:
    visit, counts = Visit(cast["neighbour"]), []
    for names in ((), ["One More", "Two More"]):
        settle(cast.neighbourhoods["Kermt"], names, street=cast.streets["Koorstraat"])
        visit.get("people_map")
        with CaptureQueriesContext(connection) as asked:
            visit.get("people_map")
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 8
