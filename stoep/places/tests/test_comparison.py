"""What an import would do is said before anything is written."""

from dataclasses import replace

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import MultiPolygon

from stoep.places.comparison import (
    AddressComparison,
    KnownAddress,
    compare_addresses,
    compare_borders,
    key_of,
)
from stoep.places.geometry import Area, Placer
from stoep.places.models import Address
from stoep.places.readers.addresses import AddressesFile, AddressRow
from stoep.places.readers.borders import Border
from stoep.places.readers.refusals import Refusal
from stoep.places.tests.village import EAST, WEST

PLACER = Placer([Area("w", "West", WEST), Area("o", "Oost", EAST)])
IN_WEST = (5.305, 50.905)
IN_EAST = (5.315, 50.905)
JUST_OUTSIDE = (5.3201, 50.905)
IN_FRANCE = (2.30668, 49.29333)
HALF_A_METRE = 0.5 / 111_195


def row(
    number: str = "1",
    point: tuple[float, float] | None = IN_WEST,
    *,
    line: int = 2,
    street: str = "Kerkstraat",
    box: str = "",
    households: int | None = None,
    is_retired: bool = False,
    point_problem: str = "",
) -> AddressRow:
    longitude, latitude = point or (None, None)
    return AddressRow("3500", street, number, box, longitude, latitude, households, "", is_retired, line, point_problem)


def known(
    number: str = "1",
    point: tuple[float, float] | None = IN_WEST,
    neighbourhood: str | None = "w",
    *,
    placed_by: str = "point",
    households: int | None = None,
    is_retired: bool = False,
) -> KnownAddress:
    longitude, latitude = point or (None, None)
    return KnownAddress(
        f"id-{number}", "3500", "Kerkstraat", number, "", longitude, latitude, placed_by, neighbourhood,
        households, is_retired,
    )  # fmt: skip


def compare(addresses: list[KnownAddress], *rows: AddressRow) -> AddressComparison:
    return compare_addresses(addresses, AddressesFile(list(rows)), PLACER)


def _numbers(found: AddressComparison) -> tuple[int, int, int, int, int, int]:
    return len(found.added), len(found.changed), len(found.gone), found.unchanged, found.placed, found.waiting


def after(addresses: list[KnownAddress], found: AddressComparison) -> list[KnownAddress]:
    kept = {address.id: address for address in addresses}
    for one in [*found.added, *found.changed]:
        key = one.known.id if one.known else f"new-{key_of(one.row)}"
        kept[key] = KnownAddress(
            key, one.row.postcode, one.row.street, one.row.number, one.row.box, one.longitude, one.latitude,
            one.placed_by, one.neighbourhood, one.households,
        )  # fmt: skip
    return [replace(one, is_retired=True) if one in found.gone else one for one in kept.values()]


def test_a_new_address_is_added_where_its_point_lies() -> None:
    found = compare([], row("1", IN_WEST), row("2", IN_EAST))
    assert [(one.neighbourhood, one.placed_by) for one in found.added] == [("w", "point"), ("o", "point")]
    assert _numbers(found) == (2, 0, 0, 0, 2, 0)


def test_an_address_without_a_point_is_added_and_waits_for_a_hand_but_is_not_refused() -> None:
    found = compare([], row(point=None))
    assert [(one.neighbourhood, one.placed_by) for one in found.added] == [(None, "nobody")]
    assert (found.refused, found.waiting) == ([], 1)


@pytest.mark.parametrize(
    ("given_row", "reason", "kept"),
    [
        (row(point=JUST_OUTSIDE, line=7), "outside", JUST_OUTSIDE),
        (row(point=IN_FRANCE, line=7), "far_away", (None, None)),
        (row(point=None, point_problem="zero_point", line=7), "zero_point", (None, None)),
        (row(point=None, point_problem="unreadable_point", line=7), "unreadable_point", (None, None)),
    ],
)
def test_a_bad_point_is_refused_with_its_reason_and_the_address_waits(
    given_row: AddressRow, reason: str, kept: tuple[float | None, float | None]
) -> None:
    found = compare([], given_row)
    assert found.refused == [Refusal(7, reason, "Kerkstraat 1, 3500")]
    assert [(one.longitude, one.latitude) for one in found.added] == [kept]
    assert _numbers(found) == (1, 0, 0, 0, 0, 1)
    again = compare(after([], found), given_row)
    assert _numbers(again) == (0, 0, 0, 1, 0, 1)


