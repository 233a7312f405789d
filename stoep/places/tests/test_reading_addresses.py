"""A register's addresses are read whatever columns, encoding, separator and coordinates it uses."""

import tempfile
from pathlib import Path

import numpy as np
import pyogrio
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from stoep.places.readers.addresses import AddressesFile, AddressRow, read_addresses
from stoep.places.readers.doors import normal_door
from stoep.places.readers.refusals import UnreadableFile
from stoep.places.tests.village import WriteVectors

HEADING = "postcode,straat,huisnummer,bus,lat,lon"


def _read(tmp_path: Path, text: str | bytes) -> AddressesFile:
    path = tmp_path / "upload"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_addresses(path)


def _one(tmp_path: Path, text: str | bytes) -> AddressRow:
    found = _read(tmp_path, text)
    assert found.refused == []
    (row,) = found.rows
    return row


def _assert_at_the_church(row: AddressRow) -> None:
    assert (row.postcode, row.street, row.number, row.box) == ("3500", "Kerkstraat", "10A", "2")
    assert row.longitude == pytest.approx(5.305, abs=2e-6)
    assert row.latitude == pytest.approx(50.905, abs=2e-6)


@pytest.mark.parametrize(
    "text",
    [
        "postcode,straat,huisnummer,bus,lat,lon\n3500,Kerkstraat,10A,2,50.905,5.305\n",
        "PKANCODE,COMMUNE_NL,STREET_NL,HUISNR,LAT,LON\n3500,Dorp,Kerkstraat,10a_2,50.905,5.305\n",
        "LON,LAT,NUMBER,STREET,UNIT,CITY,DISTRICT,REGION,POSTCODE,ID,HASH\n5.305,50.905,10A,Kerkstraat,2,,,,3500,,\n",
        "EPSG:31370_x,EPSG:31370_y,EPSG:4326_lat,EPSG:4326_lon,box_number,house_number,postcode,street_nl\n215850.4,177614.1,50.9,5.3,2,10A,3500,Kerkstraat\n",
        "addr:postcode;addr:street;addr:housenumber;addr:unit;x;y\n3500;Kerkstraat;10A;2;5,305;50,905\n",
        "straat\thuisnummer\tbus\tpostcode\tlat\tlon\nKerkstraat\t10 A\t2\t3500\t50.905\t5.305\n",
        "Straatnaam;Huisnummer;Busnummer;Postcode;X;Y\nKerkstraat;10A;bus 2;3500.0;215.850,40;177.614,10\n",
        "straat,huisnummer,postcode,lat,lon\nKerkstraat,10A bus 2,3500,5.305,50.905\n",
        "sep=;\nstraat;huisnummer;postcode;lat;lon\nKerkstraat;10A/2;3500;50.905;5.305\n",
        'Adressen van het dorp\n\nrue,huisnummer,postcode,lat,lon\n"Kerkstraat","10A bte 2","3500","50.905","5.305"\n',
        "rue,numero,boite,cp,longitude,latitude\nKerkstraat,10A,Boîte 2,3500,5.305,50.905\n",
        "strasse|hausnummer|postfach|plz|x|y\nKerkstraat|10A|2|3500|715847|677618\n",
    ],
)
def test_every_known_heading_gives_the_same_address(tmp_path: Path, text: str) -> None:
    row = _one(tmp_path, text)
    assert (row.postcode, row.street, row.number, row.box) == ("3500", "Kerkstraat", "10A", "2")
    assert row.longitude == pytest.approx(5.305, abs=2e-4)
    assert row.latitude == pytest.approx(50.905, abs=2e-4)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "cp1252", "utf-16"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_every_encoding_and_line_end_keeps_the_accents(tmp_path: Path, encoding: str, line_end: str) -> None:
    text = line_end.join([HEADING, "3500,Daniëlsstraat,1,,50.905,5.305", "3500,'t Pleintje,2,,50.905,5.305", ""])
    found = _read(tmp_path, text.encode(encoding))
    assert [row.street for row in found.rows] == ["Daniëlsstraat", "'t Pleintje"]


