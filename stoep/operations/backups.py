"""`stoep backup`: the database and all files in one encrypted file that only the owner of the key can open.

A tar file, streamed through age: `versions.json` first, so that a restore knows at once whether it can be read here;
then the database in pieces and every file below STOEP_VAR; `parts.json` last, with the SHA-256 of each. Nothing lies
unencrypted on the disk in between, and the file has its name only when it is whole.
"""

import hashlib
import io
import json
import os
import platform
import re
import subprocess
import tarfile
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import IO, Any

import pyrage
from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from stoep.operations import erasures
from stoep.operations.database_clients import client, environment, server_major
from stoep.operations.models import Installation
from stoep.operations.trouble import OperatorError

FORMAT = 1
PIECE = 16_000_000
KEPT_FOR = timedelta(days=35)
NAME = re.compile(r"stoep-(\d{8}T\d{6})Z\.tar\.age(?:\.sha256)?")
# What belongs to this machine and not to the city; and the list of who was erased, which is kept apart on purpose.
NOT_KEPT = {"postgres", "test-postgres", "run", "log", "mailbox", "demo", "journeys", "backups", erasures.FOLDER}
VERSIONS, PARTS, DATABASE, FILES = "versions.json", "parts.json", "database", "files"


class BackupError(OperatorError):
    pass


@dataclass(frozen=True)
class Backup:
    path: Path
    sha256: str
    files: int
    pruned: int


def make(*, folder: Path, recipients: list[str], now: datetime) -> Backup:
    """Write one, forget those older than 35 days, note when. Raises BackupError, and leaves nothing half done."""
    keys = [_recipient(one) for one in recipients]
    if not folder.is_dir() or not os.access(folder, os.W_OK):
        raise BackupError(f"{folder} is no folder that can be written.")
    path = folder / f"stoep-{now.astimezone(UTC):%Y%m%dT%H%M%S}Z.tar.age"
    draft = folder / f".{path.name}.part"
    try:
        digest, files = _write(draft, keys, now=now)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    Path(f"{path}.sha256").write_text(f"{digest}  {path.name}\n")
    copy_ledger(folder=folder, recipients=recipients)
    Installation.here()
    Installation.objects.update(backed_up_at=now)
    return Backup(path, digest, files, _forget_old(folder, now))


def copy_ledger(*, folder: Path, recipients: list[str]) -> Path | None:
    """Who was erased, beside the backups but not in them, always the newest: ids that mean nothing by themselves."""
    words = erasures.read_ledger()
    if words is None:
        return None
    path = folder / "erased.age"
    draft = path.with_name(".erased.age.part")
    _private(draft).close()
    draft.write_bytes(pyrage.encrypt(words, [_recipient(one) for one in recipients]))
    draft.replace(path)
    return path


def _recipient(text: str) -> Any:
    try:
        return pyrage.x25519.Recipient.from_str(text)
    except pyrage.RecipientError as error:
        raise BackupError(f"“{text}” is no public key of age (age1…).") from error


def _write(draft: Path, keys: list[Any], *, now: datetime) -> tuple[str, int]:
    """The tar goes in at one end of a pipe, by a thread, and comes out encrypted at the other."""
    source, sink = os.pipe()
    complaints = draft.with_name(f"{draft.name}.said")
    packing = _Packing(sink, versions(now=now), complaints)
    packing.start()
    try:
        with closing(_private(draft)) as target, os.fdopen(source, "rb") as plain:
            counted = _Digesting(target)
            pyrage.encrypt_io(plain, counted, keys)
            target.flush()
            os.fsync(target.fileno())
    except (OSError, pyrage.EncryptError) as error:
        raise BackupError(f"The backup could not be written: {error}") from error
    finally:
        packing.join()
        complaints.unlink(missing_ok=True)
    if packing.error is not None:
        raise packing.error
    return counted.digest.hexdigest(), packing.files