def test_before_the_first_borders_every_address_keeps_its_point_and_waits() -> None:
    found = compare_addresses([], AddressesFile([row("1", IN_WEST)]), Placer([]))
    assert (found.refused, found.waiting) == ([], 1)
    addresses = after([], found)
    assert [one.point for one in addresses] == [IN_WEST]
    borders = [Border(area.key, area.name, area.polygon) for area in PLACER.areas]
    assert list(compare_borders([], addresses, borders).places.values()) == ["w"]


def test_the_last_known_point_is_kept() -> None:
    addresses = [known("1"), known("2"), known("3")]
    found = compare(addresses, row("1", None), row("2", IN_FRANCE, line=3), row("3", JUST_OUTSIDE, line=4))
    assert _numbers(found) == (0, 0, 0, 3, 3, 0)
    assert [one.reason_code for one in found.refused] == ["far_away", "outside"]


def test_less_than_a_metre_is_no_move_not_even_over_a_border() -> None:
    at_the_border = (5.31 - HALF_A_METRE / 2, 50.905)
    found = compare([known("1", at_the_border)], row("1", (5.31 + HALF_A_METRE / 2, 50.905)))
    assert _numbers(found) == (0, 0, 0, 1, 1, 0)


def test_a_moved_address_says_whether_it_changes_neighbourhood() -> None:
    found = compare([known("1"), known("2")], row("1", (5.3051, 50.905)), row("2", IN_EAST))
    assert [(one.moved, one.changes_neighbourhood, one.neighbourhood) for one in found.changed] == [
        (True, False, "w"),
        (True, True, "o"),
    ]
    assert (found.moved, found.changing_neighbourhood) == (2, 1)


def test_a_waiting_address_that_gets_a_point_is_placed() -> None:
    found = compare([known("1", None, None, placed_by="nobody")], row("1"))
    (one,) = found.changed
    assert (one.neighbourhood, one.placed_by, one.moved, one.changes_neighbourhood) == ("w", "point", False, False)


def test_a_kept_point_that_lies_within_a_border_now_is_placed() -> None:
    found = compare([known("1", IN_EAST, None, placed_by="nobody")], row("1", None))
    assert [one.neighbourhood for one in found.changed] == ["o"]


@pytest.mark.parametrize("point", [IN_EAST, None, IN_FRANCE])
def test_what_a_hand_has_placed_stays(point: tuple[float, float] | None) -> None:
    addresses = [known("1", None, "w", placed_by="hand"), known("2", IN_WEST, "w", placed_by="hand")]
    found = compare(addresses, row("1", point), row("2", point))
    assert _numbers(found) == (0, 0, 0, 2, 2, 0)


def test_what_is_missing_or_retired_is_gone_once() -> None:
    addresses = [known("1"), known("2"), known("3", is_retired=True)]
    found = compare(addresses, row("2", is_retired=True), row("9", is_retired=True))
    assert {one.id for one in found.gone} == {"id-1", "id-2"}
    assert _numbers(found) == (0, 0, 2, 0, 0, 0)
    assert _numbers(compare(after(addresses, found), row("2", is_retired=True))) == (0, 0, 0, 0, 0, 0)


def test_a_living_row_goes_before_a_retired_one_of_the_same_address() -> None:
    found = compare([known("1")], row("1", is_retired=True), row("1", line=3))
    assert _numbers(found) == (0, 0, 0, 1, 1, 0)
    assert found.duplicates == []


def test_a_retired_address_that_stands_in_the_file_again_returns() -> None:
    found = compare([known("1", is_retired=True)], row("1"))
    assert [(one.returns, one.neighbourhood) for one in found.changed] == [(True, "w")]


def test_a_number_of_households_is_taken_over_and_not_forgotten() -> None:
    found = compare([known("1", households=2), known("2", households=2)], row("1", households=6), row("2"))
    assert [one.households for one in found.changed] == [6]
    assert found.unchanged == 1


def test_an_address_that_stands_there_twice_counts_once_and_the_row_with_a_point_decides() -> None:
    found = compare([], row("1", None), row("1", IN_EAST, line=3), row("1", IN_WEST, line=4))
    assert [one.neighbourhood for one in found.added] == ["o"]
    assert [(one.line, one.reason_code) for one in found.duplicates] == [(3, "duplicate"), (4, "duplicate")]


def test_capitals_and_boxes_tell_addresses_apart_as_people_would() -> None:
    same = [row("1a", street="KERKSTRAAT"), row("1A", street="Kerkstraat")]
    assert len({key_of(one) for one in same}) == 1
    other = [row("1", box="2"), row("1"), row("2"), row("1", street="Dorp"), replace(row("1"), postcode="3501")]
    assert len({key_of(one) for one in other}) == 5


def test_refused_rows_of_the_file_are_passed_on_in_order() -> None:
    file = AddressesFile([row("1", IN_FRANCE, line=2)], refused=[Refusal(9, "no_street"), Refusal(1, "no_number")])
    assert [one.line for one in compare_addresses([], file, PLACER).refused] == [1, 2, 9]


