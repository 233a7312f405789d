"""A file that is handed over can do no harm: it is opened in a folder of its own, within limits."""

import os
import stat
import zipfile
from pathlib import Path

import pytest

from stoep.places.readers import detection
from stoep.places.readers.addresses import read_addresses
from stoep.places.readers.borders import read_borders
from stoep.places.readers.detection import Format, laid_out
from stoep.places.readers.refusals import UnreadableFile

ROWS = "postcode,straat,huisnummer,lat,lon\n3500,Kerkstraat,1,50.905,5.305\n"


def _zip(path: Path, files: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_text(ROWS)
    (tmp_path / "upload").symlink_to(tmp_path / "secret.csv")
    for read in (read_addresses, read_borders):
        with pytest.raises(UnreadableFile, match="cannot be opened"):
            read(tmp_path / "upload")


def test_a_part_of_a_shapefile_that_is_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"secret")
    (tmp_path / "a.shp").write_bytes(b"\x00\x00\x27\x0a" + b"\x00" * 96)
    (tmp_path / "a.dbf").symlink_to(tmp_path / "secret")
    with pytest.raises(UnreadableFile, match="cannot be opened"):
        read_borders(tmp_path / "a.shp")


@pytest.mark.parametrize("kind", ["folder", "pipe", "nothing"])
def test_only_a_plain_file_is_opened(tmp_path: Path, kind: str) -> None:
    path = tmp_path / kind
    if kind == "folder":
        path.mkdir()
    if kind == "pipe":
        os.mkfifo(path)
    with pytest.raises(UnreadableFile, match="cannot be opened"):
        read_addresses(path)


def test_a_file_over_the_limit_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "upload"
    with path.open("wb") as file:
        file.truncate(detection.MAX_FILE_BYTES + 1)
    with pytest.raises(UnreadableFile, match="too large"):
        read_addresses(path)


def test_a_zip_bomb_stops_at_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(detection, "MAX_UNPACKED_BYTES", 1_000_000)
    path = _zip(tmp_path / "upload", {"a.csv": b"\x00" * 5_000_000})
    assert path.stat().st_size < 10_000
    with pytest.raises(UnreadableFile, match="when unpacked"):
        read_addresses(path)


def test_many_small_files_count_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(detection, "MAX_UNPACKED_BYTES", 1_000_000)
    path = _zip(tmp_path / "upload", {f"{number}.csv": b"a" * 300_000 for number in range(4)})
    with pytest.raises(UnreadableFile, match="when unpacked"):
        read_addresses(path)
    monkeypatch.setattr(detection, "MAX_FILES_IN_ZIP", 3)
    with pytest.raises(UnreadableFile, match="too many files"):
        read_addresses(path)


def test_nothing_is_written_outside_the_own_folder(tmp_path: Path) -> None:
    names = ["../../climbed.csv", "/tmp/climbed.csv", "..\\..\\climbed.csv", "a/../../climbed.csv"]  # noqa: S108 - hostile on purpose
    before = sorted(tmp_path.parent.rglob("*climbed*"))
    with laid_out(_zip(tmp_path / "upload", {name: ROWS.encode() for name in names})) as found:
        folders = {one.path.parent for one in found}
        assert len(folders) == 1
        assert all(one.path.name.startswith("data") for one in found)
    assert sorted(tmp_path.parent.rglob("*climbed*")) == before
    assert not any(folder.exists() for folder in folders)


def test_a_link_within_a_zip_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "upload"
    with zipfile.ZipFile(path, "w") as archive:
        link = zipfile.ZipInfo("adressen.csv")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(UnreadableFile, match="nothing that we can read"):
        read_addresses(path)


def test_a_zip_within_a_zip_is_not_opened(tmp_path: Path) -> None:
    inner = _zip(tmp_path / "inner", {"adressen.csv": ROWS.encode()})
    outer = _zip(tmp_path / "outer", {"inner.zip": inner.read_bytes()})
    with pytest.raises(UnreadableFile, match="nothing that we can read"):
        read_addresses(outer)


def test_a_spreadsheet_is_asked_for_as_csv(tmp_path: Path) -> None:
    new = _zip(tmp_path / "new", {"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>"})
    (tmp_path / "old").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 500)
    for path in (new, tmp_path / "old"):
        with pytest.raises(UnreadableFile, match="as CSV"):
            read_addresses(path)


def test_a_damaged_zip_says_so(tmp_path: Path) -> None:
    whole = _zip(tmp_path / "whole", {"a.csv": ROWS.encode() * 100}).read_bytes()
    for number, content in enumerate([whole[:-30], whole[:60], whole[:40] + b"\xff" * 20 + whole[60:]]):
        path = tmp_path / str(number)
        path.write_bytes(content)
        with pytest.raises(UnreadableFile, match="damaged"):
            read_addresses(path)


def test_addresses_are_found_in_a_zip_beside_a_note(tmp_path: Path) -> None:
    path = _zip(tmp_path / "upload", {"lees mij.txt": b"Beste stad", "map/adressen": ROWS.encode(), "leeg.csv": b""})
    assert [row.street for row in read_addresses(path).rows] == ["Kerkstraat"]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"SQLite format 3\x00rest", Format.GEOPACKAGE),
        (b"PK\x05\x06", Format.ZIP),
        (b"\xef\xbb\xbf \n {", Format.GEOJSON),
        (b"a,b", Format.TEXT),
        (b"\x03 a line that starts oddly and goes on and on", Format.TEXT),
    ],
)
def test_the_first_bytes_tell_the_format(tmp_path: Path, content: bytes, expected: Format) -> None:
    (tmp_path / "upload").write_bytes(content)
    assert detection.format_of(tmp_path / "upload") is expected
