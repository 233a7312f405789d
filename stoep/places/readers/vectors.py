"""Rows of GeoJSON, GeoPackage, Shapefile and dBase, each with its shape. Damaged files raise UnreadableFile."""

import json
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyogrio
import shapely
from django.utils.translation import gettext_lazy as _
from pyogrio.errors import CRSError, DataLayerError, DataSourceError, FeatureError, FieldError, GeometryError

from stoep.places.readers.detection import Format, Found
from stoep.places.readers.geopackages import refuse_what_is_no_plain_geopackage
from stoep.places.readers.refusals import UnreadableFile

MAX_ROWS = 1_000_000
MAX_GEOJSON_BYTES = 100 * 1024 * 1024
_DAMAGE = (CRSError, DataLayerError, DataSourceError, FeatureError, FieldError, GeometryError)
# Flemish registers write cp1252 and say ISO-8859-1 or nothing.
_LATIN = frozenset({"", "ISO-8859-1", "NONE"})


@dataclass(frozen=True)
class Layer:
    """Rows of one kind; `shapes` has one for each row, None where there is none. `crs` as the file says it."""

    rows: list[dict[str, Any]]
    shapes: list[shapely.Geometry | None]
    crs: str | None


def layers(found: Found) -> Iterator[Layer]:
    if found.format is Format.GEOJSON:
        yield _geojson(found.path)
        return
    if found.format is Format.GEOPACKAGE:
        refuse_what_is_no_plain_geopackage(found.path)
    for name in _layer_names(found.path):
        yield _read(found, name)


@contextmanager
def _damage_explained() -> Iterator[None]:
    """GDAL warns about what it repairs; what it cannot repair arrives as an empty shape and is refused by row."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except (*_DAMAGE, ValueError, OverflowError, MemoryError) as error:
        raise UnreadableFile(_("The file is damaged, or is no map file.")) from error


def _layer_names(path: Path) -> list[str]:
    with _damage_explained():
        return [str(name) for name, _kind in pyogrio.list_layers(path)]


def _read(found: Found, layer: str) -> Layer:
    with _damage_explained():
        info = pyogrio.read_info(found.path, layer=layer, force_feature_count=True)
        if info["features"] > MAX_ROWS:
            raise UnreadableFile(_("The file has too many rows."))
        meta, _fids, shapes, columns = pyogrio.raw.read(
            found.path, layer=layer, encoding=_encoding(found, info), force_2d=True, datetime_as_string=True
        )
        read = None if shapes is None else shapely.from_wkb(shapes, on_invalid="ignore").tolist()
    fields = [str(field) for field in meta["fields"]]
    plain = [column.tolist() for column in columns]
    count = len(plain[0]) if plain else len(read or [])
    rows = [dict(zip(fields, values, strict=True)) for values in zip(*plain, strict=True)] or [{}] * count
    return Layer(rows, read or [None] * count, meta["crs"])


def _encoding(found: Found, info: dict[str, Any]) -> str | None:
    if found.format not in {Format.SHAPEFILE, Format.DBASE}:
        return None
    said = str(info.get("encoding") or "").upper()
    if said not in _LATIN:
        return None
    try:
        found.path.with_suffix(".dbf").read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        return "CP1252"
    return "UTF-8" if found.path.with_suffix(".cpg").exists() else None


def _geojson(path: Path) -> Layer:
    if path.stat().st_size > MAX_GEOJSON_BYTES:
        raise UnreadableFile(_("The file is too large."))
    try:
        content = _json(path.read_bytes().decode("utf-8-sig"))
    except (TypeError, ValueError, RecursionError) as error:
        raise UnreadableFile(_("The file is damaged, or is no map file.")) from error
    features = content.get("features") if content.get("type") == "FeatureCollection" else [content]
    if not isinstance(features, list):
        raise UnreadableFile(_("The file is damaged, or is no map file."))
    if len(features) > MAX_ROWS:
        raise UnreadableFile(_("The file has too many rows."))
    whole = [feature if isinstance(feature, dict) else {} for feature in features]
    rows = [row if isinstance(row := feature.get("properties"), dict) else {} for feature in whole]
    return Layer(rows, [_shape(feature.get("geometry")) for feature in whole], _said_crs(content))


def _json(text: str) -> dict[str, Any]:
    """One object, or one feature on each line, as OpenAddresses publishes them."""
    try:
        content = json.loads(text)
    except json.JSONDecodeError:
        lines = [line for line in text.splitlines() if line.strip()]
        content = {"type": "FeatureCollection", "features": [json.loads(line) for line in lines]}
    if not isinstance(content, dict):
        raise TypeError
    return content


def _shape(geometry: object) -> shapely.Geometry | None:
    if not isinstance(geometry, dict):
        return None
    try:
        shape = shapely.from_geojson(json.dumps(geometry), on_invalid="ignore")
    except (ValueError, RecursionError, shapely.errors.GEOSException):
        return None
    return None if shape is None else shapely.force_2d(shape)


def _said_crs(content: dict[str, Any]) -> str | None:
    crs = content.get("crs")
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    return name if isinstance(name, str) else None
