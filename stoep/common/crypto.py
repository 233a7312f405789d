"""Keyed hashes and sealed texts. The key lies outside the database (`STOEP_DATA_KEY`), one derived key per purpose."""

import base64
import hashlib
import hmac
from functools import cache
from typing import TYPE_CHECKING, Any

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import models


@cache
def key_for(purpose: str) -> bytes:
    """32 bytes derived from the data key, different for every purpose."""
    secret = settings.STOEP_DATA_KEY.encode()
    return HKDF(algorithm=SHA256(), length=32, salt=b"stoep", info=purpose.encode()).derive(secret)


def keyed_hash(purpose: str, text: str) -> str:
    """64 hexadecimal digits that nobody can compute or reverse without the key: for look-ups of what is not stored."""
    return hmac.new(key_for(purpose), text.encode(), hashlib.sha256).hexdigest()


def seal(purpose: str, text: str) -> str:
    """Encrypted and authenticated text (Fernet), base64."""
    return _fernet(purpose).encrypt(text.encode()).decode()


def unseal(purpose: str, sealed: str) -> str:
    """The text behind `seal`; raises `cryptography.fernet.InvalidToken` when it was tampered with."""
    return _fernet(purpose).decrypt(sealed.encode()).decode()


def seal_bytes(purpose: str, content: bytes) -> bytes:
    """As `seal`, for files."""
    return _fernet(purpose).encrypt(content)


def unseal_bytes(purpose: str, sealed: bytes) -> bytes:
    return _fernet(purpose).decrypt(sealed)


@cache
def _fernet(purpose: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(key_for(purpose)))


if TYPE_CHECKING:
    _TextField = models.TextField[Any, Any]
else:  # Django's fields take no type arguments when the program runs
    _TextField = models.TextField


class SealedTextField(_TextField):
    """Text that lies encrypted in the database; in migrations it is Django's plain TextField."""

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.TextField", args, kwargs

    def get_prep_value(self, value: Any) -> Any:
        return seal(self._purpose, str(value)) if value else value

    def from_db_value(self, value: str | None, _expression: Any, _connection: Any) -> str | None:
        return unseal(self._purpose, value) if value else value

    @property
    def _purpose(self) -> str:
        return f"{self.model._meta.db_table}.{self.column}"  # noqa: SLF001  Django's documented way
