"""Invented geography from facts: areas around centres with the right sizes, and street lines inside them.

Promises: areas share their borders exactly, leave no gaps, and are the same for the same input.
"""

from collections.abc import Sequence
from itertools import pairwise
from math import cos, pi, radians, sin, sqrt
from random import Random

import numpy as np
from numpy.typing import NDArray
from shapely import LineString, MultiPoint, Point, Polygon, affinity, box, polygonize, set_precision, unary_union
from shapely.geometry.base import BaseGeometry

# For those who pass areas around without opening them: shapely has its home in `places`.
Area = Polygon
METRES_A_DEGREE = 111_195.0
GRID = 1e-7  # degrees, about a centimetre: the borders' coordinates are rounded to it
ROUNDS = 60
NEAR_ENOUGH = 0.001


def areas_of(centres: Sequence[tuple[float, float]], square_kilometres: Sequence[float]) -> list[Polygon]:
    """One area a centre (longitude, latitude in degrees, WGS84), in their order, near the wanted sizes.

    A power diagram of the centres, clipped to a rounded outline as large as all areas together; its weights
    are those with which every cell has its size. Borders then swing a little, without changing the sizes.
    """
    frame = _Frame(centres)
    sites = np.array([frame.to_metres(*centre) for centre in centres])
    sizes = np.array(square_kilometres) * 1e6
    outline = _outline(sites, float(sizes.sum()))
    cells = _cells_of_size(sites, sizes * (outline.area / sizes.sum()), outline)
    rounded = [set_precision(frame.to_degrees(cell), GRID) for cell in cells]
    return _swinging(rounded)


def lines_within(area: Polygon, lengths: Sequence[float], chance: Random) -> list[LineString]:
    """Straight lines of about these lengths (metres) inside an area in degrees; shorter where it does not fit."""
    frame = _Frame([(area.centroid.x, area.centroid.y)])
    metres = frame.shape_to_metres(area)
    room = metres.buffer(-30)
    return [frame.shape_to_degrees(_line_within(room, length, chance)) for length in lengths]


