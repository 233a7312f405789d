"""Borders and points: who lies where, who is whose neighbour, and how it is drawn."""

import re
from itertools import pairwise

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import MultiPolygon, Point, Polygon

from stoep.places.geometry import (
    Area,
    Placer,
    adjacency,
    contains,
    distance,
    from_wkb,
    match_neighbourhoods,
    street_path,
    svg_paths,
    to_wkb,
)
from stoep.places.tests.village import EAST, WEST

CENTIMETRE = 1 / 7_000_000  # in degrees of longitude


def _box(west: float, south: float, east: float, north: float) -> MultiPolygon:
    return MultiPolygon([shapely.box(west, south, east, north)])


def _areas(*polygons: MultiPolygon) -> list[Area]:
    return [Area(f"k{position}", f"Wijk {position}", polygon) for position, polygon in enumerate(polygons)]


def test_points_are_placed_and_no_point_is_nowhere() -> None:
    placer = Placer(_areas(WEST, EAST))
    points = [(5.305, 50.905), None, (5.315, 50.905), (5.4, 50.905), (50.905, 5.305)]
    assert placer.place_many(points) == [0, None, 1, None, None]
    assert placer.place_many([]) == []
    assert placer.place(5.315, 50.905) == 1
    assert Placer([]).place_many(points) == [None] * 5


def test_a_point_on_a_shared_border_goes_to_the_first_key_whatever_the_order() -> None:
    first, second = Area("a", "Oost", EAST), Area("b", "West", WEST)
    assert Placer([first, second]).place(5.31, 50.905) == 0
    assert Placer([second, first]).place(5.31, 50.905) == 1


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.floats(5.29, 5.33), st.floats(50.89, 50.92)), max_size=20))
def test_placing_many_is_placing_each(points: list[tuple[float, float]]) -> None:
    areas = _areas(WEST, EAST, _box(5.305, 50.895, 5.325, 50.905))
    expected = [
        next((at for at, area in enumerate(areas) if area.polygon.intersects(Point(point))), None) for point in points
    ]
    assert Placer(areas).place_many(points) == expected


def test_a_border_survives_being_kept() -> None:
    kept = to_wkb(WEST)
    assert from_wkb(memoryview(kept)).equals(WEST)
    assert from_wkb(to_wkb(shapely.box(0, 0, 1, 1))).geom_type == "MultiPolygon"
    assert contains(kept, 5.305, 50.905)
    assert contains(kept, 5.31, 50.905)
    assert not contains(kept, 5.32, 50.905)
    with pytest.raises(TypeError):
        from_wkb(shapely.to_wkb(Point(1, 2)))


def test_the_nearest_area_says_how_far_it_is() -> None:
    placer = Placer(_areas(WEST, EAST))
    assert placer.nearest(5.305, 50.905) == (0, 0.0)
    position, metres = placer.nearest(5.321, 50.905) or (None, 0.0)
    assert position == 1
    assert metres == pytest.approx(distance((5.32, 50.905), (5.321, 50.905)), rel=1e-3)
    assert Placer([]).nearest(5.3, 50.9) is None


def test_distance_is_in_metres() -> None:
    assert distance((5.3, 50.9), (5.3, 50.91)) == pytest.approx(1112, rel=1e-3)
    assert distance((5.3, 50.9), (5.31, 50.9)) == pytest.approx(701, rel=1e-2)
    assert distance((5.3, 50.9), (5.3, 50.9)) == 0


@pytest.mark.parametrize(
    ("other", "adjacent"),
    [
        (EAST, True),
        (_box(5.31 + 20 * CENTIMETRE, 50.90, 5.32, 50.91), True),
        (_box(5.31 - 20 * CENTIMETRE, 50.90, 5.32, 50.91), True),
        (_box(5.305, 50.905, 5.32, 50.92), True),
        (_box(5.31, 50.91, 5.32, 50.92), False),
        (_box(5.31 + 20 * CENTIMETRE, 50.91, 5.32, 50.92), False),
        (_box(5.3101, 50.90, 5.32, 50.91), False),
        (_box(5.302, 50.902, 5.308, 50.908), True),
    ],
    ids=["shared", "gap of cm", "overlap of cm", "overlap", "corner", "corner with gap", "7 m apart", "within"],
)
def test_neighbours_share_a_stretch_of_border(other: MultiPolygon, adjacent: bool) -> None:
    assert adjacency([WEST, other]) == ({(0, 1)} if adjacent else set())
    assert adjacency([other, WEST]) == ({(0, 1)} if adjacent else set())


def test_an_enclave_is_a_neighbour_of_what_surrounds_it() -> None:
    hole = shapely.box(5.303, 50.903, 5.307, 50.907)
    ring = MultiPolygon([Polygon(WEST.geoms[0].exterior, [hole.exterior.coords])])
    assert adjacency([ring, MultiPolygon([hole]), EAST]) == {(0, 1), (0, 2)}
    assert adjacency([]) == set()


def test_a_neighbourhood_goes_on_by_name_also_when_it_is_drawn_anew() -> None:
    old = [Area("1", "Kermt", WEST), Area("2", "Sint-Jan", EAST)]
    new = [Area("n2", "sint jan", EAST), Area("n1", "KERMT", _box(5.30, 50.90, 5.302, 50.91))]
    assert match_neighbourhoods(old, new) == {"n1": "1", "n2": "2"}


