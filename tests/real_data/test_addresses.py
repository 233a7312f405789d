"""Addresses of Hasselt and Mechelen: the figures that issue and data promise."""

import csv
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from stoep.places.comparison import AddressComparison, KnownAddress, compare_addresses, compare_borders
from stoep.places.geometry import Area, Placer
from stoep.places.readers.addresses import AddressesFile, read_addresses
from stoep.places.readers.borders import read_borders

pytestmark = pytest.mark.real_data

FORMATS = [
    "best-openaddress-bevlg-hasselt-reshaped.csv",
    "openaddresses-hasselt-reshaped.csv",
    "adressenregister-Adres-v2-hasselt-reshaped.shp",
    "adressenregister-Adres-v2-hasselt-reshaped.dbf",
]


def _placer(path: Path) -> Placer:
    return Placer([Area(border.code, border.name, border.polygon) for border in read_borders(path).borders])


@pytest.fixture(scope="module")
def hasselt(city_files: Path) -> Placer:
    return _placer(city_files / "hasselt/hasselt-wijken-2024.geojson")


@pytest.fixture(scope="module")
def of_2013(city_files: Path) -> AddressesFile:
    return read_addresses(city_files / "hasselt/hasselt-adressen-crab-2013.csv")


@pytest.fixture(scope="module")
def of_2014(city_files: Path) -> AddressesFile:
    return read_addresses(city_files / "hasselt/hasselt-adressen-crab-2014.csv")


@pytest.fixture(scope="module")
def known_in_2013(hasselt: Placer, of_2013: AddressesFile) -> list[KnownAddress]:
    return after([], compare_addresses([], of_2013, hasselt))


def after(known: list[KnownAddress], comparison: AddressComparison) -> list[KnownAddress]:
    """What the import will have written."""
    kept = {address.id: address for address in known}
    for placed in [*comparison.added, *comparison.changed]:
        row = placed.row
        key = placed.known.id if placed.known else f"new-{row.line}-{len(kept)}"
        kept[key] = KnownAddress(
            id=key,
            postcode=row.postcode,
            street=row.street,
            number=row.number,
            box=row.box,
            longitude=placed.longitude,
            latitude=placed.latitude,
            placed_by=placed.placed_by,
            neighbourhood=placed.neighbourhood,
            households=placed.households,
        )
    for gone in comparison.gone:
        kept[gone.id] = replace(gone, is_retired=True)
    return list(kept.values())


def test_of_2013_26636_are_placed_and_exactly_5_refused_with_their_reason(
    hasselt: Placer, of_2013: AddressesFile
) -> None:
    found = compare_addresses([], of_2013, hasselt)
    assert (len(found.added), found.placed, found.waiting) == (26_641, 26_636, 5)
    assert [(one.row, one.reason_code) for one in found.refused] == [
        ("Kiezelstraat 53, 3500", "outside"),
        ("Heidebloemstraat 10, 3500", "far_away"),
        ("Herkerstraat 30, 3500", "far_away"),
        ("Sasput 61, 3500", "far_away"),
        ("Overdemerstraat 85A, 3511", "far_away"),
    ]


def test_every_address_of_2013_lies_where_the_city_says(
    city_files: Path, hasselt: Placer, of_2013: AddressesFile
) -> None:
    with (city_files / "hasselt/hasselt-adressen-crab-2013.csv").open(encoding="utf-8") as file:
        answers = {line: row["wijkcode"] for line, row in enumerate(csv.DictReader(file), start=2)}
    found = compare_addresses([], of_2013, hasselt)
    assert {one.row.line: one.neighbourhood or "" for one in found.added} == answers


def test_the_same_file_again_changes_nothing(
    hasselt: Placer, of_2013: AddressesFile, known_in_2013: list[KnownAddress]
) -> None:
    again = compare_addresses(known_in_2013, of_2013, hasselt)
    assert (again.added, again.changed, again.gone) == ([], [], [])
    assert (again.unchanged, again.placed, again.waiting, len(again.refused)) == (26_641, 26_636, 5, 5)


def test_2014_on_top_of_2013_keeps_the_last_known_points(
    hasselt: Placer, of_2014: AddressesFile, known_in_2013: list[KnownAddress]
) -> None:
    found = compare_addresses(known_in_2013, of_2014, hasselt)
    assert (len(found.added), len(found.gone)) == (2_386, 3)
    assert (found.placed, found.waiting) == (27_060, 1_964)
    # 3,638 moved and 4 got a real point for the bogus one of 2013.
    assert (len(found.changed), found.moved, found.changing_neighbourhood) == (3_642, 3_638, 10)
    assert Counter(one.reason_code for one in found.refused) == {"far_away": 2, "outside": 1}
    known = after(known_in_2013, found)
    again = compare_addresses(known, of_2014, hasselt)
    assert (again.added, again.changed, again.gone, again.unchanged) == ([], [], [], 29_024)
    assert (again.placed, again.waiting) == (27_060, 1_964)


