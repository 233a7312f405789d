"""Read the neighbourhoods of a municipality: a code, a name and a border each, in WGS84."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from django.utils.translation import gettext_lazy as _
from shapely import MultiPolygon, Polygon
from shapely.errors import GEOSException

from stoep.places.readers.columns import clean, meant, plain_name, whole_number
from stoep.places.readers.coordinates import Numbers, Projection, declared, fitting, transformed
from stoep.places.readers.detection import Format, laid_out
from stoep.places.readers.refusals import Refusal, UnreadableFile
from stoep.places.readers.vectors import Layer, layers

MAX_BORDERS = 20_000
MAX_CODE = 40
MAX_NAME = 100
_COLUMNS = {
    "name": [
        *("wijk", "buurt", "wijknaam", "wijk_naam", "buurtnaam", "naam", "neighbourhood", "neighborhood", "name"),
        *("name_nl", "naam_nl", "t_sec_nl", "sector_naam", "sectornaam", "quartier", "nom", "name_fr", "t_sec_fr"),
        *("stadtteil", "t_sec_de", "sector", "gemeentenaam", "label", "titel", "title"),
    ],
    "code": [
        *("code", "wijkcode", "buurtcode", "geoitem", "wijknr", "wijk_nr", "buurtnr", "wijknummer", "nummer"),
        *("cs01012025", "cs01012024", "cs01012023", "cd_sector", "c_sector", "sectorcode", "sector", "id", "gml_id"),
        *("identificator", "osm_id", "objectid", "ogc_fid", "fid", "nis"),
    ],
}
_SECTOR_OF_YEAR = re.compile(r"cs\d{8}")
_TOWN_BEHIND_NAME = re.compile(r"(?<=\S)\s*\([^()]*\)$")


@dataclass(frozen=True)
class Border:
    code: str
    name: str
    polygon: MultiPolygon


@dataclass(frozen=True)
class BordersFile:
    """What a file of borders says; `refused` are the rows that are no neighbourhood, each with its reason."""

    borders: list[Border]
    format_name: str
    crs_name: str
    refused: list[Refusal] = field(default_factory=list)


def read_borders(path: Path) -> BordersFile:
    """Raises UnreadableFile, whose message is for the person who handed the file over."""
    problems: list[UnreadableFile] = []
    with laid_out(path) as candidates:
        for found in candidates:
            if found.format in {Format.TEXT, Format.DBASE}:
                continue
            try:
                return _first_with_areas(layers(found), found.format)
            except UnreadableFile as error:
                problems.append(error)
    raise next(iter(problems), UnreadableFile(_("The file holds no borders: we look for areas with a name.")))


def _first_with_areas(found: Iterable[Layer], format_of_file: Format) -> BordersFile:
    for layer in found:
        if any(_areas(shape) is not None for shape in layer.shapes):
            return _read_layer(layer, format_of_file)
    raise UnreadableFile(_("The file holds no borders: we look for areas with a name."))


def _read_layer(layer: Layer, format_of_file: Format) -> BordersFile:
    if len(layer.rows) > MAX_BORDERS:
        raise UnreadableFile(_("The file has too many rows."))
    projection = _projection(layer)
    names = _columns_of(layer.rows)
    borders: dict[str, Border] = {}
    refused: list[Refusal] = []
    for line, (row, shape) in enumerate(zip(layer.rows, layer.shapes, strict=True), start=1):
        border = _border(row, shape, names, projection)
        if isinstance(border, Border):
            border = _together(borders.get(border.code), border)
        if isinstance(border, Border):
            borders[border.code] = border
        else:
            refused.append(Refusal(line, border, " ".join(clean(value) for value in row.values())[:200]))
    if not borders:
        raise UnreadableFile(_("The file holds no borders: we look for areas with a name."))
    return BordersFile(_without_town(borders.values()), format_of_file.value, projection.name, refused)


def _together(before: Border | None, border: Border) -> Border | str:
    """A neighbourhood in several pieces may have a row for each; two names under one code are a mistake."""
    if before is None:
        return border
    if before.name != border.name:
        return "same_code"
    polygon = _repaired(MultiPolygon([*before.polygon.geoms, *border.polygon.geoms]))
    return Border(border.code, border.name, polygon) if polygon is not None else "broken_polygon"


def _without_town(borders: Collection[Border]) -> list[Border]:
    """`Kermt (Hasselt)` is Kermt; but `Centrum (Noord)` keeps what tells it from `Centrum (Zuid)`."""
    short = {border.code: _TOWN_BEHIND_NAME.sub("", border.name) for border in borders}
    used = Counter(short.values())
    return [replace(border, name=short[border.code]) if used[short[border.code]] == 1 else border for border in borders]


def _projection(layer: Layer) -> Projection:
    coordinates = shapely.get_coordinates([shape for shape in layer.shapes if _areas(shape) is not None])
    x, y = coordinates[:, 0], coordinates[:, 1]
    finite = np.isfinite(x) & np.isfinite(y)
    projection = fitting(declared(layer.crs), x[finite], y[finite])
    if projection is None:
        raise UnreadableFile(_("We cannot tell in which projection the borders are drawn."))
    return projection


def _columns_of(rows: list[dict[str, Any]]) -> dict[str, list[str]]:
    """Under their names in the file. A code must tell areas apart, so a column with one value is none."""
    real = {plain_name(column): column for row in rows for column in row}
    found = meant(real, _COLUMNS)
    found["code"] += sorted(name for name in real if _SECTOR_OF_YEAR.fullmatch(name) and name not in found["code"])
    columns = {meaning: [real[name] for name in names] for meaning, names in found.items()}
    columns["code"] = [column for column in columns["code"] if _tells_apart(rows, column)]
    return columns


def _tells_apart(rows: list[dict[str, Any]], column: str) -> bool:
    values = [value for row in rows if (value := clean(row.get(column)))]
    return len(set(values)) > len(values) // 2


def _border(
    row: dict[str, Any], shape: shapely.Geometry | None, columns: dict[str, list[str]], projection: Projection
) -> Border | str:
    """The border, or the code of the reason why there is none."""
    name = _first(row, columns["name"])
    code = whole_number(_first(row, columns["code"])) or name
    if not name:
        return "no_name"
    if len(name) > MAX_NAME or len(code) > MAX_CODE:
        return "too_long"
    areas = _areas(shape)
    if areas is None:
        return "no_polygon"
    polygon = _repaired(shapely.transform(areas, _to_wgs84(projection)))
    return Border(code, name, polygon) if polygon is not None else "broken_polygon"


def _first(row: dict[str, Any], columns: list[str]) -> str:
    return next((text for column in columns if (text := clean(row.get(column)))), "")


def _to_wgs84(projection: Projection) -> Callable[[Numbers], Numbers]:
    return lambda at: np.column_stack(transformed(projection, at[:, 0], at[:, 1]))


def _areas(shape: shapely.Geometry | None) -> MultiPolygon | None:
    """The polygons of a shape, also of a collection; None if there are none. They need not be valid."""
    parts = [] if shape is None else _parts(shape)
    return MultiPolygon(parts) if parts else None


def _parts(shape: shapely.Geometry) -> list[Polygon]:
    flat = shapely.get_parts(shapely.get_parts(shape))
    return [part for part in flat.tolist() if isinstance(part, Polygon) and not part.is_empty]


def _repaired(shape: MultiPolygon) -> MultiPolygon | None:
    """A valid MultiPolygon; crossing lines are made into areas. None if nothing of a border is left."""
    if not np.isfinite(shapely.get_coordinates(shape)).all():
        return None
    try:
        valid = shape if shape.is_valid else shapely.make_valid(shape, method="structure", keep_collapsed=False)
    except GEOSException:
        return None
    parts = [part for part in _parts(valid) if part.area > 0]
    return MultiPolygon(parts) if parts else None
