"""Read the addresses of a municipality from any register's export. A row without a point is kept without a point."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeGuard

import numpy as np
import shapely
from django.utils.translation import gettext_lazy as _

from stoep.places.readers.columns import clean, meant, plain_name, whole_number
from stoep.places.readers.coordinates import declared, fitting, points_to_wgs84, transformed
from stoep.places.readers.detection import Format, Found, laid_out
from stoep.places.readers.doors import normal_door
from stoep.places.readers.refusals import Refusal, UnreadableFile
from stoep.places.readers.tables import open_table
from stoep.places.readers.vectors import Layer, layers

MAX_POSTCODE = 10
MAX_STREET = 120
MAX_DOOR = 20
MAX_REGISTER_ID = 120
MAX_HOUSEHOLDS = 10_000
_COLUMNS: dict[str, list[str]] = {
    "postcode": [
        *("postcode", "pkancode", "postal_code", "postalcode", "postnr", "postnummer", "zip", "zipcode"),
        *("code_postal", "cp", "plz", "addr_postcode", "post_code", "postkanton"),
    ],
    "street": [
        *("straatnm", "straatnaam", "straat", "streetname_nl", "street_nl", "street", "streetname", "street_name"),
        *("addr_street", "streetname_fr", "street_fr", "rue", "nom_rue", "streetname_de", "street_de", "strasse"),
    ],
    "number": [
        *("huisnr", "huisnummer", "house_number", "housenumber", "number", "nummer", "addr_housenumber", "hnr"),
        *("numero", "hausnummer", "huisnummerlabel", "hnrlabel"),
    ],
    "box": [
        *("busnr", "busnummer", "box_number", "boxnumber", "bus", "box", "unit", "addr_unit", "boite", "apptnr"),
        *("appartementnummer", "postfach"),
    ],
    "longitude": ["lon", "longitude", "lng", "long", "epsg_4326_lon", "lengtegraad", "x_wgs84", "wgs84_x", "lon_wgs84"],
    "latitude": ["lat", "latitude", "epsg_4326_lat", "breedtegraad", "y_wgs84", "wgs84_y", "lat_wgs84"],
    "x": [
        *("epsg_31370_x", "epsg_3812_x", "x", "x_lambert72", "x_lambert2008", "x_lambert", "lambert_x", "x_coord"),
        *("xcoord", "x_31370", "x_3812"),
    ],
    "y": [
        *("epsg_31370_y", "epsg_3812_y", "y", "y_lambert72", "y_lambert2008", "y_lambert", "lambert_y", "y_coord"),
        *("ycoord", "y_31370", "y_3812"),
    ],
    "households": [
        *("households", "huishoudens", "aantal_huishoudens", "gezinnen", "aantal_gezinnen"),
        *("menages", "haushalte", "anzahl_haushalte", "nombre_de_menages"),
    ],
    "register_id": ["adresid", "address_id", "adres_id", "addressid", "id", "hash"],
    "status": ["status", "statuut", "adresstatus", "statut"],
}
_RETIRED = frozenset(
    {"retired", "gehistoreerd", "historisch", "afgekeurd", "opgeheven", "retire", "rejected", "inactive"}
)


@dataclass(frozen=True, slots=True)
class AddressRow:
    """An address as the register says it, in normal writing. `point_problem` says why a given point is not kept."""

    postcode: str
    street: str
    number: str
    box: str
    longitude: float | None
    latitude: float | None
    households: int | None
    register_id: str
    is_retired: bool
    line: int
    point_problem: str = ""

    @property
    def words(self) -> str:
        door = f"{self.number} bus {self.box}" if self.box else self.number
        return f"{self.street} {door}, {self.postcode}".removesuffix(", ")


@dataclass(frozen=True)
class AddressesFile:
    """`refused` are rows without street or number; what is wrong with a point is decided with the borders at hand."""

    rows: list[AddressRow]
    format_name: str = ""
    refused: list[Refusal] = field(default_factory=list)


Point = tuple[float, float]
_Read = tuple[AddressRow, Point | None]


def read_addresses(path: Path) -> AddressesFile:
    """Raises UnreadableFile, whose message is for the person who handed the file over."""
    problems: list[UnreadableFile] = []
    with laid_out(path) as candidates:
        for found in candidates:
            try:
                return _placed(list(_rows_of(found)), found.format)
            except UnreadableFile as error:
                problems.append(error)
    raise next(iter(problems), UnreadableFile(_("The file holds no addresses.")))


def _placed(read: list[_Read | Refusal], found: Format) -> AddressesFile:
    """All points are turned at once: one by one takes a hundred times longer."""
    rows = [one for one in read if not isinstance(one, Refusal)]
    if not rows:
        raise UnreadableFile(_("The file holds no addresses."))
    points = points_to_wgs84([point for _row, point in rows])
    placed = [_with_point(row, given, point) for (row, given), point in zip(rows, points, strict=True)]
    return AddressesFile(placed, found.value, [one for one in read if isinstance(one, Refusal)])


def _with_point(row: AddressRow, given: Point | None, point: Point | None) -> AddressRow:
    if point is not None:
        return replace(row, longitude=point[0], latitude=point[1])
    return replace(row, point_problem="unreadable_point") if given is not None else row


def _rows_of(found: Found) -> Iterator[_Read | Refusal]:
    if found.format is Format.TEXT:
        yield from _rows_of_text(found.path)
        return
    layer = next((one for one in layers(found) if _knows(_names(one))), None)
    if layer is None:
        raise UnreadableFile(_("We do not recognise the columns. We look for street, house number and a point."))
    yield from _rows_of_layer(layer)


def _knows(columns: Iterable[str]) -> int:
    """How many meanings these columns have; 0 if they cannot be addresses."""
    found = meant(columns, _COLUMNS)
    return sum(map(bool, found.values())) if found["street"] and found["number"] else 0


def _rows_of_text(path: Path) -> Iterator[_Read | Refusal]:
    table = open_table(path, _knows)
    places = _Places.of(table.columns)
    width = len(table.columns)
    for line, values in table.rows:
        if values is None or len(values) > width + 1:
            yield Refusal(line, "broken_row")
        else:
            yield _row(values + [""] * (width - len(values)), places, line)


def _names(layer: Layer) -> list[str]:
    return [plain_name(column) for column in (layer.rows[0] if layer.rows else {})]


def _rows_of_layer(layer: Layer) -> Iterator[_Read | Refusal]:
    columns = list(dict.fromkeys(column for row in layer.rows for column in row))
    places = _Places.of([plain_name(column) for column in columns])
    points = _points_of(layer)
    for line, (row, shape, point) in enumerate(zip(layer.rows, layer.shapes, points, strict=True), start=1):
        read = _row([row.get(column) for column in columns], places, line)
        if isinstance(read, Refusal) or not _is_point(shape):
            yield read
        elif not shape.x and not shape.y:
            yield replace(read[0], point_problem="zero_point"), None
        else:
            yield replace(read[0], point_problem=""), point


def _points_of(layer: Layer) -> list[Point]:
    """The shapes' points in the projection that the file declares; what is no point is nowhere."""
    pairs = [(shape.x, shape.y) if _is_point(shape) else (np.nan, np.nan) for shape in layer.shapes]
    x, y = np.array(pairs, dtype=np.float64).reshape(-1, 2).T
    real = np.isfinite(x) & np.isfinite(y) & ((x != 0) | (y != 0))
    projection = fitting(declared(layer.crs), x[real], y[real])
    if projection is not None:
        x, y = transformed(projection, x, y)
    return list(zip(x.tolist(), y.tolist(), strict=True))


