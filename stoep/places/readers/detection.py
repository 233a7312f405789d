"""Say what kind of file this is by its content, and lay it out safely in a folder of its own.

Promises: no link is followed, nothing is written outside that folder, no file unpacks beyond the limits.
"""

import shutil
import stat
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path, PurePosixPath

from django.utils.translation import gettext_lazy as _

from stoep.places.readers.refusals import UnreadableFile

MAX_FILE_BYTES = 300 * 1024 * 1024
MAX_UNPACKED_BYTES = 600 * 1024 * 1024
MAX_FILES_IN_ZIP = 500
_CHUNK = 1024 * 1024
_SHAPEFILE_PARTS = frozenset({".shp", ".shx", ".dbf", ".prj", ".cpg"})
_DBF_VERSIONS = frozenset({0x03, 0x04, 0x05, 0x30, 0x31, 0x32, 0x83, 0x8B, 0x8C, 0xF5})
_DBF_HEADER = 32
_OLD_SPREADSHEET = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PARTS_OF_SPREADSHEET = frozenset({"[Content_Types].xml", "META-INF/manifest.xml"})


class Format(StrEnum):
    GEOJSON = "GeoJSON"
    GEOPACKAGE = "GeoPackage"
    SHAPEFILE = "Shapefile"
    DBASE = "dBase"
    TEXT = "CSV"
    ZIP = "ZIP"


_ENDINGS = {
    Format.GEOJSON: ".geojson",
    Format.GEOPACKAGE: ".gpkg",
    Format.SHAPEFILE: ".shp",
    Format.DBASE: ".dbf",
    Format.TEXT: ".csv",
}


@dataclass(frozen=True)
class Found:
    """A file that can be opened under `path`, which carries the ending its format asks for."""

    format: Format
    path: Path


@contextmanager
def laid_out(path: Path) -> Iterator[list[Found]]:
    """The files in `path` (one, or those in a zip), the likeliest first. Raises UnreadableFile."""
    refuse_what_is_no_plain_file(path)
    with tempfile.TemporaryDirectory(prefix="stoep-places-") as folder:
        target = Path(folder)
        if format_of(path) is Format.ZIP:
            yield _laid_out_zip(path, target)
        else:
            yield [_laid_out_file(path, target)]


def refuse_what_is_no_plain_file(path: Path) -> None:
    try:
        found = path.lstat()
    except (OSError, ValueError) as error:
        raise UnreadableFile(_("The file cannot be opened.")) from error
    if not stat.S_ISREG(found.st_mode):
        raise UnreadableFile(_("The file cannot be opened."))
    if found.st_size == 0:
        raise UnreadableFile(_("The file is empty."))
    if found.st_size > MAX_FILE_BYTES:
        raise UnreadableFile(_("The file is too large."))


