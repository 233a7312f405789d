"""A city's borders are read whatever format, projection and column names it uses."""

import json
import tempfile
import warnings
import zipfile
from pathlib import Path

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import MultiPolygon, Polygon

from stoep.places.readers.borders import BordersFile, read_borders
from stoep.places.readers.refusals import UnreadableFile
from stoep.places.tests.village import EAST, WEST, WriteVectors

TWO = {"code": ["A1", "A2"], "wijk": ["West", "Oost"]}
SQUARE = [[[5.3, 50.9], [5.31, 50.9], [5.31, 50.91], [5.3, 50.91], [5.3, 50.9]]]
BOW_TIE = [[[5.3, 50.9], [5.31, 50.91], [5.31, 50.9], [5.3, 50.91], [5.3, 50.9]]]


def _geojson(path: Path, *features: object, **members: object) -> Path:
    path.write_text(json.dumps({"type": "FeatureCollection", "features": list(features), **members}), encoding="utf-8")
    return path


def _feature(name: str, coordinates: object, kind: str = "Polygon", **properties: object) -> dict[str, object]:
    return {
        "type": "Feature",
        "properties": {"naam": name, **properties},
        "geometry": {"type": kind, "coordinates": coordinates},
    }


def _assert_the_village(found: BordersFile) -> None:
    assert [(border.code, border.name) for border in found.borders] == [("A1", "West"), ("A2", "Oost")]
    for border, expected in zip(found.borders, (WEST, EAST), strict=True):
        assert shapely.hausdorff_distance(border.polygon, expected) < 1e-6
    assert found.refused == []