class _Packing(threading.Thread):
    def __init__(self, sink: int, known: dict[str, Any], complaints: Path) -> None:
        super().__init__(name="backup")
        self._sink, self._known = sink, known
        self._complaints = complaints
        self._dump = _dumping(complaints)
        self.error: BaseException | None = None
        self.files = 0

    def run(self) -> None:
        try:
            with os.fdopen(self._sink, "wb") as sink, tarfile.open(fileobj=sink, mode="w|") as tar:
                self._pack(tar)
        except BaseException as error:  # noqa: BLE001  told by the thread that waits for this one
            self.error = error
            self._dump.kill()
        finally:
            if self._dump.stdout is not None:
                self._dump.stdout.close()
            self._dump.wait()

    def _pack(self, tar: tarfile.TarFile) -> None:
        add_bytes(tar, VERSIONS, json.dumps(self._known, indent=1).encode())
        parts = {DATABASE: self._pack_database(tar)}
        for name, path in files_below(Path(settings.STOEP_VAR)):
            if (digest := _add_file(tar, f"{FILES}/{name}", path)) is not None:
                parts[f"{FILES}/{name}"] = digest
                self.files += 1
        add_bytes(tar, PARTS, json.dumps(parts, indent=1).encode())

    def _pack_database(self, tar: tarfile.TarFile) -> str:
        """In pieces, because a tar file must know each part's length before it begins."""
        digest = hashlib.sha256()
        stdout: Any = self._dump.stdout
        for number, piece in enumerate(iter(lambda: stdout.read(PIECE), b"")):
            digest.update(piece)
            add_bytes(tar, f"{DATABASE}/{number:06}", piece)
        if self._dump.wait():
            said = self._complaints.read_text(errors="replace").strip().splitlines()
            raise BackupError(f"pg_dump failed: {said[-1] if said else self._dump.returncode}")
        return digest.hexdigest()


def _dumping(complaints: Path) -> "subprocess.Popen[bytes]":
    command = [str(client("pg_dump", server_major())), "--format=custom", "--no-owner", "--no-acl", "--no-comments"]
    with complaints.open("wb") as stderr:
        return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=stderr, env=environment(), cwd="/")


class _Digesting:
    """A file that knows the SHA-256 of what went into it."""

    def __init__(self, target: IO[bytes]) -> None:
        self._target = target
        self.digest = hashlib.sha256()

    def write(self, data: bytes) -> int:
        self.digest.update(data)
        return self._target.write(data)

    def flush(self) -> None:
        self._target.flush()


def versions(*, now: datetime) -> dict[str, Any]:
    """What a restore must know before it begins."""
    try:
        release = version("stoep")
    except PackageNotFoundError:
        release = "checkout"
    return {
        "format": FORMAT,
        "made_at": now.isoformat(),
        "stoep": release,
        "postgresql": server_major(),
        "python": platform.python_version(),
        "migrations": sorted(map(list, MigrationRecorder(connection).applied_migrations())),
        "key_sample": Installation.here().key_sample,
    }


def files_below(folder: Path) -> Iterator[tuple[str, Path]]:
    """(name, path) of everything that belongs to the city; links are not followed."""
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        is_citys = name.parts[0] not in NOT_KEPT and not name.parts[0].startswith(".")
        if is_citys and not path.is_symlink() and path.is_file():
            yield name.as_posix(), path


def add_bytes(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = len(content), 0o600
    tar.addfile(entry, io.BytesIO(content))


def _add_file(tar: tarfile.TarFile, name: str, path: Path) -> str | None:
    """None: it went while we looked, as letters do once they are received."""
    try:
        content = path.open("rb")
    except FileNotFoundError:
        return None
    with content:
        entry = tarfile.TarInfo(name)
        entry.size, entry.mode = os.fstat(content.fileno()).st_size, 0o600
        digest = hashlib.file_digest(content, "sha256").hexdigest()
        content.seek(0)
        tar.addfile(entry, content)
    return digest


def _private(path: Path) -> IO[bytes]:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")


def _forget_old(folder: Path, now: datetime) -> int:
    """By the moment in their names; other files in the folder are not ours."""
    gone = 0
    for path in folder.iterdir():
        if (found := NAME.fullmatch(path.name)) is not None:
            made = datetime.strptime(found[1], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
            if now - made > KEPT_FOR:
                path.unlink()
                gone += not path.name.endswith(".sha256")
    return gone
