"""Identifiers: UUIDv7, made in the app, so that a municipality can move to another database and rows sort by time."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

import uuid_utils.compat
from django.db import models

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def new_id(moment: datetime | None = None) -> UUID:
    """A fresh UUIDv7; with `moment`, one that sorts at that moment (milliseconds)."""
    if moment is None:
        return uuid_utils.compat.uuid7()
    return uuid_utils.compat.uuid7(nanoseconds=_milliseconds(moment) * 1_000_000)


def least_id(moment: datetime) -> UUID:
    """The smallest UUIDv7 of that millisecond: a bound for 'since' and 'before' in keyset queries."""
    return UUID(int=(_milliseconds(moment) << 80) | (0x7 << 76) | (0b10 << 62))


def _milliseconds(moment: datetime) -> int:
    """Since 1970, in whole numbers: a float of seconds is now and then one short."""
    return (moment - EPOCH) // timedelta(milliseconds=1)


if TYPE_CHECKING:
    _UUIDField = models.UUIDField[Any, Any]
else:  # Django's fields take no type arguments when the program runs
    _UUIDField = models.UUIDField


class IdField(_UUIDField):
    """The primary key of every table. In migrations it is Django's plain field: they may not import `stoep`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("primary_key", True)
        kwargs.setdefault("default", new_id)
        kwargs.setdefault("editable", False)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        name, _path, args, kwargs = super().deconstruct()
        kwargs.pop("default", None)
        return name, "django.db.models.UUIDField", args, kwargs