def test_a_neighbourhood_with_a_new_name_goes_on_by_its_ground() -> None:
    old = [Area("1", "Kermt", WEST), Area("2", "Tuilt", EAST)]
    new = [Area("n1", "Kermt-Dorp", _box(5.30, 50.90, 5.309, 50.91)), Area("n2", "Ver weg", _box(6, 50, 6.1, 50.1))]
    assert match_neighbourhoods(old, new) == {"n1": "1", "n2": None}


def test_what_is_cut_in_two_goes_on_once_and_a_name_far_away_does_not_count() -> None:
    old = [Area("1", "Kermt", WEST)]
    halves = [
        Area("a", "Kermt-Noord", _box(5.30, 50.904, 5.31, 50.91)),
        Area("b", "Zuid", _box(5.30, 50.90, 5.31, 50.904)),
    ]
    assert match_neighbourhoods(old, halves) == {"a": "1", "b": None}
    assert match_neighbourhoods(old, [Area("a", "Kermt", _box(6, 50, 6.1, 50.1))]) == {"a": None}
    assert match_neighbourhoods([], halves) == {"a": None, "b": None}


def _corners(path: str) -> list[tuple[int, int]]:
    """All corners in tenths, from the relative steps of a path."""
    found: list[tuple[int, int]] = []
    for start, steps in re.findall(r"M([^l]+)l([^z]*)z", path):
        numbers = [round(float(number) * 10) for number in re.findall(r"-?\d*\.?\d+", f"{start} {steps}")]
        x = np.cumsum(numbers[0::2]).tolist()
        y = np.cumsum(numbers[1::2]).tolist()
        found += list(zip(x, y, strict=True))
    return found


def test_the_drawing_fits_its_frame_and_shared_corners_stay_shared() -> None:
    drawing = svg_paths([WEST, EAST])
    west, east = (_corners(path) for path in drawing.paths)
    assert len(set(west) & set(east)) == 2
    assert all(0 < x < drawing.width * 10 and 0 < y < drawing.height * 10 for x, y in west + east)
    assert drawing.view_box == f"0 0 {drawing.width} {drawing.height}"
    # 1,400 m wide and 1,112 m high.
    assert drawing.height / drawing.width == pytest.approx(1112 / 1402, rel=0.02)


def test_a_click_on_the_drawing_is_a_place_again() -> None:
    drawing = svg_paths([WEST, EAST], width=600)
    x, y = drawing.to_drawing(5.3123, 50.9045)
    assert drawing.to_place(x, y) == pytest.approx((5.3123, 50.9045))
    for polygon, label in zip((WEST, EAST), drawing.labels, strict=True):
        assert polygon.contains(Point(drawing.to_place(*label)))


def test_detailed_borders_become_light_and_keep_sharing() -> None:
    turn = np.linspace(0, 40 * np.pi, 4_000)
    wave = [(5.31 + 0.0004 * float(np.sin(angle)), 50.90 + 0.01 * angle / (40 * np.pi)) for angle in turn]
    west = MultiPolygon([Polygon([(5.30, 50.91), (5.30, 50.90), *wave])])
    east = MultiPolygon([Polygon([(5.32, 50.91), (5.32, 50.90), *wave])])
    drawing = svg_paths([west, east])
    assert sum(map(len, drawing.paths)) <= 2 * 1_500
    first, second = (set(_corners(path)) for path in drawing.paths)
    assert len(first & second) >= len(first) - 2


def test_an_area_too_small_to_see_stays_on_the_map() -> None:
    tiny = _box(5.305, 50.905, 5.305 + 300 * CENTIMETRE, 50.905 + 300 * CENTIMETRE)
    assert all(svg_paths([EAST, tiny]).paths)


def test_steps_of_a_path_are_written_without_noise() -> None:
    for path in svg_paths([WEST, EAST]).paths:
        assert re.fullmatch(r"(M-?\d*\.?\d+,-?\d*\.?\d+l[-\d., ]+z)+", path)
        assert "-0," not in path
        assert all(before != after for before, after in pairwise(_corners(path)))


def test_a_street_is_a_band_in_which_no_single_door_can_be_told() -> None:
    drawn = svg_paths([_box(5.20, 50.93, 5.22, 50.95)])
    doors = [(5.2005 + n * 0.0004, 50.9305 + (n % 2) * 0.0001) for n in range(30)]
    path, _middle = street_path(doors, drawn)
    nudged = [(longitude + 0.00002, latitude - 0.00002) for longitude, latitude in doors]
    assert street_path(nudged, drawn)[0] == path
    assert path.count("M") == 1
    assert street_path(doors + nudged, drawn)[0] == path
    assert street_path([], drawn)[0] == ""


def test_the_bend_of_a_street_is_followed() -> None:
    drawn = svg_paths([_box(5.20, 50.93, 5.22, 50.95)])
    along = [(5.203, 50.932 + n * 0.0005) for n in range(20)]
    across = [(5.203 + n * 0.0005, 50.932 + 19 * 0.0005) for n in range(20)]
    path, _middle = street_path(along + across, drawn)
    one, _label = street_path(along, drawn)
    assert path.count("M") == 1
    assert path != one
