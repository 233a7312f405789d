"""A file of addresses on its way into the city: read, placed, shown, written; beside a plain COPY of its rows."""

import csv
import json
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from django.db import connection

from bench import databases
from bench.results import Table
from stoep.access.gate import INSTALLATION
from stoep.common import clock
from stoep.operations.installing import add_municipality
from stoep.operations.preparing import ROOT
from stoep.places.models import Address, Municipality
from stoep.rollout.imports import apply_import, show_import
from stoep.rollout.models import ImportRun

REAL = ROOT.parent / "shared" / "data" / "hasselt"
STREETS, SIDE = 40, 5
WEST, SOUTH, WIDTH = 5.2, 50.9, 0.01


@dataclass(frozen=True)
class Size:
    """`rows` are generated where the files of a real city are not there, or not wanted."""

    rows: int
    rounds: int
    uses_real_files: bool


FULL = Size(rows=26_000, rounds=3, uses_real_files=True)
SMALL = Size(rows=600, rounds=2, uses_real_files=False)


@dataclass(frozen=True)
class Files:
    borders: Path
    addresses: Path
    origin: str


@dataclass
class Round:
    """Seconds of one round, and what it brought in."""

    shown: float
    applied: float
    copied: float
    placed: int
    rows: int


def measure(size: Size, *, port: int = 0, is_quiet: bool = False) -> list[Table]:
    """Rows a second from the file to the places, and to a bare table."""
    del port, is_quiet
    with tempfile.TemporaryDirectory() as folder:
        files = _files(size, Path(folder))
        rounds = [_round(files) for _each in range(size.rounds)]
    return [_table(files, rounds)]


def _round(files: Files) -> Round:
    """Into a city that has nothing yet."""
    databases.empty()
    city = add_municipality(name="Bench", slug="bench", host="bench.example", postcode="3500", now=clock.now())
    borders = _show(city, ImportRun.Kind.BORDERS, files.borders)
    apply_import(person=INSTALLATION, run=borders, now=clock.now())
    started = time.perf_counter()
    run = _show(city, ImportRun.Kind.ADDRESSES, files.addresses)
    shown = time.perf_counter()
    apply_import(person=INSTALLATION, run=run, now=clock.now())
    applied = time.perf_counter()
    rows = _copy(files.addresses)
    copied = time.perf_counter()
    placed = Address.objects.filter(municipality=city, neighbourhood__isnull=False).count()
    return Round(shown - started, applied - shown, copied - applied, placed, rows)


def _show(city: Municipality, kind: ImportRun.Kind, path: Path) -> ImportRun:
    return show_import(
        person=INSTALLATION, municipality=city, kind=kind, path=path, file_name=path.name, now=clock.now()
    )


def _copy(path: Path) -> int:
    """The yardstick: the same rows into a bare table, nothing understood, nothing placed."""
    with path.open(encoding="utf-8-sig", newline="") as file, connection.cursor() as cursor:
        rows = csv.reader(file)
        columns = ", ".join(f'"{name}" text' for name in next(rows))
        cursor.execute(f"CREATE TEMP TABLE copied ({columns})")
        with cursor.copy("COPY copied FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute("SELECT count(*) FROM copied")
        count = cursor.fetchone()[0]
        cursor.execute("DROP TABLE copied")
    return count


def _files(size: Size, folder: Path) -> Files:
    if size.uses_real_files and REAL.is_dir():
        addresses = REAL / "hasselt-adressen-crab-2013.csv"
        return Files(REAL / "hasselt-wijken-2024.geojson", addresses, "the real addresses of Hasselt, 2013")
    return Files(_borders(folder / "borders.geojson"), _addresses(folder / "addresses.csv", size.rows), "generated")


def _borders(path: Path) -> Path:
    squares = [
        {
            "type": "Feature",
            "properties": {"code": f"W{row}{column}", "name": f"Wijk {row}-{column}"},
            "geometry": {"type": "Polygon", "coordinates": [_square(row, column)]},
        }
        for row in range(SIDE)
        for column in range(SIDE)
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": squares}))
    return path


def _square(row: int, column: int) -> list[tuple[float, float]]:
    west, south = WEST + column * WIDTH, SOUTH + row * WIDTH
    east, north = west + WIDTH, south + WIDTH
    return [(west, south), (east, south), (east, north), (west, north), (west, south)]


def _addresses(path: Path, rows: int) -> Path:
    """In the columns of a CRAB file; every one lies in a neighbourhood."""
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(["postcode", "gemeente", "straat", "huisnummer", "lat", "lon"])
        for at in range(rows):
            latitude = SOUTH + SIDE * WIDTH * ((at * 31 % rows) + 0.5) / rows
            longitude = WEST + SIDE * WIDTH * ((at * 17 % rows) + 0.5) / rows
            out.writerow(["3500", "Bench", f"Straat {at % STREETS}", at // STREETS + 1, latitude, longitude])
    return path


def _table(files: Files, rounds: list[Round]) -> Table:
    rows = rounds[0].rows
    ours = median(each.shown + each.applied for each in rounds)
    bare = median(each.copied for each in rounds)

    def line(name: str, seconds: Callable[[Round], float]) -> list[str]:
        taken = median(seconds(each) for each in rounds)
        return [name, f"{taken:.2f}", f"{rows / taken:,.0f}", f"{taken / bare:.1f}"]

    return Table(
        f"Import of {rows:,} addresses ({files.origin})",
        ["", "seconds", "rows/s", "times COPY"],
        [
            line("shown: read, placed, compared", lambda each: each.shown),
            line("applied: read and compared again, written", lambda each: each.applied),
            line("both", lambda each: each.shown + each.applied),
            line("csv.reader and COPY", lambda each: each.copied),
        ],
        [f"{rounds[0].placed:,} placed. Medians of {len(rounds)} rounds; both together take {ours:.1f} s."],
    )
