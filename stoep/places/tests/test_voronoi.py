"""Invented areas have the wanted sizes, share their borders and hold what is put inside."""

from math import cos, radians
from random import Random

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from stoep.places.voronoi import METRES_A_DEGREE, areas_of, lines_within, points_along

CENTRES = [(5.25, 50.95), (5.29, 50.95), (5.33, 50.93), (5.26, 50.90), (5.335, 50.932)]
SIZES = [7.6, 6.5, 2.0, 12.0, 0.5]


def square_kilometres(area: shapely.Polygon) -> float:
    return area.area * (METRES_A_DEGREE / 1000) ** 2 * cos(radians(area.centroid.y))


def test_areas_have_the_wanted_sizes() -> None:
    for area, size in zip(areas_of(CENTRES, SIZES), SIZES, strict=True):
        assert square_kilometres(area) == pytest.approx(size, rel=0.02)


def test_areas_are_valid_and_share_their_borders_exactly() -> None:
    areas = areas_of(CENTRES, SIZES)
    assert all(area.is_valid and not area.is_empty for area in areas)
    assert shapely.coverage_is_valid(areas)
    whole = shapely.unary_union(areas)
    assert isinstance(whole, shapely.Polygon)
    assert not whole.interiors


def test_the_same_input_gives_the_same_areas() -> None:
    assert [area.wkb for area in areas_of(CENTRES, SIZES)] == [area.wkb for area in areas_of(CENTRES, SIZES)]


@settings(max_examples=25, deadline=None)
@given(st.integers(min_value=3, max_value=9), st.integers())
def test_any_scattered_centres_give_a_whole_map(count: int, seed: int) -> None:
    chance = Random(seed)
    centres = [
        (5 + 0.03 * (i % 3) + chance.uniform(0, 0.02), 51 + 0.02 * (i // 3) + chance.uniform(0, 0.013))
        for i in range(count)
    ]
    sizes = [chance.uniform(1.5, 6) for _ in centres]
    areas = areas_of(centres, sizes)
    assert shapely.coverage_is_valid(areas)
    for area, size in zip(areas, sizes, strict=True):
        assert square_kilometres(area) == pytest.approx(size, rel=0.05)


def test_streets_and_houses_lie_inside_their_area() -> None:
    area = areas_of(CENTRES, SIZES)[4]
    chance = Random(1)
    for line in lines_within(area, [50, 300, 5000], chance):
        assert area.contains(line)
        assert all(area.contains(shapely.Point(point)) for point in points_along(line, 30, chance))
