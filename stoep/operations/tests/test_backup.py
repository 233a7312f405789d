"""The rehearsal: a city is backed up, lost with its machine, and put back by the command alone."""

import hashlib
import io
import json
import shutil
import stat
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyrage
import pytest

from stoep.operations.preparing import ROOT
from stoep.operations.tests.installation import Place, database_name

# What the machine and the queue note by themselves, and what is migrated anew.
OF_THE_MACHINE = ("operations_installation", "procrastinate", "django_migrations")
PHOTO, LETTER = b"\xff\xd8 a photo " * 5000, b"a sealed letter"


@dataclass(frozen=True)
class Keys:
    public: str
    file: Path


@dataclass(frozen=True)
class City:
    """As it was before it was lost."""

    place: Place
    rows: dict[str, str]
    files: dict[str, str]


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Keys:
    return made_keys(tmp_path_factory.mktemp("keys"))


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory, migrated: Place) -> Iterator[City]:
    place = Place(tmp_path_factory.mktemp("city") / "var", database_name("rehearsal"))
    place.create_database(like=migrated)
    try:
        place.var.mkdir(mode=0o700)
        filled = place.python("-m", "stoep.operations.tests.settling")
        assert filled.returncode == 0, filled.stderr
        for name, content in (("media/ab/photo.jpg", PHOTO), ("letters/1/letter.bin", LETTER), ("run/x", b"no")):
            (place.var / name).parent.mkdir(parents=True)
            (place.var / name).write_bytes(content)
        yield City(place, rows_of(place), files_of(place.var))
    finally:
        place.drop_database()


@pytest.fixture
def target(tmp_path: Path) -> Iterator[Place]:
    """Another machine: nothing is there but an empty database."""
    place = Place(tmp_path / "elsewhere" / "var", database_name("restored"))
    place.create_database()
    yield place
    place.drop_database()


def made_keys(folder: Path) -> Keys:
    identity = pyrage.x25519.Identity.generate()
    file = folder / "key.txt"
    file.write_text(f"# created: today\n# public key: {identity.to_public()}\n{identity}\n")
    return Keys(str(identity.to_public()), file)