def format_of(path: Path) -> Format:
    """By the first bytes. Whatever is nothing else is taken for text; the reader of text decides."""
    with path.open("rb") as file:
        head = file.read(_CHUNK)
    if head.startswith(_OLD_SPREADSHEET):
        raise UnreadableFile(_("This is a spreadsheet. Save it as CSV, and send that."))
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return Format.ZIP
    if head.startswith(b"SQLite format 3\x00"):
        return Format.GEOPACKAGE
    if head.startswith(b"\x00\x00\x27\x0a"):
        return Format.SHAPEFILE
    if _is_dbase(head, path.stat().st_size):
        return Format.DBASE
    if head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{"):
        return Format.GEOJSON
    return Format.TEXT


def _is_dbase(head: bytes, size: int) -> bool:
    """The header's own arithmetic must fit the file: length of head + rows x length of a row."""
    if len(head) < _DBF_HEADER + 1 or head[0] not in _DBF_VERSIONS:
        return False
    rows = int.from_bytes(head[4:8], "little")
    header, record = int.from_bytes(head[8:10], "little"), int.from_bytes(head[10:12], "little")
    return header > _DBF_HEADER and record > 1 and 0 <= size - (header + rows * record) <= 1


def _laid_out_file(path: Path, target: Path) -> Found:
    """A copy under a plain name: GDAL goes by endings, and by siblings, of which only a Shapefile's are given."""
    kind = format_of(path)
    copy = target / f"data{_ENDINGS[kind]}"
    shutil.copyfile(path, copy)
    if kind is Format.SHAPEFILE:
        _copy_siblings(path, target)
        _refuse_without_table(copy)
    if kind is Format.DBASE:
        _copy_siblings(path, target, endings=frozenset({".cpg", ".shp", ".shx", ".prj"}))
    return Found(_whole_kind(kind, copy), copy.with_suffix(".shp") if copy.with_suffix(".shp").exists() else copy)


def _whole_kind(kind: Format, copy: Path) -> Format:
    """A table that came with its shapes is a Shapefile."""
    return Format.SHAPEFILE if kind is Format.DBASE and copy.with_suffix(".shp").exists() else kind


def _copy_siblings(path: Path, target: Path, endings: frozenset[str] = _SHAPEFILE_PARTS) -> None:
    for sibling in path.parent.iterdir():
        ending = sibling.suffix.lower()
        if sibling.stem != path.stem or ending not in endings or ending == path.suffix.lower():
            continue
        refuse_what_is_no_plain_file(sibling)
        shutil.copyfile(sibling, target / f"data{ending}")


def _refuse_without_table(shape: Path) -> None:
    if not shape.with_suffix(".dbf").exists():
        raise UnreadableFile(_("A Shapefile has several parts. Send them together in one zip file."))


def _laid_out_zip(path: Path, target: Path) -> list[Found]:
    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = _unpacked(archive, target)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError) as error:
        raise UnreadableFile(_("The zip file is damaged, or locked with a password.")) from error
    found = [Found(kind, file) for file in unpacked if (kind := _kind_in_zip(file)) is not None]
    if not found:
        raise UnreadableFile(_("The zip file holds nothing that we can read."))
    order = [Format.GEOPACKAGE, Format.SHAPEFILE, Format.GEOJSON, Format.DBASE, Format.TEXT]
    return sorted(found, key=lambda one: (order.index(one.format), one.path.name))


def _unpacked(archive: zipfile.ZipFile, target: Path) -> list[Path]:
    """Every plain file of the archive. Names are ours (number of folder, stem and ending), so no path can climb out."""
    if not _PARTS_OF_SPREADSHEET.isdisjoint(archive.namelist()):
        raise UnreadableFile(_("This is a spreadsheet. Save it as CSV, and send that."))
    members = [member for member in archive.infolist() if not member.is_dir() and not _is_link(member)]
    if len(members) > MAX_FILES_IN_ZIP:
        raise UnreadableFile(_("The zip file holds too many files."))
    stems: dict[str, str] = {}
    left = MAX_UNPACKED_BYTES
    unpacked: list[Path] = []
    for member in members:
        inside = PurePosixPath(member.filename.replace("\\", "/"))
        if inside.name.startswith(".") or "__MACOSX" in inside.parts:
            continue
        stem = stems.setdefault(str(inside.with_suffix("")).casefold(), f"data{len(stems):04d}")
        ending = inside.suffix.lower() if inside.suffix.lower() in _SHAPEFILE_PARTS else f".part{len(unpacked)}"
        copy = target / f"{stem}{ending}"
        left -= _unpack(archive, member, copy, left)
        unpacked.append(copy)
    return [_renamed(copy) for copy in unpacked]


def _is_link(member: zipfile.ZipInfo) -> bool:
    return stat.S_ISLNK(member.external_attr >> 16)


def _unpack(archive: zipfile.ZipFile, member: zipfile.ZipInfo, copy: Path, limit: int) -> int:
    """Counts the bytes that really come out: the sizes a zip declares may lie."""
    size = 0
    with archive.open(member) as source, copy.open("wb") as out:
        while chunk := source.read(_CHUNK):
            size += len(chunk)
            if size > limit:
                raise UnreadableFile(_("The zip file is too large when unpacked."))
            out.write(chunk)
    return size


def _renamed(copy: Path) -> Path:
    """GDAL goes by endings: a file that is not part of a Shapefile gets the ending of its content."""
    if copy.suffix in _SHAPEFILE_PARTS:
        return copy
    return copy.rename(copy.with_suffix(_ENDINGS.get(format_of(copy), copy.suffix)))


def _kind_in_zip(file: Path) -> Format | None:
    """Parts that only serve another file are none of their own; a zip inside a zip is not opened."""
    if file.stat().st_size == 0 or file.suffix in {".shx", ".prj", ".cpg"}:
        return None
    kind = format_of(file)
    if kind is Format.ZIP or (kind is Format.DBASE and file.with_suffix(".shp").exists()):
        return None
    if kind is Format.SHAPEFILE and not file.with_suffix(".dbf").exists():
        return None
    return kind