def test_two_encodings_glued_together_are_both_read(tmp_path: Path) -> None:
    text = HEADING.encode() + b"\n3500,Dani\xc3\xablsstraat,1,,,\n3500,Dani\xeblsstraat,2,,,\n3500,\x92t Plein,3,,,\n"
    assert [row.street for row in _read(tmp_path, text).rows] == ["Daniëlsstraat", "Daniëlsstraat", "'t Plein"]


@pytest.mark.parametrize(
    ("number", "box", "expected"),
    [
        ("86d", "", ("86D", "")),
        ("10_2", "", ("10", "2")),
        ("10a_2", "", ("10A", "2")),
        ("12 bus 3", "", ("12", "3")),
        ("12bus3", "", ("12", "3")),
        ("12 Bus 0.1", "", ("12", "0.1")),
        ("12 bte A", "", ("12", "A")),
        ("12/3", "", ("12", "3")),
        ("12", "bus 3", ("12", "3")),
        ("12", "BUS", ("12", "BUS")),
        ("12_3", "4", ("12", "4")),
        ("12 A", "", ("12A", "")),
        ("12 bis", "", ("12BIS", "")),
        ("12-14", "", ("12-14", "")),
        ("08", "", ("08", "")),
        ("12.0", "1.0", ("12", "1.0")),
        ("12", "B 1", ("12", "B 1")),
        ("K1", "", ("K1", "")),
        ("_", "", ("_", "")),
        ("12_", "", ("12_", "")),
    ],
)
def test_a_door_is_written_in_one_way(number: str, box: str, expected: tuple[str, str]) -> None:
    assert normal_door(number, box) == expected


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("3500,Kerkstraat,1,,,", ""),
        ("3500,Kerkstraat,1", ""),
        ("3500,Kerkstraat,1,,0,0", "zero_point"),
        ("3500,Kerkstraat,1,,0.00000,0.00000", "zero_point"),
        ("3500,Kerkstraat,1,,ergens,5.3", "unreadable_point"),
        ("3500,Kerkstraat,1,,50.9,", "unreadable_point"),
        ("3500,Kerkstraat,1,,nan,nan", "unreadable_point"),
        ("3500,Kerkstraat,1,,inf,-inf", "unreadable_point"),
        ("3500,Kerkstraat,1,,1e300,5.3", "unreadable_point"),
        ("3500,Kerkstraat,1,,999999999,999999999", "unreadable_point"),
    ],
)
def test_a_row_without_a_usable_point_is_kept(tmp_path: Path, row: str, problem: str) -> None:
    found = _one(tmp_path, f"{HEADING}\n{row}\n")
    assert (found.longitude, found.latitude, found.point_problem) == (None, None, problem)


def test_rows_without_an_address_are_refused_with_line_and_reason(tmp_path: Path) -> None:
    found = _read(
        tmp_path,
        f"{HEADING}\n"
        "3500,,1,,50.905,5.305\n"
        "3500,Kerkstraat,,,50.905,5.305\n"
        "\n"
        f"3500,{'Lang' * 40},1,,50.905,5.305\n"
        "3500,Kerkstraat,1,,50.905,5.305,6,7,8\n"
        '3500,"Kerkstraat,2,,50.905,5.305\n'
        "3500,Kerkstraat,3,,50.905,5.305\n"
        ",,,,,\n"
        "3500,Kerkstraat,4,,50.905,5.305\n"
        "3500,Kerkstraat,5,,50.905,5.305\n"
        "3500,Kerkstraat,6,,50.905,5.305\n",
    )
    assert [(one.line, one.reason_code) for one in found.refused] == [
        (2, "no_street"),
        (3, "no_number"),
        (5, "too_long"),
        (6, "broken_row"),
        (7, "broken_row"),
    ]
    assert [(row.number, row.line) for row in found.rows] == [("3", 8), ("4", 10), ("5", 11), ("6", 12)]
    assert all(str(one.text).endswith(".") for one in found.refused)


