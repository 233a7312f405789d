"""Turn coordinates of any origin into WGS84 longitude and latitude, also when nobody says what they are."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError, ProjError

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Projection:
    """What coordinates mean: `code` is what pyproj understands, `name` is for people."""

    code: str
    name: str


@dataclass(frozen=True)
class _Window:
    """Where the coordinates of Belgium and its borders lie in a projection."""

    projection: Projection
    west: float
    south: float
    east: float
    north: float

    def holds(self, x: Numbers, y: Numbers) -> npt.NDArray[np.bool_]:
        return (self.west <= x) & (x <= self.east) & (self.south <= y) & (y <= self.north)


WGS84 = Projection("EPSG:4326", "WGS 84")
LAMBERT72 = Projection("EPSG:31370", "Lambert 72")
LAMBERT2008 = Projection("EPSG:3812", "Lambert 2008")
WEB_MERCATOR = Projection("EPSG:3857", "Web Mercator")
_HALF_TURN, _QUARTER_TURN = 180.0, 90.0
_NAMED = {one.code: one for one in (WGS84, LAMBERT72, LAMBERT2008, WEB_MERCATOR)}
_BELGIUM = _Window(WGS84, 2.0, 49.0, 7.0, 52.0)
_WINDOWS = (
    _Window(LAMBERT72, 1_000, 1_000, 330_000, 280_000),
    _Window(LAMBERT2008, 480_000, 480_000, 830_000, 790_000),
    _Window(WEB_MERCATOR, 220_000, 6_270_000, 780_000, 6_800_000),
)


def declared(text: str | None) -> Projection | None:
    """What a `.prj`, a GeoPackage or a GeoJSON says. Esri writes Lambert 72 without its code, hence the names."""
    if not text:
        return None
    try:
        crs = CRS.from_user_input(text)
    except CRSError:
        return None
    name = crs.name.casefold()
    if "lambert" in name and "belg" in name:
        known = LAMBERT2008 if "2008" in name else LAMBERT72 if "72" in name else None
        if known:
            return known
    if crs.name in {"WGS 84 (CRS84)", "GCS_WGS_1984", "WGS 84"}:
        return WGS84
    authority = crs.to_authority(min_confidence=70)
    code = ":".join(authority) if authority else crs.to_wkt()
    return _NAMED.get(code) or Projection(code, crs.name)


def by_range(x: Numbers, y: Numbers) -> Projection | None:
    """The only projection in which all these coordinates can lie; None if there is no such."""
    if len(x) == 0 or not (np.isfinite(x).all() and np.isfinite(y).all()):
        return None
    if (np.abs(x) <= _HALF_TURN).all() and (np.abs(y) <= _HALF_TURN).all():
        return WGS84
    return next((window.projection for window in _WINDOWS if window.holds(x, y).all()), None)


def fitting(said: Projection | None, x: Numbers, y: Numbers) -> Projection | None:
    """What was said, unless the values contradict it: degrees that are no degrees, or metres that are no metres."""
    seen = by_range(x, y)
    if said is None or (seen is not None and (seen == WGS84) != _in_degrees(said)):
        return seen
    return said


def _in_degrees(projection: Projection) -> bool:
    return CRS.from_user_input(projection.code).is_geographic


def transformed(projection: Projection, x: Numbers, y: Numbers) -> tuple[Numbers, Numbers]:
    """Longitudes and latitudes. Infinite where there is no such point."""
    if projection == WGS84:
        return _in_order(x, y)
    try:
        longitude, latitude = _transformer(projection.code).transform(x, y)
    except ProjError:
        nowhere = np.full(len(x), np.inf)
        return nowhere, nowhere
    return np.asarray(longitude, dtype=np.float64), np.asarray(latitude, dtype=np.float64)


@cache
def _transformer(code: str) -> Transformer:
    return Transformer.from_crs(code, WGS84.code, always_xy=True)


def _in_order(x: Numbers, y: Numbers) -> tuple[Numbers, Numbers]:
    """Latitude first is a common mistake; it shows where only the other order lies in Belgium."""
    swapped = _BELGIUM.holds(y, x) & ~_BELGIUM.holds(x, y)
    return np.where(swapped, y, x), np.where(swapped, x, y)


def points_to_wgs84(points: Iterable[tuple[float, float] | None]) -> list[tuple[float, float] | None]:
    """Each point by its own range, since a column's name may lie. None for what is no place on earth."""
    pairs = np.array([point or (np.nan, np.nan) for point in points], dtype=np.float64).reshape(-1, 2)
    x, y = pairs[:, 0], pairs[:, 1]
    degrees = (np.abs(x) <= _HALF_TURN) & (np.abs(y) <= _HALF_TURN)
    longitude, latitude = np.full(len(x), np.nan), np.full(len(x), np.nan)
    longitude[degrees], latitude[degrees] = transformed(WGS84, x[degrees], y[degrees])
    for window in _WINDOWS:
        inside = window.holds(x, y) & ~degrees
        longitude[inside], latitude[inside] = transformed(window.projection, x[inside], y[inside])
    real = np.isfinite(longitude) & (np.abs(latitude) <= _QUARTER_TURN)
    whole = zip(longitude.tolist(), latitude.tolist(), real.tolist(), strict=True)
    return [(lon, lat) if is_real else None for lon, lat, is_real in whole]
