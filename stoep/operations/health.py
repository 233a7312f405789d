"""Whether this installation is well: the database answers, its tables fit the program, the work does not pile up."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from stoep.delivery.models import Mail, OutboxEntry

# Work older than this means that no worker runs, or that the mail server is away.
LATE = timedelta(minutes=10)


@dataclass(frozen=True)
class Health:
    database: bool
    migrations: bool = False
    work_is_late: bool = False

    @property
    def is_well(self) -> bool:
        return self.database and self.migrations


def health(*, now: datetime) -> Health:
    """No personal data: three truths. Late work is said, but pages can still be served."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        if not _needed() <= set(MigrationRecorder(connection).applied_migrations()):
            return Health(database=True)
        late = now - LATE
        waiting = OutboxEntry.objects.filter(handled_at=None, told_at__lt=late).exists()
        unsent = Mail.objects.filter(state=Mail.State.WAITING, due_at__lt=late).exists()
        return Health(database=True, migrations=True, work_is_late=waiting or unsent)
    except DatabaseError:
        return Health(database=False)


@cache
def _needed() -> frozenset[tuple[str, str]]:
    """The migrations of this program, read once: anybody may ask how we are, and often."""
    return frozenset(MigrationLoader(None, ignore_no_migrations=True).graph.nodes)
