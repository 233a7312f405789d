"""`stoep restore`: a backup becomes an installation again, in an empty database; and nobody who was erased comes back.

Everything is decrypted and checked before the first row is written. The site says 503 until the erasures are applied.
"""

import hashlib
import json
import os
import shutil
import subprocess
import tarfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

import pyrage
from cryptography.fernet import InvalidToken
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from stoep.common.crypto import unseal
from stoep.operations import erasures, health
from stoep.operations.backups import DATABASE, FILES, FORMAT, PARTS, VERSIONS
from stoep.operations.database_clients import client, connect, environment, server_major
from stoep.operations.models import PURPOSE, Installation
from stoep.operations.trouble import OperatorError


class RestoreRefusedError(OperatorError):
    """Nothing was changed."""


class RestoreFailedError(OperatorError):
    """Something may have been written: the database must be emptied before the next try."""


@dataclass(frozen=True)
class Restored:
    made_at: str
    files: int
    erased: int


def restore(file: Path, *, identity: Path, ledger: Path | None, now: datetime) -> Restored:
    """Put `file` back where the settings say. Raises RestoreRefusedError or RestoreFailedError."""
    keys = _identities(identity)
    if not file.is_file():
        raise RestoreRefusedError(f"There is no file {file}.")
    _require_empty()
    var = Path(settings.STOEP_VAR)
    var.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _workshop(var) as workshop:
        _unpack(file, keys, workshop)
        known = _checked(workshop)
        _read_ledger(ledger or file.with_name("erased.age"), keys, is_wanted=ledger is not None)
        health.close_for_restore()
        _fill_database(workshop / DATABASE, known)
        files = _place_files(workshop / FILES, var)
    connection.close()
    call_command("migrate", interactive=False, verbosity=0)
    Installation.objects.update(restored_at=now)
    return Restored(known["made_at"], files, open_again(now=now))


def open_again(*, now: datetime) -> int:
    """Erase again whoever was erased since the backup, and only then let health say that all is well."""
    erased = erasures.reapply(now=now)
    Installation.objects.update(restored_at=None)
    health.open_after_restore()
    return erased


def read_ledger(path: Path, *, identity: Path) -> None:
    """Take over a copy of the list of who was erased. Raises RestoreRefusedError."""
    _read_ledger(path, _identities(identity), is_wanted=True)


def _identities(path: Path) -> list[Any]:
    """As `age-keygen` writes them: comments, and one key a line."""
    if not path.is_file():
        raise RestoreRefusedError(f"There is no key file {path}.")
    lines = [line.strip() for line in path.read_text().splitlines()]
    try:
        found = [pyrage.x25519.Identity.from_str(line) for line in lines if line and not line.startswith("#")]
    except pyrage.IdentityError as error:
        raise RestoreRefusedError(f"{path} is no key file of age (AGE-SECRET-KEY-1…).") from error
    if not found:
        raise RestoreRefusedError(f"{path} holds no key.")
    return found


def _require_empty() -> None:
    with connect() as database:
        row = database.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
    if row is None or row[0]:
        raise RestoreRefusedError("The database is not empty. A restore never writes over anything: name an empty one.")


@contextmanager
def _workshop(var: Path) -> Iterator[Path]:
    """A private folder on the disk to which the files will go; emptied whatever happens."""
    folder = var / ".restore"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _unpack(file: Path, keys: list[Any], workshop: Path) -> None:
    """Decrypted by a thread into a pipe; whatever age has not proven is never seen."""
    source, sink = os.pipe()
    decrypting = _Decrypting(file, keys, sink)
    decrypting.start()
    error: Exception | None = None
    try:
        with os.fdopen(source, "rb") as plain, tarfile.open(fileobj=plain, mode="r|") as tar:
            for entry in tar:
                _write_entry(tar, entry, workshop)
            while plain.read(1 << 20):  # to the end, so that age has proven all of it
                pass
    except (tarfile.TarError, EOFError) as broken:
        error = broken
    finally:
        decrypting.join()
    if decrypting.error is not None:
        raise decrypting.error
    if error is not None:
        raise RestoreRefusedError(f"{file.name} is damaged: {error}")