POINTS = st.sampled_from([None, IN_WEST, IN_EAST, JUST_OUTSIDE, IN_FRANCE, (5.31, 50.905), (5.3050001, 50.905)])
ROWS = st.lists(
    st.builds(
        row,
        number=st.sampled_from(["1", "1A", "1a", "2", "3"]),
        point=POINTS,
        households=st.sampled_from([None, 0, 3]),
        is_retired=st.booleans(),
        point_problem=st.sampled_from(["", "zero_point"]),
    ),
    max_size=8,
)


@settings(max_examples=150, deadline=None)
@given(ROWS, ROWS, st.sampled_from(["point", "hand"]))
def test_the_same_file_a_second_time_changes_nothing(
    before: list[AddressRow], rows: list[AddressRow], placed_by: str
) -> None:
    consistent = [replace(one, longitude=None, latitude=None) if one.point_problem else one for one in before]
    addresses = after([], compare([], *consistent))
    addresses = [replace(one, placed_by=placed_by if one.neighbourhood else "nobody") for one in addresses]
    usable = [replace(one, longitude=None, latitude=None) if one.point_problem else one for one in rows]
    found = compare(addresses, *usable)
    again = compare(after(addresses, found), *usable)
    assert (again.added, again.changed, again.gone) == ([], [], [])
    assert (again.placed, again.waiting, again.refused) == (found.placed, found.waiting, found.refused)


def _border(code: str, name: str, west: float, east: float) -> Border:
    return Border(code, name, MultiPolygon([shapely.box(west, 50.90, east, 50.91)]))


def test_redrawn_borders_say_who_moves_who_falls_outside_and_what_is_new() -> None:
    borders = [_border("N1", "west", 5.30, 5.304), _border("N2", "Oost", 5.304, 5.316), _border("N3", "Mei", 5.4, 5.5)]
    addresses = [
        known("stays", (5.301, 50.905)),
        known("moves", (5.305, 50.905)),
        known("outside", (5.319, 50.905), "o"),
        known("found", (5.45, 50.905), None, placed_by="nobody"),
        known("waits", None, None, placed_by="nobody"),
        known("hand", (5.305, 50.905), "w", placed_by="hand"),
        known("last point", None, "w", placed_by="hand"),
        known("retired", (5.305, 50.905), is_retired=True),
    ]
    found = compare_borders(PLACER.areas, addresses, borders)
    assert found.matches == {"N1": "w", "N2": "o", "N3": None}
    assert (found.moves, found.moved) == ({("w", "N2"): 1}, 1)
    assert [one.number for one in found.outside] == ["outside"]
    assert [one.number for one in found.found] == ["found"]
    assert [border.name for border in found.new] == ["Mei"]
    assert (found.renamed, found.gone) == ([], [])
    assert list(found.places.values()) == ["N1", "N2", None, "N3", None, "N1", "N1", "N2"]


def test_a_neighbourhood_that_goes_gives_its_addresses_away_or_lets_them_wait() -> None:
    borders = [_border("N1", "Het Dorp", 5.30, 5.3195)]
    addresses = [
        known("point", IN_EAST, "o"),
        known("hand", IN_EAST, "o", placed_by="hand"),
        known("nowhere", None, "o", placed_by="hand"),
    ]
    found = compare_borders(PLACER.areas, addresses, borders)
    assert {one.name for one in found.gone} == {"Oost"} or {one.name for one in found.gone} == {"West"}
    assert found.places["id-point"] == "N1"
    assert found.places["id-hand"] == "N1"


def test_the_same_borders_again_change_nothing() -> None:
    borders = [Border(area.key, area.name, area.polygon) for area in PLACER.areas]
    found = compare_borders(PLACER.areas, [known("1"), known("2", IN_EAST, "o")], borders)
    assert (found.new, found.renamed, found.gone, found.moves, found.outside, found.found) == ([], [], [], {}, [], [])


def test_a_neighbourhood_with_another_name_is_renamed() -> None:
    borders = [_border("N1", "Kermt-Dorp", 5.30, 5.31), _border("N2", "Oost", 5.31, 5.32)]
    found = compare_borders(PLACER.areas, [], borders)
    assert [(area.name, border.name) for area, border in found.renamed] == [("West", "Kermt-Dorp")]


def test_who_placed_an_address_is_said_in_the_words_of_the_table() -> None:
    said = {one.placed_by for one in compare([], row("1"), row("2", None)).added}
    assert said <= set(Address.PlacedBy.values)
    assert PLACER.areas[0].key == "w"
