"""Everything that is computed with borders and points: placing, neighbours, matching, distances, drawings.

All coordinates are WGS84 longitude and latitude; all lengths are metres.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import shapely
from shapely import MultiLineString, MultiPolygon, Polygon, STRtree

Point = tuple[float, float]

_METRES_A_DEGREE = 111_195.0
# Borders drawn twice lie some centimetres apart; a corner that only touches shares less than this length.
_GAP = 0.5
_SHARED_LENGTH = 5.0
_HALF = 0.5
WIDTH = 1000
# Bytes of path an area may take on average before the drawing is made coarser.
BYTES_AN_AREA = 1200
_MARGIN = 0.01
_FIRST_TOLERANCE = 0.4
_ROUNDS = 8
# Doors this many metres together are one stop of their street's line; the line is as thick as can be seen on a phone.
_STOP = 40.0
_STREET_RADIUS = 9.0


@dataclass(frozen=True)
class Area:
    """A neighbourhood as geometry sees it; `key` is whatever the caller knows it by."""

    key: str
    name: str
    polygon: MultiPolygon


def to_wkb(polygon: MultiPolygon | Polygon) -> bytes:
    """As `Neighbourhood.polygon` keeps it: a MultiPolygon in two dimensions."""
    whole = polygon if isinstance(polygon, MultiPolygon) else MultiPolygon([polygon])
    return bytes(shapely.to_wkb(shapely.force_2d(whole), byte_order=1))


def from_wkb(polygon: bytes | bytearray | memoryview) -> MultiPolygon:
    shape = shapely.from_wkb(bytes(polygon))
    if isinstance(shape, Polygon):
        return MultiPolygon([shape])
    if not isinstance(shape, MultiPolygon):
        raise TypeError(f"A border is a MultiPolygon, not a {shape.geom_type}.")
    return shape


def contains(polygon: bytes | bytearray | memoryview, longitude: float, latitude: float) -> bool:
    """Whether a point lies in a border or on it."""
    return bool(shapely.intersects_xy(from_wkb(polygon), longitude, latitude))


def distance(one: Point, other: Point) -> float:
    """Metres between two points of the same town."""
    up = (one[1] - other[1]) * _METRES_A_DEGREE
    across = (one[0] - other[0]) * _METRES_A_DEGREE * math.cos(math.radians((one[1] + other[1]) / 2))
    return math.hypot(across, up)


class Placer:
    """Finds the area of a point, thousands at a time. On a shared border the area with the first key has it."""

    def __init__(self, areas: Sequence[Area]) -> None:
        self.areas = list(areas)
        by_key = sorted(range(len(self.areas)), key=lambda position: self.areas[position].key)
        self._rank = np.empty(len(by_key), dtype=np.int64)
        self._rank[by_key] = np.arange(len(by_key))
        polygons = [area.polygon for area in self.areas]
        for polygon in polygons:
            shapely.prepare(polygon)
        self._tree = STRtree(polygons)

    def place(self, longitude: float, latitude: float) -> int | None:
        return self.place_many([(longitude, latitude)])[0]

    def place_many(self, points: Iterable[Point | None]) -> list[int | None]:
        """For each point the position of its area in `areas`; None if it lies in none, or is no point."""
        given = list(points)
        found: list[int | None] = [None] * len(given)
        at = [position for position, point in enumerate(given) if point is not None]
        if not at or not self.areas:
            return found
        shapes = shapely.points(np.array([given[position] for position in at], dtype=np.float64))
        which, area = self._tree.query(shapes, predicate="intersects")
        order = np.lexsort((self._rank[area], which))
        for one, inside in zip(reversed(which[order].tolist()), reversed(area[order].tolist()), strict=True):
            found[at[one]] = inside
        return found

    def nearest(self, longitude: float, latitude: float) -> tuple[int, float] | None:
        """The area closest to a point and how far it is (0 within it); None without areas."""
        if not self.areas:
            return None
        flat = _Flat.around([longitude], [latitude])
        point = flat(shapely.Point(longitude, latitude))
        metres = [float(shapely.distance(point, flat(area.polygon))) for area in self.areas]
        position = min(range(len(metres)), key=lambda one: (metres[one], self._rank[one]))
        return position, metres[position]

    def is_far(self, longitude: float, latitude: float, *, metres: float) -> bool:
        """Whether a point lies further than that from the box around all areas; there must be one."""
        west, south, east, north = shapely.total_bounds([area.polygon for area in self.areas]).tolist()
        closest = min(max(longitude, west), east), min(max(latitude, south), north)
        return distance((longitude, latitude), closest) > metres


def adjacency(polygons: Sequence[MultiPolygon]) -> set[tuple[int, int]]:
    """Pairs (lower position first) that share a stretch of border. Touching in a corner is not enough."""
    if not polygons:
        return set()
    west, south, east, north = shapely.total_bounds(list(polygons)).tolist()
    flat = _Flat.around([west, east], [south, north])
    drawn = [flat(polygon) for polygon in polygons]
    tree = STRtree(drawn)
    pairs = tree.query(drawn, predicate="dwithin", distance=_GAP)
    return {(one, other) for one, other in pairs.T.tolist() if one < other and _share(drawn[one], drawn[other])}


def _share(one: shapely.Geometry, other: shapely.Geometry) -> bool:
    """Either border runs along or within the other area: one of them may lie wholly inside."""
    stretches = (
        shapely.intersection(shapely.boundary(one), shapely.buffer(other, _GAP)),
        shapely.intersection(shapely.boundary(other), shapely.buffer(one, _GAP)),
    )
    return any(shapely.length(stretch) >= _SHARED_LENGTH for stretch in stretches)


def match_neighbourhoods(old: Sequence[Area], new: Sequence[Area]) -> dict[str, str | None]:
    """For each new key the old one it goes on from: the same name in about the same place, or else more than half
    of the larger of the two in common. No old one goes on twice; None is a new neighbourhood."""
    matched: dict[str, str | None] = {area.key: None for area in new}
    taken: set[str] = set()
    for _same_name, _share_of_both, new_key, old_key in sorted(_candidates(old, new)):
        if matched[new_key] is None and old_key not in taken:
            matched[new_key] = old_key
            taken.add(old_key)
    return matched


def _candidates(old: Sequence[Area], new: Sequence[Area]) -> list[tuple[bool, float, str, str]]:
    """The best first when sorted: names that agree, then the largest share in common, then the keys."""
    found: list[tuple[bool, float, str, str]] = []
    tree = STRtree([area.polygon for area in old])
    for area in new:
        for position in sorted(tree.query(area.polygon, predicate="intersects").tolist()):
            other = old[position]
            is_same = plain(area.name) == plain(other.name)
            larger = max(area.polygon.area, other.polygon.area)
            share = area.polygon.intersection(other.polygon).area / larger if larger else 0.0
            if is_same or share > _HALF:
                found.append((not is_same, -share, area.key, other.key))
    return found


def plain(name: str) -> str:
    """A name as it is compared: spaces, hyphens and capitals do not count."""
    return "".join(name.casefold().replace("-", " ").split())


@dataclass(frozen=True)
class _Flat:
    """A flat drawing in metres around one place; precise enough for a town."""

    longitude: float
    latitude: float
    across: float

    @classmethod
    def around(cls, longitudes: Sequence[float], latitudes: Sequence[float]) -> "_Flat":
        latitude = sum(latitudes) / len(latitudes)
        across = _METRES_A_DEGREE * math.cos(math.radians(latitude))
        return cls(sum(longitudes) / len(longitudes), latitude, across)

    def __call__(self, shape: shapely.Geometry) -> shapely.Geometry:
        return shapely.transform(shape, self._flattened)

    def _flattened(self, coordinates: Any) -> Any:
        return (coordinates - (self.longitude, self.latitude)) * (self.across, _METRES_A_DEGREE)


@dataclass(frozen=True)
class SvgMap:
    """`paths` and `labels` stand in the order of the areas. Drawing units; north is up."""

    width: int
    height: int
    paths: list[str]
    labels: list[Point]
    west: float
    north: float
    units_across: float
    units_up: float

    @property
    def view_box(self) -> str:
        return f"0 0 {self.width} {self.height}"

    def to_drawing(self, longitude: float, latitude: float) -> Point:
        return (longitude - self.west) * self.units_across, (self.north - latitude) * self.units_up

    def to_place(self, x: float, y: float) -> Point:
        """Longitude and latitude of a point on the drawing: what somebody clicked."""
        return self.west + x / self.units_across, self.north - y / self.units_up


def svg_paths(polygons: Sequence[MultiPolygon], *, width: int = WIDTH) -> SvgMap:
    """Areas that share a border share it in the drawing too, however coarse it gets. Needs at least one polygon."""
    frame = _frame(polygons, width)
    drawn = [_drawn(polygon, frame) for polygon in polygons]
    tolerance = _FIRST_TOLERANCE * width / WIDTH
    paths = _paths(drawn, tolerance)
    for _round in range(_ROUNDS):
        if sum(map(len, paths)) <= BYTES_AN_AREA * len(paths):
            break
        tolerance *= 1.6
        paths = _paths(drawn, tolerance)
    labels = [_label(polygon) for polygon in drawn]
    return SvgMap(frame.width, frame.height, paths, labels, frame.west, frame.north, frame.units_across, frame.units_up)


def street_path(doors: Sequence[Point], drawn: SvgMap) -> tuple[str, Point]:
    """A street on that drawing as an area of even width along its doors, and the middle of it.

    Stops of a coarse grid stand for the doors, so that none can be told from the ones around it. Empty without doors.
    """
    step = _STOP * drawn.units_up / _METRES_A_DEGREE
    places = np.array([drawn.to_drawing(*door) for door in doors]).reshape(-1, 2)
    stops = np.unique(np.rint(places / step), axis=0) * step
    if not len(stops):
        return "", (0.0, 0.0)
    # Both sides of a street are one band: wider first, what lies between closes.
    band = shapely.buffer(shapely.buffer(_shortest_tree(stops), _STREET_RADIUS + step), -step)
    frame = shapely.box(0, 0, drawn.width, drawn.height)
    shape = shapely.intersection(shapely.simplify(band, _STREET_RADIUS / 3), frame)
    middle = stops[len(stops) // 2].tolist()
    return _path(shape), (round(middle[0], 1), round(middle[1], 1))


def _shortest_tree(stops: Any) -> shapely.Geometry:
    """The lines, together as short as can be, that lead from each stop to all others (Prim)."""
    if len(stops) == 1:
        return shapely.Point(stops[0])
    nearest = np.zeros(len(stops), dtype=int)
    metres = np.hypot(*(stops - stops[0]).T)
    metres[0] = np.inf
    lines = []
    for _line in range(len(stops) - 1):
        new = int(np.argmin(metres))
        lines.append((stops[nearest[new]], stops[new]))
        to_new = np.hypot(*(stops - stops[new]).T)
        is_closer = (to_new < metres) & np.isfinite(metres)
        nearest[is_closer], metres = new, np.where(is_closer, to_new, metres)
        metres[new] = np.inf
    return shapely.line_merge(MultiLineString(lines))


def _frame(polygons: Sequence[MultiPolygon], width: int) -> SvgMap:
    west, south, east, north = shapely.total_bounds(list(polygons)).tolist()
    margin = max(east - west, 1e-6) * _MARGIN
    units_across = width / (east - west + 2 * margin)
    units_up = units_across / math.cos(math.radians((south + north) / 2))
    top = north + margin * units_across / units_up
    height = math.ceil((top - south) * units_up + margin * units_across)
    return SvgMap(width, height, [], [], west - margin, top, units_across, units_up)


def _drawn(polygon: MultiPolygon, frame: SvgMap) -> shapely.Geometry:
    origin = np.array([frame.west, frame.north])
    return shapely.transform(polygon, lambda at: (at - origin) * (frame.units_across, -frame.units_up))


def _paths(drawn: Sequence[shapely.Geometry], tolerance: float) -> list[str]:
    simple = shapely.coverage_simplify(np.array(drawn, dtype=object), tolerance)
    paths = [_path(shape) for shape in simple]
    # What became too small to see keeps its own shape: every neighbourhood stays on the map.
    return [path or _path(shape) for path, shape in zip(paths, drawn, strict=True)]


def _path(shape: shapely.Geometry) -> str:
    polygons = [part for part in shapely.get_parts(shape) if isinstance(part, Polygon)]
    return "".join(_ring(ring) for polygon in polygons for ring in (polygon.exterior, *polygon.interiors))


def _ring(ring: shapely.LinearRing) -> str:
    """Tenths of a unit, as steps from the rounded point before: shared corners stay exactly shared."""
    corners = np.rint(shapely.get_coordinates(ring) * 10).astype(int).tolist()[:-1]
    distinct = [corners[0], *(after for before, after in pairwise(corners) if after != before)]
    if len(distinct) < 3:  # noqa: PLR2004 - fewer corners enclose nothing
        return ""
    steps = [(x - left, y - up) for (left, up), (x, y) in pairwise(distinct)]
    return f"M{_tenths(distinct[0])}l{' '.join(map(_tenths, steps))}z"


def _tenths(pair: Sequence[int]) -> str:
    return ",".join(f"{value / 10:.1f}".removesuffix(".0").replace("-0.", "-.") for value in pair)


def _label(shape: shapely.Geometry) -> Point:
    """The middle of the largest circle that fits in the largest part: where a name stands best."""
    largest = max(shapely.get_parts(shape), key=lambda part: part.area)
    if not largest.is_valid:
        inside = largest.representative_point()
        return round(inside.x, 1), round(inside.y, 1)
    (x, y), *_edge = shapely.get_coordinates(shapely.maximum_inscribed_circle(largest, tolerance=0.5)).tolist()
    return round(x, 1), round(y, 1)