def test_2014_by_itself_leaves_2159_waiting(hasselt: Placer, of_2014: AddressesFile) -> None:
    found = compare_addresses([], of_2014, hasselt)
    assert (len(found.added), found.placed, found.waiting) == (29_024, 26_865, 2_159)


def test_the_borders_of_2025_move_338_addresses_and_leave_1_outside(
    city_files: Path, hasselt: Placer, known_in_2013: list[KnownAddress]
) -> None:
    redrawn = read_borders(city_files / "hasselt/hasselt-wijken-2025.geojson").borders
    found = compare_borders(hasselt.areas, known_in_2013, redrawn)
    assert (found.moved, len(found.outside)) == (338, 1)
    assert [one.street for one in found.outside] == ["Sint-Truidersteenweg"]
    assert sorted(border.name for border in found.new) == [
        "Guigoven",
        "Kortessem",
        "Vliermaal",
        "Vliermaalroot",
        "Wintershoven",
    ]
    assert (found.renamed, found.gone, found.found) == ([], [], [])


def test_mechelen_has_29762_distinct_addresses_and_3_cannot_be_placed(city_files: Path) -> None:
    rows = read_addresses(city_files / "mechelen/mechelen-adressen-crab-2013.csv")
    found = compare_addresses([], rows, _placer(city_files / "mechelen/mechelen-wijken-2024.geojson"))
    assert (len(rows.rows), len(found.added), len(found.duplicates)) == (29_767, 29_762, 5)
    assert (len(found.refused), found.waiting) == (3, 3)


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_gives_the_same_addresses_at_the_same_place(city_files: Path, hasselt: Placer, name: str) -> None:
    expected = read_addresses(city_files / "formats/openaddresses-hasselt-reshaped.csv")
    found = read_addresses(city_files / "formats" / name)
    assert not found.refused
    known = after([], compare_addresses([], expected, hasselt))
    comparison = compare_addresses(known, replace(found, rows=found.rows[:264]), hasselt)
    assert (comparison.added, comparison.changed, comparison.gone) == ([], [], [])
    assert comparison.unchanged == 264


def test_the_known_defects_of_the_belgian_export_are_told_apart(city_files: Path, hasselt: Placer) -> None:
    found = read_addresses(city_files / "formats/best-openaddress-bevlg-hasselt-reshaped.csv")
    defects = found.rows[264:]
    assert [(row.number, row.box, row.point_problem, row.is_retired) for row in defects] == [
        ("10", "", "zero_point", False),
        *(("100", str(box), "", False) for box in range(1, 7)),
        ("100", "", "", True),
    ]
    comparison = compare_addresses([], found, hasselt)
    assert [(one.row, one.reason_code) for one in comparison.refused] == [("Heidebloemstraat 10, 3500", "zero_point")]
    assert (len(comparison.added), comparison.placed, comparison.waiting) == (271, 270, 1)


def test_the_latin_original_keeps_its_accents(city_files: Path) -> None:
    found = read_addresses(city_files / "formats/crab-3500-original-latin1.csv")
    assert (len(found.rows), found.refused) == (17_660, [])
    assert {"André Dumontstraat", "Daniëlsstraat", "Normandiëstraat"} <= {row.street for row in found.rows}


def test_the_real_dirty_rows_are_written_in_one_way_and_refused_only_for_their_point(
    city_files: Path, hasselt: Placer
) -> None:
    found = read_addresses(city_files / "formats/echte-vuile-adressen-hasselt.csv")
    assert (len(found.rows), found.refused) == (111, [])
    doors = {(row.street, row.number, row.box) for row in found.rows}
    assert {("Acaciastraat", "86D", ""), ("Bedrijfsstraat", "10", "2"), ("Stokrooieweg", "60", "60")} <= doors
    comparison = compare_addresses([], found, hasselt)
    assert Counter(one.reason_code for one in comparison.refused) == {"far_away": 4, "outside": 1}
    assert comparison.placed == 3


def test_29000_rows_are_read_and_compared_in_a_few_seconds(
    city_files: Path, hasselt: Placer, known_in_2013: list[KnownAddress]
) -> None:
    began = time.perf_counter()
    rows = read_addresses(city_files / "hasselt/hasselt-adressen-crab-2014.csv")
    compare_addresses(known_in_2013, rows, hasselt)
    assert time.perf_counter() - began < 15
