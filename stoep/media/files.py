"""The files behind photos. What came lies sealed until it is made anew; what is served lies by municipality.

files/uploads/<photo>.sealed          as it came: read once, by the job, then gone
files/photos/<municipality>/<ab>/<photo>/<size>.webp
"""

import hashlib
import os
import secrets
import shutil
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from stoep.common.crypto import key_for
from stoep.common.images import Rendition

_NONCE_BYTES = 12


class FileSpoiledError(Exception):
    """A file that was changed or cut off since it was written."""


def keep_upload(photo_id: UUID, content: bytes) -> None:
    nonce = secrets.token_bytes(_NONCE_BYTES)
    sealed = AESGCM(key_for("media.upload")).encrypt(nonce, content, photo_id.bytes)
    _write(_upload(photo_id), nonce + sealed)


def read_upload(photo_id: UUID) -> bytes:
    """Raises FileNotFoundError or FileSpoiledError."""
    found = _upload(photo_id).read_bytes()
    nonce, sealed = found[:_NONCE_BYTES], found[_NONCE_BYTES:]
    try:
        return AESGCM(key_for("media.upload")).decrypt(nonce, sealed, photo_id.bytes)
    except (InvalidTag, ValueError) as error:
        raise FileSpoiledError(str(photo_id)) from error


def forget_upload(photo_id: UUID) -> None:
    _upload(photo_id).unlink(missing_ok=True)


def keep_renditions(municipality_id: UUID, photo_id: UUID, renditions: Mapping[str, Rendition]) -> None:
    for size, rendition in renditions.items():
        _write(path_of(municipality_id, photo_id, size), rendition.content)


def path_of(municipality_id: UUID, photo_id: UUID, size: str) -> Path:
    """`size` comes from the list of sizes, never from an address as it was typed."""
    return _folder_of(municipality_id, photo_id) / f"{size}.webp"


def is_sound(path: Path, digest: str) -> bool:
    """Whether the file is there and still as it was written."""
    return path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == digest


def remove(municipality_id: UUID, photo_id: UUID) -> None:
    forget_upload(photo_id)
    shutil.rmtree(_folder_of(municipality_id, photo_id), ignore_errors=True)


def on_disk(before: datetime) -> Iterator[tuple[UUID, UUID | None]]:
    """Every photo of which a file lies there since before this moment, with its municipality (none: an upload)."""
    for path in sorted((_root() / "uploads").glob("*.sealed")):
        if path.stat().st_mtime < before.timestamp():
            yield UUID(path.stem), None
    for folder in sorted((_root() / "photos").glob("*/*/*")):
        if folder.stat().st_mtime < before.timestamp():
            yield UUID(folder.name), UUID(folder.parts[-3])


def _folder_of(municipality_id: UUID, photo_id: UUID) -> Path:
    return _root() / "photos" / str(municipality_id) / photo_id.hex[-2:] / str(photo_id)


def _upload(photo_id: UUID) -> Path:
    return _root() / "uploads" / f"{photo_id}.sealed"


def _root() -> Path:
    return Path(settings.STOEP_VAR) / "files"


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all, and for nobody else on this machine."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = path.with_name(f".{secrets.token_hex(8)}.unfinished")
    try:
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