@pytest.mark.parametrize("name", ["a.geojson", "a.gpkg", "a.shp"])
@pytest.mark.parametrize(
    ("code", "crs_name"), [("EPSG:4326", "WGS 84"), ("EPSG:31370", "Lambert 72"), ("EPSG:3812", "Lambert 2008")]
)
@pytest.mark.parametrize("says_so", [True, False])
def test_every_format_in_every_projection_gives_the_same_village(
    write_vectors: WriteVectors, name: str, code: str, crs_name: str, says_so: bool
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the writer warns that the projection is missing: that is what we try
        path = write_vectors(name, TWO, [WEST, EAST], code, says_so=says_so)
    found = read_borders(path)
    _assert_the_village(found)
    assert found.crs_name == crs_name


def test_another_declared_projection_is_followed(write_vectors: WriteVectors) -> None:
    found = read_borders(write_vectors("a.gpkg", TWO, [WEST, EAST], "EPSG:25831"))
    _assert_the_village(found)
    assert found.crs_name == "ETRS89 / UTM zone 31N"


@pytest.mark.parametrize("name", ["a.geojson", "a.gpkg"])
def test_the_content_decides_not_the_name(write_vectors: WriteVectors, tmp_path: Path, name: str) -> None:
    path = write_vectors(name, TWO, [WEST, EAST]).rename(tmp_path / "upload.csv")
    _assert_the_village(read_borders(path))


@pytest.mark.parametrize("folder", ["", "Wijken 2024/kaart/", "../../climbing/", "C:\\maps\\"])
def test_a_zipped_shapefile_is_read_from_any_folder(write_vectors: WriteVectors, tmp_path: Path, folder: str) -> None:
    shape = write_vectors("a.shp", TWO, [WEST, EAST], "EPSG:31370")
    packed = tmp_path / "upload"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("__MACOSX/._a.shp", b"\x00\x00\x27\x0a")
        archive.writestr("leesmij.txt", "De wijken van het dorp.")
        for part in tmp_path.glob("a.*"):
            archive.write(part, f"{folder}{part.name.upper()}")
    assert shape.exists()
    _assert_the_village(read_borders(packed))


def test_a_shapefile_without_its_table_asks_for_a_zip(write_vectors: WriteVectors, tmp_path: Path) -> None:
    shape = write_vectors("a.shp", TWO, [WEST, EAST])
    (tmp_path / "a.dbf").unlink()
    with pytest.raises(UnreadableFile, match="one zip file"):
        read_borders(shape)


@pytest.mark.parametrize(
    ("properties", "code", "name"),
    [
        ({"geoitem": "71022A", "naam": "Kermt (Hasselt)"}, "71022A", "Kermt"),
        ({"wijknr": 7, "wijk": "Kermt"}, "7", "Kermt"),
        ({"wijknr": 7.0, "WIJKNAAM": "Kermt"}, "7", "Kermt"),
        ({"CS01012025": "71022A00-", "T_SEC_NL": "KERMT", "T_MUN_NL": "Hasselt"}, "71022A00-", "KERMT"),
        ({"CS01012031": "71022A00-", "T_SEC_NL": "KERMT"}, "71022A00-", "KERMT"),
        ({"osm_id": 12, "name": "Kermt", "admin_level": "9"}, "12", "Kermt"),
        ({"naam": "  Kermt\u0000\n "}, "Kermt", "Kermt"),
        ({"sector": "71022A001", "sector_naam": "Kermt"}, "71022A001", "Kermt"),
    ],
)
def test_code_and_name_are_found_under_many_names(
    tmp_path: Path, properties: dict[str, object], code: str, name: str
) -> None:
    feature = {"type": "Feature", "properties": properties, "geometry": {"type": "Polygon", "coordinates": SQUARE}}
    (border,) = read_borders(_geojson(tmp_path / "a", feature)).borders
    assert (border.code, border.name) == (code, name)


def test_a_column_that_says_the_same_everywhere_is_no_code(tmp_path: Path) -> None:
    east = [[[x + 0.01, y] for x, y in SQUARE[0]]]
    path = _geojson(
        tmp_path / "a", _feature("West", SQUARE, code="71022", id=1), _feature("Oost", east, code="71022", id=2)
    )
    assert [border.code for border in read_borders(path).borders] == ["1", "2"]


def test_the_town_behind_a_name_goes_unless_it_tells_names_apart(tmp_path: Path) -> None:
    names = ["Kermt (Hasselt)", "Centrum (Noord)", "Centrum (Zuid)", "(Leeg)"]
    features = [_feature(name, [[[x + at, y] for x, y in SQUARE[0]]], code=at) for at, name in enumerate(names)]
    found = read_borders(_geojson(tmp_path / "a", *features))
    assert [border.name for border in found.borders] == ["Kermt", "Centrum (Noord)", "Centrum (Zuid)", "(Leeg)"]


def test_pieces_of_one_neighbourhood_are_put_together(tmp_path: Path) -> None:
    squares = [[[[x + 0.02 * at, y] for x, y in SQUARE[0]]] for at in range(3)]
    path = _geojson(
        tmp_path / "a",
        _feature("West", squares[0], code="1"),
        _feature("Oost", squares[1], code="2"),
        _feature("West", squares[2], code="1"),
        _feature("West", squares[0], code="1"),
    )
    found = read_borders(path)
    assert [(border.name, len(border.polygon.geoms)) for border in found.borders] == [("West", 2), ("Oost", 1)]
    assert all(border.polygon.is_valid for border in found.borders)
    assert found.refused == []


def test_latitude_first_is_turned_round(tmp_path: Path) -> None:
    path = _geojson(tmp_path / "a", _feature("West", [[[y, x] for x, y in SQUARE[0]]]))
    assert read_borders(path).borders[0].polygon.bounds == (5.3, 50.9, 5.31, 50.91)


@pytest.mark.parametrize("name", ["urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4326", "urn:ogc:def:crs:EPSG::4326", "?"])
def test_a_projection_said_in_geojson_is_understood(tmp_path: Path, name: str) -> None:
    crs = {"type": "name", "properties": {"name": name}}
    found = read_borders(_geojson(tmp_path / "a", _feature("West", SQUARE), crs=crs))
    assert found.crs_name == "WGS 84"
    assert found.borders[0].polygon.bounds == (5.3, 50.9, 5.31, 50.91)


def test_a_border_that_crosses_itself_is_repaired(tmp_path: Path) -> None:
    (border,) = read_borders(_geojson(tmp_path / "a", _feature("West", BOW_TIE))).borders
    assert border.polygon.is_valid
    assert isinstance(border.polygon, MultiPolygon)
    assert border.polygon.area == pytest.approx(0.00005)


def test_height_and_an_outer_bom_do_not_matter(tmp_path: Path) -> None:
    path = _geojson(tmp_path / "a", _feature("West", [[[x, y, 31.5] for x, y in SQUARE[0]]]))
    path.write_bytes(b"\xef\xbb\xbf\n" + path.read_bytes())
    (border,) = read_borders(path).borders
    assert not border.polygon.has_z


def test_rows_that_are_no_neighbourhood_are_refused_with_their_reason(tmp_path: Path) -> None:
    path = _geojson(
        tmp_path / "a",
        _feature("West", SQUARE, code="1"),
        _feature("Kerk", [5.3, 50.9], "Point", code="2"),
        _feature("", SQUARE, code="3"),
        _feature("Lijn", [[[5.3, 50.9], [5.31, 50.9], [5.3, 50.9], [5.3, 50.9]]], code="4"),
        _feature("Lang" * 40, SQUARE, code="5"),
        _feature("Dubbel", SQUARE, code="1"),
        "nonsense",
        {"type": "Feature", "properties": {"naam": "Geen", "code": "8"}, "geometry": None},
        _feature("Kapot", [[["a", "b"]]], code="9"),
    )
    found = read_borders(path)
    assert [border.name for border in found.borders] == ["West"]
    assert [(one.line, one.reason_code) for one in found.refused] == [
        (2, "no_polygon"),
        (3, "no_name"),
        (4, "broken_polygon"),
        (5, "too_long"),
        (6, "same_code"),
        (7, "no_name"),
        (8, "no_polygon"),
        (9, "no_polygon"),
    ]
    assert all(str(one.text) for one in found.refused)


def test_areas_within_a_collection_count(tmp_path: Path) -> None:
    shape = {"type": "GeometryCollection", "geometries": [{"type": "Polygon", "coordinates": SQUARE}]}
    path = _geojson(tmp_path / "a", {"type": "Feature", "properties": {"naam": "West"}, "geometry": shape})
    assert read_borders(path).borders[0].polygon.area == pytest.approx(0.0001)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"{}",
        b'{"features": 3, "type": "FeatureCollection"}',
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"straat,huisnummer\nKerkstraat,1\n",
        b"SQLite format 3\x00" + b"\x00" * 2000,
        b"\x00\x00\x27\x0a" + b"\xff" * 500,
        b"PK\x03\x04" + b"\x00" * 200,
        bytes(range(256)) * 40,
        json.dumps(_feature("x", [[[float("nan"), 1], [float("inf"), 2], [3, 4], [float("nan"), 1]]])).encode(),
    ],
)
def test_what_is_no_file_of_borders_gives_one_clear_error(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "upload"
    path.write_bytes(content)
    with pytest.raises(UnreadableFile) as caught:
        read_borders(path)
    assert str(caught.value.message).endswith(".")


def test_metres_of_no_known_projection_are_not_guessed(tmp_path: Path) -> None:
    path = _geojson(tmp_path / "a", _feature("West", [[[x * 1e7, y * 1e7] for x, y in SQUARE[0]]]))
    with pytest.raises(UnreadableFile, match="projection"):
        read_borders(path)


def _outcome(path: Path) -> int | str:
    """The number of borders, or why there are none: anything else is a crash."""
    try:
        return len(read_borders(path).borders)
    except UnreadableFile as error:
        return str(error.message)


def _reads_or_explains(content: bytes) -> bool:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "upload"
        path.write_bytes(content)
        return bool(_outcome(path))


MARKS = [b"", b"{", b"PK\x03\x04", b"SQLite format 3\x00", b"\x00\x00\x27\x0a", b"\x03", b"\xef\xbb\xbf"]


@settings(max_examples=80, deadline=None)
@given(head=st.sampled_from(MARKS), rest=st.binary(max_size=400))
def test_arbitrary_bytes_never_crash(head: bytes, rest: bytes) -> None:
    assert _reads_or_explains(head + rest)


MEMBERS = ["type", "features", "geometry", "properties", "coordinates", "naam", "crs", "name"]
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5) | st.integers(),
    lambda children: st.lists(children, max_size=4) | st.dictionaries(st.sampled_from(MEMBERS), children),
    max_leaves=12,
)
ANY_SHAPE = st.fixed_dictionaries(
    {
        "type": st.sampled_from(["Polygon", "MultiPolygon", "Point", "GeometryCollection", "x"]),
        "coordinates": ANY_JSON
        | st.lists(st.lists(st.lists(st.floats(), min_size=2, max_size=3), max_size=6), max_size=3),
    }
)