def test_two_stray_quotes_do_not_swallow_the_rows_between(tmp_path: Path) -> None:
    rows = [f"3500,Kerkstraat,{number},,50.905,5.305" for number in range(1, 8)]
    rows[1] = rows[1].replace("Kerk", '"Kerk')
    rows[4] = rows[4].replace("Kerk", '"Kerk')
    found = _read(tmp_path, "\n".join([HEADING, *rows]))
    assert [row.number for row in found.rows] == ["1", "3", "4", "6", "7"]
    assert [(one.line, one.reason_code) for one in found.refused] == [(3, "broken_row"), (6, "broken_row")]


@pytest.mark.parametrize("limit", ["tables.MAX_LINES", "vectors.MAX_ROWS", "vectors.MAX_GEOJSON_BYTES"])
def test_a_file_with_too_many_rows_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str) -> None:
    monkeypatch.setattr(f"stoep.places.readers.{limit}", 1)
    feature = '{"type":"Feature","properties":{"straat":"Dorp","huisnr":1}}'
    text = f"{HEADING}\n" + "3500,Dorp,1,,,\n" * 2 if "tables" in limit else f"{feature}\n{feature}"
    with pytest.raises(UnreadableFile, match="too"):
        _read(tmp_path, text)


def test_a_quoted_value_over_two_lines_is_one_row(tmp_path: Path) -> None:
    row = _one(tmp_path, f'{HEADING},opmerking\n3500,Kerkstraat,1,,50.905,5.305,"eerste\ntweede"\n')
    assert (row.street, row.line) == ("Kerkstraat", 2)


def test_characters_that_no_database_takes_are_left_out(tmp_path: Path) -> None:
    text = (HEADING + "\n" + "3500,Dorp,9,,,\n" * 600 + "3500,Kerk\x00straat\x07,1\u200b,,,\n").encode()
    assert _read(tmp_path, text).rows[-1].street == "Kerk straat"
    assert _read(tmp_path, text).rows[-1].number == "1"


def test_households_status_and_register_are_read_where_they_stand(tmp_path: Path) -> None:
    found = _read(
        tmp_path,
        "straat;huisnummer;aantal_huishoudens;status;adresid\n"
        "Kerkstraat;1;6;inGebruik;9900000\nKerkstraat;2;6.0;Gehistoreerd;\nKerkstraat;3;veel;retired;x\n"
        "Kerkstraat;4;-1;;\nKerkstraat;5;99999999999999;;\nKerkstraat;6;²;;\n",
    )
    assert [row.households for row in found.rows] == [6, 6, None, None, None, None]
    assert [row.is_retired for row in found.rows] == [False, True, True, False, False, False]
    assert [row.register_id for row in found.rows][:3] == ["9900000", "", "x"]


def test_the_dutch_name_of_a_street_goes_first_the_french_one_fills_in(tmp_path: Path) -> None:
    found = _read(tmp_path, "streetname_fr,streetname_nl,house_number\nRue Haute,Hoogstraat,1\nRue Basse,,2\n")
    assert [row.street for row in found.rows] == ["Hoogstraat", "Rue Basse"]


def test_a_feature_on_each_line_is_read(tmp_path: Path) -> None:
    feature = (
        '{"type":"Feature","properties":{"hash":"a1","number":"10a","street":"Kerkstraat","unit":"2","postcode":"3500"},'
        '"geometry":{"type":"Point","coordinates":[5.305,50.905]}}'
    )
    found = _read(tmp_path, f"{feature}\n{feature}\n")
    assert len(found.rows) == 2
    _assert_at_the_church(found.rows[1])


@pytest.mark.parametrize("code", ["EPSG:31370", "EPSG:3812", "EPSG:4326", "EPSG:25831"])
@pytest.mark.parametrize("name", ["a.shp", "a.gpkg", "a.geojson"])
def test_points_of_a_map_file_are_read(write_vectors: WriteVectors, name: str, code: str) -> None:
    if name == "a.geojson" and code == "EPSG:25831":
        code = "EPSG:4326"  # that writer leaves the projection out
    columns: dict[str, list[object]] = {
        "straatnm": ["Kerkstraat", "Daniëlsstraat"],
        "huisnr": ["10a", "1"],
        "busnr": ["2", None],
        "postcode": ["3500", "3500"],
    }
    found = read_addresses(write_vectors(name, columns, [shapely.Point(5.305, 50.905), shapely.Point(5.3, 50.9)], code))
    assert [row.street for row in found.rows] == ["Kerkstraat", "Daniëlsstraat"]
    _assert_at_the_church(found.rows[0])


