"""Read delimited text of any encoding, one row at a time: a broken line costs that line, never the file."""

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from stoep.places.readers.columns import plain_name
from stoep.places.readers.refusals import UnreadableFile

MAX_LINE = 20_000
MAX_LINES = 1_000_000
# A quoted value may run over a few lines; a quote that is never closed must not swallow the file.
_LINES_IN_A_ROW = 5
_HEADING_WITHIN = 10
_DELIMITERS = ",;\t|"
_SPREADSHEET_HINT = "sep="


@dataclass(frozen=True)
class Table:
    """`columns` as plain names; `rows` gives line number and values, None where a line cannot be read."""

    columns: list[str]
    rows: Iterator[tuple[int, list[str] | None]]


def open_table(path: Path, is_heading: Callable[[list[str]], int]) -> Table:
    """`is_heading` says how many columns of a line it knows, 0 if it is no heading. Raises UnreadableFile."""
    lines = _logical_lines(_lines(path))
    for _count, (number, line) in zip(range(_HEADING_WITHIN), lines, strict=False):
        if line.casefold().startswith(_SPREADSHEET_HINT):
            continue
        known, delimiter = max((is_heading(_plain(line, sign)), sign) for sign in _DELIMITERS)
        if known:
            return Table(_plain(line, delimiter), _rows(lines, delimiter, number))
    raise UnreadableFile(_("We do not recognise the columns. We look for street, house number and a point."))


def _plain(line: str, delimiter: str) -> list[str]:
    return [plain_name(value) for value in _values(line, delimiter) or []]


def _rows(lines: Iterator[tuple[int, str]], delimiter: str, heading: int) -> Iterator[tuple[int, list[str] | None]]:
    for number, line in lines:
        if number - heading > MAX_LINES:
            raise UnreadableFile(_("The file has too many rows."))
        if line.strip(" \t\x1a" + delimiter):
            yield number, _values(line, delimiter)


def _values(line: str, delimiter: str) -> list[str] | None:
    if line.count('"') % 2:
        return None
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return None


def _logical_lines(lines: Iterator[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """Joins the lines of a quoted value, as far as its quote closes soon; otherwise each line stands alone."""
    waiting: list[tuple[int, str]] = []
    for number, line in lines:
        waiting.append((number, line))
        while waiting:
            taken = _complete(waiting)
            if taken == 0 and len(waiting) < _LINES_IN_A_ROW:
                break
            taken = taken or 1
            yield waiting[0][0], " ".join(text for _number, text in waiting[:taken])
            del waiting[:taken]
    yield from waiting


def _complete(waiting: list[tuple[int, str]]) -> int:
    """How many of the waiting lines make one row with all quotes closed; 0 if there must come more."""
    quotes = 0
    for taken, (_number, line) in enumerate(waiting, start=1):
        quotes += line.count('"')
        if quotes % 2 == 0:
            return taken
    return 0


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """Latin-1 as the carrier lets any byte through and any line end count; each line is then decoded by itself."""
    with path.open("rb") as raw:
        head = raw.read(8192)
        raw.seek(0)
        encoding = _wide_encoding(head)
        if encoding is None and b"\x00" in head:
            raise UnreadableFile(_("The file is no list of addresses."))
        text = io.TextIOWrapper(raw, encoding=encoding or "latin-1", errors="replace", newline=None)
        for number, line in enumerate(iter(lambda: text.readline(MAX_LINE), ""), start=1):
            if len(line) == MAX_LINE:
                raise UnreadableFile(_("The file is no list of addresses."))
            plain = line.rstrip("\n")
            yield number, (plain if encoding else _decoded(plain)).removeprefix("\ufeff")


def _wide_encoding(head: bytes) -> str | None:
    """Spreadsheets write "Unicode text" as UTF-16 with a mark in front."""
    return "utf-16" if head.startswith((b"\xff\xfe", b"\xfe\xff")) else None


def _decoded(line: str) -> str:
    """UTF-8 if it is, or else what Windows writes: line by line, because files are glued together."""
    if line.isascii():
        return line
    raw = line.encode("latin-1")
    for encoding in ("utf-8", "cp1252"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return line
