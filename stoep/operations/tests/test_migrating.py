"""An upgrade while the site runs: the migration waits for nobody longer than two seconds, and what runs goes on."""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from stoep.operations.preparing import ROOT
from stoep.operations.tests.installation import Place, database_name

# A little more than `migrating.LOCK_TIMEOUT`: how long others may stand behind a migration that waits.
LONGEST_WAIT = 3.0


@pytest.fixture
def behind(tmp_path: Path, migrated: Place) -> Iterator[Place]:
    """An installation in which one migration is still to be applied; it must lock a table that everybody reads."""
    place = Place(tmp_path / "var", database_name("upgrade"))
    place.create_database(like=migrated)
    place.var.mkdir()
    place.more["DJANGO_SETTINGS_MODULE"] = "config.settings"
    assert place.python("-m", "django", "migrate", "operations", "zero", "-v0").returncode == 0
    yield place
    place.drop_database()


def started(place: Place) -> "subprocess.Popen[str]":
    command = [sys.executable, "-u", "-m", "stoep.operations.command_line", "migrate"]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, cwd=ROOT, env=place.environment, stdout=pipe, stderr=pipe, text=True)


def test_it_gives_up_while_a_table_is_in_use_and_ends_when_it_is_free(behind: Place) -> None:
    with psycopg.connect(behind.url) as writer, psycopg.connect(behind.url, autocommit=True) as reader:
        # Somebody writes, and takes long.
        writer.execute("LOCK TABLE places_municipality IN ROW EXCLUSIVE MODE")
        upgrade = started(behind)
        waits = []
        try:
            said = ""
            while "Trying again" not in said:
                before = time.monotonic()
                reader.execute("SELECT count(*) FROM places_municipality")
                reader.execute("INSERT INTO django_content_type (app_label, model) SELECT 'x', 'y' WHERE false")
                waits.append(time.monotonic() - before)
                said += _line(upgrade)
            assert "the site goes on" in said
            assert max(waits) < LONGEST_WAIT
            writer.rollback()
            assert upgrade.wait(60) == 0
        finally:
            upgrade.kill()
            upgrade.communicate()
    assert behind.ask("SELECT count(*) FROM operations_installation") == [(1,)]


def test_one_that_never_gets_its_turn_says_so_and_changes_nothing(behind: Place) -> None:
    """With shorter pauses than a real one takes."""
    script = (
        "import django; django.setup(); from stoep.operations.migrating import migrate;"
        "from stoep.operations.trouble import OperatorError\n"
        "try:\n    migrate(pauses=(0.1,))\nexcept OperatorError as error:\n    print('TOLD', error)"
    )
    with psycopg.connect(behind.url) as writer:
        writer.execute("LOCK TABLE places_municipality IN ROW EXCLUSIVE MODE")
        ended = behind.python("-c", script)
        writer.rollback()
    assert ended.stdout.count("Trying again") == 1
    assert "TOLD A table was in use all the time" in ended.stdout
    assert "The release that runs goes on working" in ended.stdout
    applied = behind.ask("SELECT count(*) FROM django_migrations WHERE app = 'operations'")
    assert applied == [(0,)]
    assert behind.ask("SELECT to_regclass('operations_hosting')::text") == [(None,)]


def test_another_trouble_is_not_taken_for_a_lock(behind: Place) -> None:
    behind.ask("CREATE TABLE operations_hosting (x int)")
    ended = behind.run("migrate")
    assert ended.returncode != 0
    assert "Trying again" not in ended.stdout


def _line(process: "subprocess.Popen[str]") -> str:
    """What it says next; it says one line for each migration, and they may take a while."""
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line, process.stderr.read() if process.stderr else ""
    return line