def test_a_windows_table_keeps_its_accents(tmp_path: Path) -> None:
    path = tmp_path / "a.shp"
    pyogrio.raw.write(
        path,
        geometry=np.array(shapely.to_wkb([shapely.Point(215850.4, 177614.1), shapely.Point(0, 0)]), dtype=object),
        field_data=[np.array(["Coördinatenstraat", "’t Plein"], dtype=object), np.array(["1", "2"], dtype=object)],
        fields=np.array(["straatnm", "huisnr"], dtype=object),
        crs="EPSG:31370",
        driver="ESRI Shapefile",
        geometry_type="Point",
        encoding="CP1252",
    )
    (tmp_path / "a.cpg").unlink(missing_ok=True)
    for alone in (False, True):
        if alone:
            path.unlink()
            (tmp_path / "a.shx").unlink()
        rows = read_addresses(path.with_suffix(".dbf")).rows
        assert [row.street for row in rows] == ["Coördinatenstraat", "'t Plein"]
        assert [row.point_problem for row in rows] == ["", "" if alone else "zero_point"]
        assert rows[0].longitude is None if alone else rows[0].longitude == pytest.approx(5.305, abs=2e-4)


@pytest.mark.parametrize(
    "content",
    [
        b"\x00\x01\x02",
        b"\xff\xfe\x00\xd8\x00\xd8",
        b"zomaar wat tekst",
        b"a,b,c\n1,2,3\n",
        b"straat,postcode,lat,lon\nKerkstraat,3500,50.9,5.3\n",
        HEADING.encode(),
        f"{HEADING}\n,,,,,\n".encode(),
        b"x" * 100_000,
        bytes(range(256)) * 100,
        b'{"type": "FeatureCollection", "features": []}',
        b"%PDF-1.7\n" + bytes(range(128, 256)) * 20,
    ],
)
def test_what_is_no_list_of_addresses_gives_one_clear_error(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(UnreadableFile) as caught:
        _read(tmp_path, content)
    assert str(caught.value.message).endswith(".")


def _outcome(content: bytes) -> list[AddressRow] | str:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "upload"
        path.write_bytes(content)
        try:
            return read_addresses(path).rows
        except UnreadableFile as error:
            return str(error.message)


@settings(max_examples=80, deadline=None)
@given(rest=st.binary(max_size=300), heading=st.sampled_from([b"", HEADING.encode() + b"\n", b"\xff\xfe", b"\x03"]))
def test_arbitrary_bytes_never_crash(rest: bytes, heading: bytes) -> None:
    assert _outcome(heading + rest)


CELL = (
    st.text(max_size=12) | st.floats().map(str) | st.sampled_from(["Kerkstraat", "10_2", '"', "0", "50.9", "5,3", ""])
)


@settings(max_examples=80, deadline=None)
@given(rows=st.lists(st.lists(CELL, min_size=1, max_size=7), max_size=8), sign=st.sampled_from(",;\t|"))
def test_arbitrary_rows_give_addresses_that_can_be_kept(rows: list[list[str]], sign: str) -> None:
    lines = [HEADING.replace(",", sign), sign.join(["3500", "Kerkstraat", "1", "", "", ""]), *map(sign.join, rows)]
    found = _outcome("\n".join(lines).encode("utf-8", "surrogatepass"))
    assert found
    for row in found if isinstance(found, list) else []:
        assert row.street
        assert row.number
        assert max(len(row.number), len(row.box)) <= 20
        assert "\x00" not in row.street + row.number + row.box + row.postcode
        assert (row.longitude is None) == (row.latitude is None)
        assert row.longitude is None or -180 <= row.longitude <= 180
        assert row.latitude is None or -90 <= row.latitude <= 90


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=15), st.text(max_size=8))
def test_writing_a_door_again_changes_nothing_more(number: str, box: str) -> None:
    once = normal_door(number.strip(), box.strip())
    assert normal_door(*once) == once or "BUS" in "".join(once) or "B" in once[1]