def rows_of(place: Place) -> dict[str, str]:
    """A hash over all rows of each table."""
    names = [str(name) for (name,) in place.ask("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
    query = "SELECT count(*) || md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM \"{}\" AS t"
    return {name: str(place.ask(query.format(name))[0][0]) for name in names if not name.startswith(OF_THE_MACHINE)}


def files_of(var: Path) -> dict[str, str]:
    paths = [path for path in var.rglob("*") if path.is_file() and path.relative_to(var).parts[0] != "run"]
    return {str(path.relative_to(var)): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


def backed_up(city: City, keys: Keys, folder: Path) -> Path:
    city.place.done("backup", "--to", str(folder), "--recipient", keys.public)
    (path,) = folder.glob("stoep-*.tar.age")
    return path


def health(place: Place) -> tuple[int, dict[str, Any]]:
    """What `/health/` would answer there, asked of the same program."""
    ask = (
        "import django; django.setup(); from django.test import Client; r = Client().get('/health/');"
        "print(r.status_code, r.content.decode())"
    )
    place.more["DJANGO_SETTINGS_MODULE"] = "config.settings"
    ended = place.python("-W", "ignore", "-c", ask)
    assert ended.returncode == 0, ended.stderr
    status, _space, body = ended.stdout.partition(" ")
    return int(status), json.loads(body)


def test_all_is_lost_and_all_comes_back(city: City, keys: Keys, tmp_path: Path, target: Place) -> None:
    """The machine is destroyed for real, in a copy of the city: its database dropped, its folder removed."""
    file = backed_up(city, keys, tmp_path)
    lost = Place(tmp_path / "lost" / "var", target.database)
    said = target.done("restore", str(file), "--identity", str(keys.file), "--to", target.url)
    assert "Erased again: 0" in said
    assert rows_of(target) == city.rows
    assert files_of(target.var) == city.files
    assert health(target)[0] == 200
    # And once more, from what was put back.
    again = backed_up(City(target, {}, {}), keys, _folder(tmp_path / "second"))
    target.drop_database()
    shutil.rmtree(target.var)
    target.create_database()
    lost.done("restore", str(again), "--identity", str(keys.file))
    assert rows_of(lost) == city.rows
    assert files_of(lost.var) == city.files
    assert stat.S_IMODE((lost.var / "media").stat().st_mode) == 0o700


def test_nobody_reads_a_backup_without_the_key(city: City, keys: Keys, tmp_path: Path) -> None:
    file = backed_up(city, keys, tmp_path)
    sealed = file.read_bytes()
    for word in (b"canary", b"PGDMP", b"versions.json", b"a photo"):
        assert word not in sealed
    assert sealed.startswith(b"age-encryption.org/v1")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert sorted(path.name for path in tmp_path.iterdir()) == [file.name, f"{file.name}.sha256"]
    checked = subprocess.run(["sha256sum", "-c", f"{file.name}.sha256"], cwd=tmp_path, capture_output=True, check=False)
    assert checked.returncode == 0
    plain = pyrage.decrypt(sealed, [pyrage.x25519.Identity.from_str(keys.file.read_text().split()[-1])])
    with tarfile.open(fileobj=io.BytesIO(plain)) as tar:
        names = tar.getnames()
        parts = json.loads(tar.extractfile("parts.json").read())  # type: ignore[union-attr]  # it is a file
    assert (names[0], names[-1]) == ("versions.json", "parts.json")
    assert {"database", "files/media/ab/photo.jpg", "files/letters/1/letter.bin"} == set(parts)
    assert parts["files/media/ab/photo.jpg"] == hashlib.sha256(PHOTO).hexdigest()


def test_another_key_opens_nothing(city: City, keys: Keys, tmp_path: Path, target: Place) -> None:
    file = backed_up(city, keys, tmp_path)
    other = made_keys(_folder(tmp_path / "other"))
    said = target.refused("restore", str(file), "--identity", str(other.file))
    assert "cannot be opened with this key" in said
    nonsense = tmp_path / "nonsense"
    nonsense.write_text("AGE-SECRET-KEY-1NONSENSE\n")
    assert "is no key file" in target.refused("restore", str(file), "--identity", str(nonsense))
    assert "There is no key file" in target.refused("restore", str(file), "--identity", str(tmp_path / "none"))
    assert_untouched(target)


@pytest.mark.parametrize("where", ["start", "middle", "end", "cut off", "cut off at the start", "empty"])
def test_a_damaged_file_is_refused(where: str, city: City, keys: Keys, tmp_path: Path, target: Place) -> None:
    file = backed_up(city, keys, tmp_path)
    whole = bytearray(file.read_bytes())
    at = {"start": 40, "middle": len(whole) // 2, "end": len(whole) - 5}.get(where)
    if at is not None:
        whole[at] ^= 1
    else:
        del whole[{"cut off": len(whole) - 70_000, "cut off at the start": 10, "empty": 0}[where] :]
    file.write_bytes(bytes(whole))
    said = target.refused("restore", str(file), "--identity", str(keys.file))
    assert "damaged" in said or "cannot be opened" in said
    assert_untouched(target)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"postgresql": 14}, "PostgreSQL 14"),
        ({"format": 99}, "format 99"),
        ({"migrations": [["feed", "9999_of_next_year"]]}, "newer release (feed.9999_of_next_year)"),
        ({"key_sample": "gAAAAABsealed-by-another-key"}, "STOEP_DATA_KEY is not the one"),
    ],
    ids=["postgresql", "format", "migrations", "data key"],
)
def test_what_does_not_fit_is_refused(
    changed: dict[str, object], said: str, city: City, keys: Keys, target: Place
) -> None:
    file = repacked(backed_up(city, keys, _folder(target.var.with_name("backups"))), keys, {"versions.json": changed})
    assert said in target.refused("restore", str(file), "--identity", str(keys.file))
    assert_untouched(target)


def test_a_part_that_is_not_what_it_was_is_refused(city: City, keys: Keys, tmp_path: Path, target: Place) -> None:
    """Somebody with the public key alone could write such a file; the hashes inside do not fit."""
    file = repacked(backed_up(city, keys, tmp_path), keys, {"files/media/ab/photo.jpg": b"another photo"})
    said = target.refused("restore", str(file), "--identity", str(keys.file))
    assert "files/media/ab/photo.jpg is not what it was" in said
    assert_untouched(target)