def points_along(line: LineString, count: int, chance: Random) -> list[tuple[float, float]]:
    """`count` points (longitude, latitude), by turns left and right of the line, 12 metres from its middle."""
    frame = _Frame([line.coords[0][:2]])
    (x1, y1), (x2, y2) = (frame.to_metres(*corner[:2]) for corner in line.coords)
    length = sqrt((x2 - x1) ** 2 + (y2 - y1) ** 2) or 1.0
    across = (-(y2 - y1) / length * 12, (x2 - x1) / length * 12)
    points = []
    for turn in range(count):
        along = (turn // 2 + 0.5 + chance.uniform(-0.2, 0.2)) / ((count + 1) // 2)
        side = 1 if turn % 2 == 0 else -1
        points.append((x1 + (x2 - x1) * along + side * across[0], y1 + (y2 - y1) * along + side * across[1]))
    return [frame.point_to_degrees(*point) for point in points]


class _Frame:
    """Degrees to flat metres around the first centre and back; true enough within one city."""

    def __init__(self, centres: Sequence[tuple[float, ...]]) -> None:
        self.longitude = sum(centre[0] for centre in centres) / len(centres)
        self.latitude = sum(centre[1] for centre in centres) / len(centres)
        self.x_scale = METRES_A_DEGREE * cos(radians(self.latitude))

    def to_metres(self, longitude: float, latitude: float) -> tuple[float, float]:
        return (longitude - self.longitude) * self.x_scale, (latitude - self.latitude) * METRES_A_DEGREE

    def point_to_degrees(self, x: float, y: float) -> tuple[float, float]:
        return self.longitude + x / self.x_scale, self.latitude + y / METRES_A_DEGREE

    def to_degrees(self, cell: Polygon) -> Polygon:
        return Polygon([self.point_to_degrees(x, y) for x, y in cell.exterior.coords])

    def shape_to_metres(self, area: Polygon) -> Polygon:
        return Polygon([self.to_metres(x, y) for x, y in area.exterior.coords])

    def shape_to_degrees(self, line: LineString) -> LineString:
        return LineString([self.point_to_degrees(x, y) for x, y in line.coords])


def _outline(sites: NDArray[np.float64], wanted: float) -> Polygon:
    """The centres' hull with so much land around it that it has the wanted size."""
    hull = MultiPoint(sites).convex_hull
    low, high = 0.0, sqrt(wanted)
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if hull.buffer(middle).area < wanted else (low, middle)
    return Polygon(hull.buffer(high, quad_segs=4).exterior)


def _cells_of_size(sites: NDArray[np.float64], sizes: NDArray[np.float64], outline: Polygon) -> list[Polygon]:
    """Newton's method on the weights, with smaller steps as long as a cell would vanish."""
    weights = np.zeros(len(sites))
    cells = _power_cells(sites, weights, outline)
    floor = min(*(cell.area for cell in cells), float(sizes.min())) / 2
    for _ in range(ROUNDS):
        missing = sizes - np.array([cell.area for cell in cells])
        if np.abs(missing / sizes).max() < NEAR_ENOUGH:
            break
        step = np.linalg.lstsq(_slopes(sites, cells), missing, rcond=None)[0]
        weights, cells = _careful_step(sites, weights, step, outline, floor)
    return cells


def _careful_step(
    sites: NDArray[np.float64], weights: NDArray[np.float64], step: NDArray[np.float64], outline: Polygon, floor: float
) -> tuple[NDArray[np.float64], list[Polygon]]:
    while True:
        cells = _power_cells(sites, weights + step, outline)
        if min(cell.area for cell in cells) >= floor:
            return weights + step, cells
        step = step / 2


def _slopes(sites: NDArray[np.float64], cells: list[Polygon]) -> NDArray[np.float64]:
    """How much the size of cell i grows with the weight of cell j: shared border / (2 × distance of centres)."""
    slopes = np.zeros((len(sites), len(sites)))
    for i, cell in enumerate(cells):
        near = cell.buffer(0.01)
        for j in range(i):
            shared = near.intersection(cells[j].exterior).length
            slope = shared / (2 * float(np.hypot(*(sites[i] - sites[j]))))
            slopes[i, j] = slopes[j, i] = -slope
            slopes[i, i] += slope
            slopes[j, j] += slope
    return slopes


def _power_cells(sites: NDArray[np.float64], weights: NDArray[np.float64], outline: Polygon) -> list[Polygon]:
    return [_power_cell(sites, weights, outline, index) for index in range(len(sites))]


def _power_cell(sites: NDArray[np.float64], weights: NDArray[np.float64], outline: Polygon, index: int) -> Polygon:
    """The outline, cut for every other centre by the line on which both powers are equal."""
    cell = outline
    for other in range(len(sites)):
        if other != index and not cell.is_empty:
            side = _half_plane(sites[index], sites[other], float(weights[index] - weights[other]))
            cut = cell.intersection(side)
            cell = cut if isinstance(cut, Polygon) else Polygon()
    return cell


def _half_plane(site: NDArray[np.float64], other: NDArray[np.float64], lead: float) -> Polygon:
    """A square so large that it is a half plane here: the side of the border that belongs to `site`."""
    far = 1e6
    towards = other - site
    distance = float(np.hypot(*towards))
    border = site + towards * ((distance**2 + lead) / (2 * distance**2))
    direction = float(np.arctan2(towards[1], towards[0]))
    turned = affinity.rotate(box(-2 * far, -far, 0, far), direction, (0, 0), use_radians=True)
    return affinity.translate(turned, float(border[0]), float(border[1]))


def _swinging(cells: list[Polygon]) -> list[Polygon]:
    """The same cells with every long straight border swung; both neighbours get the same line."""
    network = _parts(unary_union([cell.exterior for cell in cells], grid_size=GRID))
    borders = [LineString(pair) for line in network for pair in pairwise(line.coords)]
    swung = unary_union([_swung(border) for border in borders], grid_size=GRID)
    faces = [face for face in polygonize(_parts(swung)).geoms if isinstance(face, Polygon)]
    return [_face_of(cell, faces) for cell in cells]


def _parts(lines: BaseGeometry) -> list[BaseGeometry]:
    return list(getattr(lines, "geoms", [lines]))


def _swung(border: LineString) -> LineString:
    """An S that starts and ends where the border does; what one side wins in one half it loses in the other."""
    (x1, y1), (x2, y2) = sorted(border.coords)
    length = sqrt((x2 - x1) ** 2 + (y2 - y1) ** 2)
    pieces = max(1, int(length / 0.002))
    swing = 0.05 * (1 if int(x1 * 1e5) % 2 else -1)
    points = []
    for part in (step / pieces for step in range(1, pieces)):
        aside = swing * sin(2 * pi * part)
        points.append((x1 + (x2 - x1) * part - (y2 - y1) * aside, y1 + (y2 - y1) * part + (x2 - x1) * aside))
    return set_precision(LineString([(x1, y1), *points, (x2, y2)]), GRID)


def _face_of(cell: Polygon, faces: list[Polygon]) -> Polygon:
    return max(faces, key=lambda face: face.intersection(cell).area)


def _line_within(room: Polygon, length: float, chance: Random) -> LineString:
    """Tries turns and places; every tenth failure makes the wish a little shorter."""
    west, south, east, north = room.bounds
    for attempt in range(400):
        middle = Point(chance.uniform(west, east), chance.uniform(south, north))
        angle = chance.uniform(0, pi)
        half = length * 0.93 ** (attempt // 10) / 2
        reach = (half * cos(angle), half * sin(angle))
        line = LineString([(middle.x - reach[0], middle.y - reach[1]), (middle.x + reach[0], middle.y + reach[1])])
        if room.contains(line):
            return line
    spot = room.representative_point()
    return LineString([(spot.x - 5, spot.y), (spot.x + 5, spot.y)])
