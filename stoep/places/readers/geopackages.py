"""Looks into a GeoPackage before GDAL does: only plain tables pass, so that reading a row runs nothing of the file's.

A view may never end, a virtual table may open other files, a computed column may grow without limit.
"""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from stoep.places.readers.refusals import UnreadableFile

# SQLite keeps its definitions as text that a forger can edit, so the kind and the text must agree.
_TABLE = re.compile(r"CREATE TABLE\s", re.IGNORECASE)
_NO_TABLES = {
    "index": re.compile(r"CREATE (UNIQUE )?INDEX\s", re.IGNORECASE),
    # Every GeoPackage has some; they run on writing, and nobody writes.
    "trigger": re.compile(r"CREATE TRIGGER\s", re.IGNORECASE),
    # The only virtual table of an honest GeoPackage: the index of its shapes.
    "table": re.compile(
        r"""CREATE VIRTUAL TABLE\s+("[^"]*"|\[[^\]]*\]|`[^`]*`|\w+)\s+USING\s+rtree\s*\(""", re.IGNORECASE
    ),
}
_MOST_STEPS = 50_000_000
_NOT_PLAIN = _("The GeoPackage holds more than plain tables. Export the layer by itself, and send that.")
_DAMAGED = _("The file is damaged, or is no map file.")


def refuse_what_is_no_plain_geopackage(path: Path) -> None:
    """Raises UnreadableFile, before anything of the file's own was run."""
    with _opened(path) as database:
        tables = set(_plain_tables(database))
        if "gpkg_contents" not in tables:
            raise UnreadableFile(_DAMAGED)
        listed = {str(name).casefold() for (name,) in database.execute("SELECT table_name FROM gpkg_contents")}
        if not listed <= tables:
            raise UnreadableFile(_NOT_PLAIN)


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    """Read only, trusting nothing, and for so many steps at most."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as database:
            database.execute("PRAGMA trusted_schema = OFF")
            database.set_progress_handler(lambda: 1, _MOST_STEPS)
            yield database
    except (sqlite3.Error, UnicodeError, OverflowError) as error:
        raise UnreadableFile(_DAMAGED) from error


def _plain_tables(database: sqlite3.Connection) -> Iterator[str]:
    """The names of the tables that hold rows; what is no table, index or trigger is refused."""
    for kind, name, definition in database.execute("SELECT type, name, sql FROM sqlite_master").fetchall():
        if kind == "table" and _TABLE.match(str(definition)):
            _refuse_computed_columns(database, name)
            yield str(name).casefold()
        elif not _is_harmless(kind, definition):
            raise UnreadableFile(_NOT_PLAIN)


def _is_harmless(kind: object, definition: object) -> bool:
    if kind == "index" and definition is None:  # SQLite's own, for a key
        return True
    beginning = _NO_TABLES.get(str(kind))
    return beginning is not None and beginning.match(str(definition)) is not None


def _refuse_computed_columns(database: sqlite3.Connection, table: str) -> None:
    computed = database.execute("SELECT count(*) FROM pragma_table_xinfo(?) WHERE hidden <> 0", [table])
    if computed.fetchone()[0]:
        raise UnreadableFile(_NOT_PLAIN)
