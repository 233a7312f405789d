"""Whether this installation is well: the database answers, its tables fit the program, the work does not pile up."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from stoep.delivery.models import Mail, OutboxEntry
from stoep.operations.models import Installation
from stoep.operations.trouble import OperatorError

# Work older than this means that no worker runs, or that the mail server is away.
LATE = timedelta(minutes=10)


@dataclass(frozen=True)
class Health:
    database: bool
    migrations: bool = False
    erasures: bool = False
    work_is_late: bool = False

    @property
    def is_well(self) -> bool:
        return self.database and self.migrations and self.erasures


def health(*, now: datetime) -> Health:
    """No personal data: four truths. Late work is said, but pages can still be served.

    `erasures` is false between a restore and the moment when whoever was erased since the backup is erased again.
    """
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        if migrations_missing():
            return Health(database=True)
        late = now - LATE
        waiting = OutboxEntry.objects.filter(handled_at=None, told_at__lt=late).exists()
        unsent = Mail.objects.filter(state=Mail.State.WAITING, due_at__lt=late).exists()
        erasures = not is_closed_for_restore()
        return Health(database=True, migrations=True, erasures=erasures, work_is_late=waiting or unsent)
    except DatabaseError:
        return Health(database=False)


def is_closed_for_restore() -> bool:
    """From before the first row is put back until the erasures are applied again, whatever breaks in between."""
    return _mark().exists() or Installation.objects.exclude(restored_at=None).exists()


def close_for_restore() -> None:
    _mark().parent.mkdir(parents=True, exist_ok=True)
    _mark().touch()


def open_after_restore() -> None:
    _mark().unlink(missing_ok=True)


def require_erasures_applied() -> None:
    """Raises OperatorError between a restore and its end. A database that is away is no reason: it may come back."""
    try:
        is_closed = is_closed_for_restore()
    except DatabaseError:
        is_closed = _mark().exists()
    if is_closed:
        raise OperatorError("Restored, and erasures not applied yet: stoep reapply-erasures")


def _mark() -> Path:
    return Path(settings.STOEP_VAR) / "run" / "restoring"


def migrations_missing() -> list[str]:
    """Those of this program that the database does not have yet, in order of their names."""
    missing = _needed() - set(MigrationRecorder(connection).applied_migrations())
    return [f"{app}.{name}" for app, name in sorted(missing)]


@cache
def _needed() -> frozenset[tuple[str, str]]:
    """The migrations of this program, read once: anybody may ask how we are, and often."""
    return frozenset(MigrationLoader(None, ignore_no_migrations=True).graph.nodes)