def test_a_file_that_would_lie_elsewhere_is_refused(city: City, keys: Keys, tmp_path: Path, target: Place) -> None:
    file = repacked(backed_up(city, keys, tmp_path), keys, {"files/../../../evil": b"x"})
    assert "does not belong there" in target.refused("restore", str(file), "--identity", str(keys.file))
    assert_untouched(target)


def test_a_restore_writes_over_nothing(city: City, keys: Keys, tmp_path: Path) -> None:
    file = backed_up(city, keys, tmp_path)
    said = city.place.refused("restore", str(file), "--identity", str(keys.file))
    assert "not empty" in said
    assert rows_of(city.place) == city.rows


def test_a_backup_that_cannot_be_made_leaves_nothing(city: City, keys: Keys, tmp_path: Path) -> None:
    nowhere = city.place.refused("backup", "--to", str(tmp_path / "none"), "--recipient", keys.public)
    assert "no folder" in nowhere
    assert "no public key" in city.place.refused("backup", "--to", str(tmp_path), "--recipient", "age1nonsense")
    # No room for all of it.
    ended = city.place.shell(f"ulimit -f 8; exec $STOEP backup --to {tmp_path} --recipient {keys.public}")
    assert ended.returncode == 1
    assert ended.stderr.startswith("stoep: The backup could not be written: "), ended.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_dump_that_fails_is_told_and_leaves_nothing(city: City, keys: Keys, tmp_path: Path) -> None:
    """Planted: a table that our role may not read."""
    city.place.ask("CREATE TABLE closed (x int)")
    city.place.ask("CREATE ROLE a_backup_role LOGIN")
    try:
        city.place.ask("GRANT SELECT ON ALL TABLES IN SCHEMA public TO a_backup_role")
        city.place.ask("GRANT INSERT, UPDATE ON operations_installation TO a_backup_role")
        city.place.ask("REVOKE SELECT ON closed FROM a_backup_role")
        weak = Place(
            city.place.var,
            city.place.database,
            {"DATABASE_URL": city.place.url.replace("//stoep@", "//a_backup_role@")},
        )
        assert "pg_dump failed: " in weak.refused("backup", "--to", str(tmp_path), "--recipient", keys.public)
        assert list(tmp_path.iterdir()) == []
    finally:
        city.place.ask("DROP TABLE closed; DROP OWNED BY a_backup_role; DROP ROLE a_backup_role")


def test_backups_older_than_35_days_go_and_nothing_else(city: City, keys: Keys, tmp_path: Path) -> None:
    names = ("stoep-20200101T000000Z.tar.age", "stoep-20200101T000000Z.tar.age.sha256", "holiday.tar.age", "stoep-x")
    for name in names:
        (tmp_path / name).touch()
    city.place.done("backup", "--to", str(tmp_path), "--recipient", keys.public)
    left = {path.name for path in tmp_path.iterdir()}
    assert not left & set(names[:2])
    assert left >= set(names[2:])
    (age,) = city.place.ask("SELECT now() - backed_up_at < '1 minute' FROM operations_installation")
    assert age == (True,)


def test_the_site_stays_closed_until_erasures_are_applied(
    city: City, keys: Keys, tmp_path: Path, target: Place
) -> None:
    """Killed in between, or with a ledger that cannot be applied, it says 503; then the operator tries again."""
    file = backed_up(city, keys, tmp_path)
    target.done("restore", str(file), "--identity", str(keys.file))
    target.ask("UPDATE operations_installation SET restored_at = now() RETURNING 1")
    status, said = health(target)
    assert (status, said["status"], said["erasures"]) == (503, "trouble", False)
    assert "erasures not applied yet" in target.run("check").stdout
    for command in ("serve", "worker"):
        assert "reapply-erasures" in target.refused(command)
    target.done("reapply-erasures")
    assert health(target)[0] == 200