def _is_point(shape: shapely.Geometry | None) -> TypeGuard[shapely.Point]:
    return isinstance(shape, shapely.Point) and not shape.is_empty


@dataclass(frozen=True)
class _Places:
    """In which columns, by number, each meaning stands."""

    postcode: list[int]
    street: list[int]
    number: list[int]
    box: list[int]
    households: list[int]
    register_id: list[int]
    status: list[int]
    points: list[tuple[int, int]]

    @classmethod
    def of(cls, columns: Sequence[str]) -> "_Places":
        at = {name: position for position, name in reversed(list(enumerate(columns)))}
        found = {meaning: [at[name] for name in names] for meaning, names in meant(columns, _COLUMNS).items()}
        # Metres before degrees: a register that gives both rounds the degrees.
        metres = list(zip(found.pop("x"), found.pop("y"), strict=False))
        degrees = list(zip(found.pop("longitude"), found.pop("latitude"), strict=False))
        return cls(points=metres + degrees, **found)


def _row(values: Sequence[Any], places: _Places, line: int) -> _Read | Refusal:
    street = _first(values, places.street)
    number, box = normal_door(_first(values, places.number), _first(values, places.box))
    postcode = whole_number(_first(values, places.postcode))
    point, problem = _point(values, places.points)
    row = AddressRow(
        postcode=postcode,
        street=street,
        number=number,
        box=box,
        longitude=None,
        latitude=None,
        households=_households(_first(values, places.households)),
        register_id=_first(values, places.register_id)[:MAX_REGISTER_ID],
        is_retired=_first(values, places.status).casefold() in _RETIRED,
        line=line,
        point_problem=problem,
    )
    reason = _why_not(row)
    return Refusal(line, reason, row.words[:200]) if reason else (row, point)


def _why_not(row: AddressRow) -> str:
    if not row.street:
        return "no_street"
    if not row.number:
        return "no_number"
    too_long = len(row.street) > MAX_STREET or len(row.postcode) > MAX_POSTCODE
    return "too_long" if too_long or max(len(row.number), len(row.box)) > MAX_DOOR else ""


def _first(values: Sequence[Any], positions: list[int]) -> str:
    for position in positions:
        text = clean(values[position])
        if text:
            return text
    return ""


def _point(values: Sequence[Any], pairs: list[tuple[int, int]]) -> tuple[Point | None, str]:
    """The first usable point, or what is wrong with those that were given."""
    problem = ""
    for across, up in pairs:
        x, y = clean(values[across]), clean(values[up])
        if not x and not y:
            continue
        try:
            point = _decimal(x), _decimal(y)
        except ValueError:
            problem = problem or "unreadable_point"
            continue
        if any(point):
            return point, ""
        # What was 0, 0 in metres lies in a field in northern France in degrees: no second try.
        return None, "zero_point"
    return None, problem


def _decimal(text: str) -> float:
    """The last mark is the decimal one: 218.909,02 and 218,909.02 are the same."""
    whole, mark, rest = text.replace(" ", "").replace(",", ".").rpartition(".")
    return float(whole.replace(".", "") + mark + rest)


def _households(text: str) -> int | None:
    digits = whole_number(text)
    if not digits.isascii() or not digits.isdigit() or len(digits) > len(str(MAX_HOUSEHOLDS)):
        return None
    return min(int(digits), MAX_HOUSEHOLDS)