class _Decrypting(threading.Thread):
    def __init__(self, file: Path, keys: list[Any], sink: int) -> None:
        super().__init__(name="restore")
        self._file, self._keys, self._sink = file, keys, sink
        self.error: RestoreRefusedError | None = None

    def run(self) -> None:
        with suppress(BrokenPipeError), os.fdopen(self._sink, "wb") as sink, self._file.open("rb") as source:
            try:
                pyrage.decrypt_io(source, sink, self._keys)
            except pyrage.DecryptError as error:
                is_other_key = "key" in str(error).lower()
                said = "cannot be opened with this key" if is_other_key else "is damaged"
                self.error = RestoreRefusedError(f"{self._file.name} {said} ({error}).")
            except OSError as error:
                self.error = RestoreRefusedError(f"{self._file.name} is damaged ({error}).")


def _write_entry(tar: tarfile.TarFile, entry: tarfile.TarInfo, workshop: Path) -> None:
    """Only plain files, only below the workshop: a backup is trusted only as far as it must be."""
    name = PurePosixPath(entry.name)
    if not entry.isfile() or name.is_absolute() or ".." in name.parts:
        raise RestoreRefusedError(f"The backup holds something that does not belong there: {entry.name}")
    if name.parts[0] == FILES or len(name.parts) == 1:
        target = workshop / name
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        mode = "wb"
    else:
        target, mode = workshop / DATABASE, "ab"
    content: Any = tar.extractfile(entry)
    with content, target.open(mode) as kept:
        shutil.copyfileobj(content, kept, 1 << 20)
    if entry.name == VERSIONS:
        _require_versions(json.loads(target.read_bytes()))


def _require_versions(known: dict[str, Any]) -> None:
    """Asked before anything else is unpacked."""
    if known["format"] != FORMAT:
        raise RestoreRefusedError(f"The backup has format {known['format']}; this release reads {FORMAT}.")
    if known["postgresql"] != server_major():
        raise RestoreRefusedError(
            f"The backup is of PostgreSQL {known['postgresql']}, this server is {server_major()}: restore it on its own"
            " version, then upgrade PostgreSQL."
        )
    ours = {f"{app}.{name}" for app, name in MigrationLoader(None, ignore_no_migrations=True).graph.nodes}
    if unknown := [f"{app}.{name}" for app, name in known["migrations"] if f"{app}.{name}" not in ours]:
        raise RestoreRefusedError(f"The backup is of a newer release ({unknown[0]}): install that release first.")
    try:
        unseal(PURPOSE, known["key_sample"])
    except InvalidToken as error:
        raise RestoreRefusedError(
            "STOEP_DATA_KEY is not the one of the backup: without it no e-mail address can be read."
        ) from error


def _checked(workshop: Path) -> dict[str, Any]:
    """What the backup says of itself, once every part has the hash that it should have."""
    try:
        parts: dict[str, str] = json.loads((workshop / PARTS).read_bytes())
        known: dict[str, Any] = json.loads((workshop / VERSIONS).read_bytes())
    except FileNotFoundError as error:
        raise RestoreRefusedError("The backup is cut off: its end is missing.") from error
    for name, digest in parts.items():
        path = workshop / name
        if not path.is_file() or _digest(path) != digest:
            raise RestoreRefusedError(f"The backup is damaged: {name} is not what it was.")
    return known


def _digest(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _read_ledger(path: Path, keys: list[Any], *, is_wanted: bool) -> None:
    if path.is_file():
        try:
            erasures.merge(pyrage.decrypt(path.read_bytes(), keys))
        except pyrage.DecryptError as error:
            raise RestoreRefusedError(f"{path} cannot be opened with this key ({error}).") from error
    elif is_wanted:
        raise RestoreRefusedError(f"There is no file {path}.")


def _fill_database(dump: Path, known: dict[str, Any]) -> None:
    """In one transaction: whole or not at all."""
    command = [str(client("pg_restore", int(known["postgresql"]))), "--no-owner", "--no-acl", "--single-transaction"]
    command += ["--exit-on-error", "--dbname", environment()["PGDATABASE"], str(dump)]
    done = subprocess.run(command, env=environment(), capture_output=True, text=True, check=False, cwd="/")
    if done.returncode:
        said = done.stderr.strip().splitlines()
        raise RestoreFailedError(f"pg_restore failed: {said[-1] if said else done.returncode}")
    with connect() as database:
        database.execute("ANALYZE")


def _place_files(source: Path, var: Path) -> int:
    """What lies there already and belongs to no backup stays."""
    count = 0
    for path in sorted(source.rglob("*")):
        if path.is_file():
            target = var / path.relative_to(source)
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            path.replace(target)
            count += 1
    return count