def repacked(file: Path, keys: Keys, changes: dict[str, object]) -> Path:
    """The same backup with other contents in some of its parts, sealed again for the same key."""
    plain = pyrage.decrypt(file.read_bytes(), [pyrage.x25519.Identity.from_str(keys.file.read_text().split()[-1])])
    made = io.BytesIO()
    with tarfile.open(fileobj=io.BytesIO(plain)) as before, tarfile.open(fileobj=made, mode="w") as after:
        left = dict(changes)
        for entry in before:
            content = before.extractfile(entry).read()  # type: ignore[union-attr]  # all are files
            change = left.pop(entry.name, None)
            if isinstance(change, dict):
                content = json.dumps(json.loads(content) | change).encode()
            elif isinstance(change, bytes):
                content = change
            _add(after, entry.name, content)
        for name, content in left.items():
            assert isinstance(content, bytes)
            _add(after, name, content)
    file.write_bytes(pyrage.encrypt(made.getvalue(), [pyrage.x25519.Recipient.from_str(keys.public)]))
    return file


def _add(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = len(content)
    tar.addfile(entry, io.BytesIO(content))


def assert_untouched(place: Place) -> None:
    assert place.ask("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == [(0,)]
    assert [path for path in place.var.rglob("*") if path.is_file()] == []


def _folder(path: Path) -> Path:
    path.mkdir(parents=True)
    return path


def test_who_was_erased_after_the_backup_stays_erased(city: City, keys: Keys, tmp_path: Path, target: Place) -> None:
    """The machine is lost an hour later: the backup still holds the neighbour, the copied ledger knows better."""
    file = backed_up(city, keys, tmp_path)
    target.done("restore", str(file), "--identity", str(keys.file))
    assert b"canary-title-of-neighbour" in whole_of(target)
    erased(target, "neighbour")
    assert b"canary-title-of-neighbour" not in whole_of(target)
    target.done("backup", "--only-ledger", "--to", str(tmp_path), "--recipient", keys.public)
    destroy(target)
    said = target.done("restore", str(file), "--identity", str(keys.file))
    assert "Erased again: 1" in said
    dump = whole_of(target)
    for word in (b"canary-title-of-neighbour", b"canary-body-of-neighbour"):
        assert word not in dump
    assert b"canary-title-of-second-neighbour" in dump
    assert files_of(target.var).items() >= city.files.items()
    assert health(target)[0] == 200
    # And without the copy, where the old folder survived but the database did not.
    target.drop_database()
    target.create_database()
    (tmp_path / "erased.age").unlink()
    assert "Erased again: 1" in target.done("restore", str(file), "--identity", str(keys.file))


def test_a_copy_of_the_list_that_another_key_sealed_changes_nothing(
    city: City, keys: Keys, tmp_path: Path, target: Place
) -> None:
    file = backed_up(city, keys, tmp_path)
    other = made_keys(_folder(tmp_path / "other"))
    sealed = pyrage.encrypt(b"{}\n", [pyrage.x25519.Recipient.from_str(other.public)])
    (tmp_path / "erased.age").write_bytes(sealed)
    said = target.refused("restore", str(file), "--identity", str(keys.file))
    assert "erased.age cannot be opened with this key" in said
    assert_untouched(target)
    said = target.refused("restore", str(file), "--identity", str(keys.file), "--ledger", str(tmp_path / "none"))
    assert "There is no file" in said


def erased(place: Place, key: str) -> None:
    """By the program's own verb, as the nightly job does."""
    script = (
        "import django; django.setup(); from stoep.common import clock; from stoep.feed.models import Post;"
        "from stoep.privacy.erasing import erase;"
        f"print(erase(Post.objects.get(title='canary-title-of-{key}').author_id, now=clock.now()))"
    )
    place.more["DJANGO_SETTINGS_MODULE"] = "config.settings"
    ended = place.python("-W", "ignore", "-c", script)
    assert ended.stdout.strip() == "True", ended.stderr


def whole_of(place: Place) -> bytes:
    """Every byte of the database, as text, and of the files that belong to it."""
    script = (
        "import django, subprocess, sys; django.setup(); from stoep.operations.database_clients import *;"
        "sys.exit(subprocess.run([client('pg_dump', server_major())], env=environment(), cwd='/').returncode)"
    )
    place.more["DJANGO_SETTINGS_MODULE"] = "config.settings"
    command = [sys.executable, "-W", "ignore", "-c", script]
    dump = subprocess.run(command, cwd=ROOT, env=place.environment, capture_output=True, check=True).stdout
    return dump + b"".join(path.read_bytes() for path in place.var.rglob("*") if path.is_file())


def destroy(place: Place) -> None:
    place.drop_database()
    shutil.rmtree(place.var)
    place.create_database()
