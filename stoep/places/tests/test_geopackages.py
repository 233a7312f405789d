"""A GeoPackage is a database, and may hold things that run when they are read: only plain tables are."""

import sqlite3
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from stoep.places.readers.addresses import read_addresses
from stoep.places.readers.borders import read_borders
from stoep.places.readers.refusals import UnreadableFile
from stoep.places.tests.village import EAST, WEST, WriteVectors

TWO: dict[str, list[object]] = {"code": ["A1", "A2"], "wijk": ["West", "Oost"]}
ENDLESS = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x AS fid, x AS code FROM n"
REFUSED = "more than plain tables"
NO_MAP = "damaged, or is no map file"

Statement = str | tuple[str, ...]
Change = Callable[..., Path]


@pytest.fixture
def changed(write_vectors: WriteVectors) -> Change:
    """A good GeoPackage after these statements."""

    def made(*statements: Statement) -> Path:
        path = write_vectors("a.gpkg", TWO, [WEST, EAST])
        with closing(sqlite3.connect(path)) as database:
            for statement in statements:
                words, *values = (statement,) if isinstance(statement, str) else statement
                database.execute(words, values)
            database.commit()
        return path

    return made


def refusal(path: Path) -> str:
    with pytest.raises(UnreadableFile) as refused:
        read_borders(path)
    with pytest.raises(UnreadableFile):
        read_addresses(path)
    return str(refused.value.message)


def listed(name: str, kind: str = "attributes") -> Statement:
    return "INSERT INTO gpkg_contents (table_name, data_type, identifier) VALUES (?, ?, ?)", name, kind, name


def forged(kind: str, name: str, definition: str) -> tuple[Statement, Statement]:
    """A definition that was written by hand past SQLite."""
    row = "INSERT INTO sqlite_master (type, name, tbl_name, rootpage, sql) VALUES (?, ?, ?, 0, ?)"
    return "PRAGMA writable_schema = ON", (row, kind, name, name, definition)


def test_plain_tables_are_read(changed: Change, tmp_path: Path) -> None:
    path = changed()
    assert [border.name for border in read_borders(path).borders] == ["West", "Oost"]
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.write(path, "a.gpkg")
    assert len(read_borders(tmp_path / "a.zip").borders) == 2


def test_more_tables_indexes_and_triggers_do_no_harm(changed: Change) -> None:
    path = changed(
        "CREATE TABLE styles (id INTEGER PRIMARY KEY, name TEXT UNIQUE)",
        "CREATE INDEX by_code ON a (code)",
        "CREATE TRIGGER never AFTER INSERT ON a BEGIN INSERT INTO styles (id) SELECT fid FROM a; END",
    )
    assert len(read_borders(path).borders) == 2


@pytest.mark.parametrize("kind", ["features", "attributes"])
def test_a_view_that_never_ends_is_refused_before_it_is_read(changed: Change, kind: str) -> None:
    assert REFUSED in refusal(changed(f"CREATE VIEW endless AS {ENDLESS}", listed("endless", kind)))


def test_a_view_that_is_listed_nowhere_is_refused_too(changed: Change) -> None:
    assert REFUSED in refusal(changed(f"CREATE VIEW endless AS {ENDLESS}"))


def test_nor_may_the_tables_of_the_format_be_views(changed: Change) -> None:
    path = changed("DROP TABLE gpkg_contents", f"CREATE VIEW gpkg_contents AS {ENDLESS}")
    assert REFUSED in refusal(path)


def test_in_a_zip_it_is_refused_as_well(changed: Change, tmp_path: Path) -> None:
    path = changed(f"CREATE VIEW endless AS {ENDLESS}", listed("endless"))
    for name in ("a.gpkg", "a.shp", "a.csv"):
        with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
            archive.write(path, name)
        with pytest.raises(UnreadableFile):
            read_borders(tmp_path / "a.zip")


@pytest.mark.parametrize(
    "definition",
    [
        "CREATE VIRTUAL TABLE words USING fts5(word)",
        'CREATE VIRTUAL TABLE "words using rtree(a" USING fts5(word)',
    ],
)
def test_a_virtual_table_is_refused(changed: Change, definition: str) -> None:
    assert REFUSED in refusal(changed(definition))


def test_the_index_of_the_shapes_is_no_layer(changed: Change) -> None:
    assert REFUSED in refusal(changed(listed("rtree_a_geom")))


def test_a_listed_layer_that_does_not_exist_is_refused(changed: Change) -> None:
    assert REFUSED in refusal(changed(listed("nothing")))


@pytest.mark.parametrize("kind", ["table", "index", "trigger", "strange"])
def test_a_view_that_calls_itself_something_else_is_refused(changed: Change, kind: str) -> None:
    path = changed(*forged(kind, "endless", f"CREATE VIEW endless AS {ENDLESS}"), listed("endless"))
    assert refusal(path)


def test_a_column_that_is_computed_is_refused(changed: Change) -> None:
    path = changed("CREATE TABLE big (fid INTEGER PRIMARY KEY, x AS (hex(zeroblob(500000000))))", listed("big"))
    assert REFUSED in refusal(path)


def test_a_database_that_is_no_geopackage_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE streets (name TEXT)")
    assert NO_MAP in refusal(path)


def test_the_file_itself_is_left_as_it_was(changed: Change) -> None:
    path = changed()
    before = path.read_bytes()
    read_borders(path)
    assert path.read_bytes() == before
    assert [one.name for one in path.parent.iterdir()] == ["a.gpkg"]
