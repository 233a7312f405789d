"""Read delimited text of any encoding, one row at a time: a broken line costs that line, never the file."""

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
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
    lines = _lines(path)
    for number, line in islice(lines, _HEADING_WITHIN):
        if line.casefold().startswith(_SPREADSHEET_HINT):
            continue
        known, delimiter = max((is_heading(_plain(line, sign)), sign) for sign in _DELIMITERS)
        if known:
            columns = _plain(line, delimiter)
            return Table(columns, _rows(_limited(lines, number), delimiter, len(columns)))
    raise UnreadableFile(_("We do not recognise the columns. We look for street, house number and a point."))


def _plain(line: str, delimiter: str) -> list[str]:
    return [plain_name(value) for value in _values(line, delimiter) or []]


def _limited(lines: Iterator[tuple[int, str]], heading: int) -> Iterator[tuple[int, str]]:
    for number, line in lines:
        if number - heading > MAX_LINES:
            raise UnreadableFile(_("The file has too many rows."))
        yield number, line


def _rows(lines: Iterator[tuple[int, str]], delimiter: str, width: int) -> Iterator[tuple[int, list[str] | None]]:
    """A line, or a few that together close their quotes and make one whole row."""
    waiting: list[tuple[int, str]] = []
    for numbered in lines:
        waiting.append(numbered)
        while waiting and (_is_closed(waiting) or len(waiting) == _LINES_IN_A_ROW):
            taken, values = _first_row([line for _number, line in waiting], delimiter, width)
            if values != []:
                yield waiting[0][0], values
            del waiting[:taken]
    yield from ((number, _values(line, delimiter)) for number, line in waiting)


def _is_closed(waiting: list[tuple[int, str]]) -> bool:
    return sum(line.count('"') for _number, line in waiting) % 2 == 0


def _first_row(lines: list[str], delimiter: str, width: int) -> tuple[int, list[str] | None]:
    """How many lines the first row takes, and its values: [] if it is empty, None if it cannot be read."""
    if not lines[0].strip(" \t\x1a" + delimiter):
        return 1, []
    if len(lines) > 1:
        together = _values(" ".join(lines), delimiter, strict=True)
        if together is not None and len(together) == width:
            return len(lines), together
    return 1, _values(lines[0], delimiter)


def _values(line: str, delimiter: str, *, strict: bool = False) -> list[str] | None:
    if line.count('"') % 2:
        return None
    try:
        return next(csv.reader([line], delimiter=delimiter, strict=strict), [])
    except csv.Error:
        return None


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