@settings(max_examples=80, deadline=None)
@given(properties=ANY_JSON, geometry=ANY_SHAPE | ANY_JSON, crs=ANY_JSON)
def test_arbitrary_geojson_never_crashes(properties: object, geometry: object, crs: object) -> None:
    feature = {"type": "Feature", "properties": properties, "geometry": geometry}
    content = {"type": "FeatureCollection", "features": [feature], "crs": crs}
    assert _reads_or_explains(json.dumps(content).encode())


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.floats(-180, 180), st.floats(-90, 90)), min_size=4, max_size=12))
def test_any_ring_becomes_a_valid_border_or_is_refused(ring: list[tuple[float, float]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = _geojson(Path(folder) / "a", _feature("West", [[*ring, ring[0]]]))
        try:
            found = read_borders(path)
        except UnreadableFile:
            return
        assert all(border.polygon.is_valid and border.polygon.area > 0 for border in found.borders)


def test_a_damaged_geopackage_or_shapefile_never_crashes(write_vectors: WriteVectors, tmp_path: Path) -> None:
    whole = write_vectors("a.gpkg", TWO, [WEST, EAST]).read_bytes()
    for cut in (100, 4096, len(whole) // 2, len(whole) - 1):
        assert _reads_or_explains(whole[:cut])
    for position in range(0, len(whole), 4001):
        assert _reads_or_explains(whole[:position] + b"\xff\x00\xfe" + whole[position + 3 :])
    write_vectors("b.shp", TWO, [WEST, EAST])
    for part in ("b.shp", "b.dbf", "b.shx"):
        content = (tmp_path / part).read_bytes()
        (tmp_path / part).write_bytes(content[: len(content) // 2])
        assert _outcome(tmp_path / "b.shp")
        (tmp_path / part).write_bytes(content)


def test_polygon_and_multipolygon_come_out_alike(tmp_path: Path) -> None:
    path = _geojson(tmp_path / "a", _feature("West", [SQUARE], "MultiPolygon"))
    assert read_borders(path).borders[0].polygon.equals(Polygon(SQUARE[0]))
