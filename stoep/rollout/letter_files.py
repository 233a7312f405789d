"""Files of a letter run: whoever holds them can join anywhere, so they lie sealed, are fetched once, then forgotten.

Promises: no code stands readable on disk, a file is there whole or not at all, and no file passes for another.
"""

import contextlib
import csv
import io
import os
import re
import secrets
import shutil
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from stoep.common.crypto import key_for
from stoep.joining import codes
from stoep.rollout.letter_words import Letter, LetterLayout, addressee

COLUMNS = ("number", "code", "addressee", "street_line", "city_line", "url")

_NONCE_BYTES = 12
_NAME = re.compile(r"[a-z0-9][a-z0-9.-]{0,60}")
_RUN = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_SUFFIX = ".sealed"
# A batch shrinks to a third at the lowest level; higher ones cost more time than they save room.
_COMPRESSION = 1
# A spreadsheet runs a cell that opens with one of these.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


class FileSpoiledError(Exception):
    """A sealed file that was changed, cut off, or sealed for another place or with another key."""


def letter_csv(layout: LetterLayout, letters: Sequence[Letter], *, first_number: int = 1) -> bytes:
    """The same doors and codes for a printing house: UTF-8 with byte order mark, semicolons, every cell in quotes."""
    text = io.StringIO(newline="")
    rows = csv.writer(text, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    rows.writerow(COLUMNS)
    to_residents = addressee(layout)
    for number, letter in enumerate(letters, start=first_number):
        url = layout.code_url(letter.code)
        cells = [codes.shown(letter.code), to_residents, letter.street_line, letter.city_line, url]
        rows.writerow([number, *map(_harmless, cells)])
    return text.getvalue().encode("utf-8-sig")


def store(run_id: UUID, batch: int, name: str, content: bytes) -> None:
    """Keep `content` sealed as `name` ("letters.pdf") of a batch; an older one is replaced whole or not at all."""
    path = _path(run_id, batch, name)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = path.with_name(f".{secrets.token_hex(8)}.unfinished")
    try:
        with _private_file(unfinished) as file:
            file.write(seal_file(zlib.compress(content, _COMPRESSION), label=_label(path)))
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    _settle(path.parent)


def fetch(run_id: UUID, batch: int, name: str) -> bytes:
    """The content behind `store`; raises FileNotFoundError or FileSpoiledError."""
    return _read(_path(run_id, batch, name))


def names(run_id: UUID) -> list[str]:
    """What there is to fetch, in order, as it is called in the zip: `0001-letters.pdf`."""
    return [path.name.removesuffix(_SUFFIX) for path in _sealed_files(run_id)]


def zip_of(run_id: UUID) -> Iterator[bytes]:
    """Every file of the run as one zip, piece by piece: one batch in memory at a time."""
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED, compresslevel=_COMPRESSION) as archive:
        for path in _sealed_files(run_id):
            entry = zipfile.ZipInfo(path.name.removesuffix(_SUFFIX))
            entry.external_attr = 0o600 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, _read(path))
            yield sink.take()
    yield sink.take()


def forget(run_id: UUID) -> None:
    """Remove everything of the run, unfinished files included; nothing to remove is fine."""
    with contextlib.suppress(FileNotFoundError):
        shutil.rmtree(_folder(run_id))


def kept_runs() -> list[UUID]:
    """The runs that have files, so that a cleaner finds those whose time is over."""
    if not _root().is_dir():
        return []
    return sorted(UUID(folder.name) for folder in _root().iterdir() if _RUN.fullmatch(folder.name))


def seal_file(content: bytes, *, label: str = "") -> bytes:
    """Encrypted and authenticated (AES-256-GCM), a fresh nonce in front; opens only under the same `label`."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return nonce + _cipher().encrypt(nonce, content, label.encode())


def open_file(sealed: bytes, *, label: str = "") -> bytes:
    """The content behind `seal_file`; raises FileSpoiledError."""
    try:
        return _cipher().decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], label.encode())
    except (InvalidTag, ValueError) as error:
        raise FileSpoiledError from error


class _Sink(io.RawIOBase):
    """Where the zip is written to, to be taken away at once; not seekable, so zipfile writes strictly forwards."""

    def __init__(self) -> None:
        super().__init__()
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, piece: object) -> int:
        self._pieces.append(bytes(piece))  # type: ignore[call-overload] # zipfile hands over bytes and memoryviews
        return len(self._pieces[-1])

    def take(self) -> bytes:
        taken, self._pieces = b"".join(self._pieces), []
        return taken


def _read(path: Path) -> bytes:
    return zlib.decompress(open_file(path.read_bytes(), label=_label(path)))


def _label(path: Path) -> str:
    """Binds a file to its run, batch and name."""
    return f"{path.parent.name}/{path.name}"


def _path(run_id: UUID, batch: int, name: str) -> Path:
    if not _NAME.fullmatch(name):
        raise ValueError(f"not a file name: {name!r}")
    return _folder(run_id) / f"{batch:04d}-{name}{_SUFFIX}"


def _sealed_files(run_id: UUID) -> list[Path]:
    return sorted(_folder(run_id).glob(f"*{_SUFFIX}"))


def _folder(run_id: UUID) -> Path:
    return _root() / str(UUID(str(run_id)))


def _root() -> Path:
    return Path(settings.STOEP_VAR) / "letters"


def _private_file(path: Path) -> io.BufferedWriter:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _settle(folder: Path) -> None:
    """Make the new name itself survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _cipher() -> AESGCM:
    return AESGCM(key_for("rollout.letters"))


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA_STARTS) else cell
