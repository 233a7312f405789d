"""`stoep migrate`: the database is brought up to date while the site runs. It waits for no lock longer than 2 seconds.

Whoever waits for a lock on a table makes everybody wait behind: so it gives up, lets the site go on, and tries again.
"""

import time

from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, OperationalError, connection, connections

from stoep.operations.models import Installation
from stoep.operations.trouble import OperatorError

LOCK_TIMEOUT = "2s"
# Seconds between the tries: about two minutes in all.
PAUSES = (1, 2, 5, 10, 15, 20, 30, 30)
LOCK_NOT_AVAILABLE = "55P03"


def migrate(*, is_dry_run: bool = False, pauses: tuple[float, ...] = PAUSES) -> None:
    """Raises OperatorError when somebody holds a table all the time; what was applied until then stays applied."""
    if is_dry_run:
        call_command("migrate", plan=True, interactive=False)
        return
    for pause in (*pauses, None):
        if _is_done():
            Installation.here()
            return
        if pause is not None:
            print(f"A table is in use; the site goes on. Trying again in {pause} s.", flush=True)
            time.sleep(pause)
    raise OperatorError(
        "A table was in use all the time, so not all migrations are applied. The release that runs goes on working."
        " Try again at a quiet hour; `SELECT * FROM pg_stat_activity` shows who holds it."
    )


def _is_done() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, false)", [LOCK_TIMEOUT])
        call_command("migrate", interactive=False)
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", None) != LOCK_NOT_AVAILABLE:
            raise
        _forget_connection()
        return False
    return True


def _forget_connection() -> None:
    """A constraint that could not be made leaves Django inside the transaction: only a new connection is out of it."""
    held = connections[DEFAULT_DB_ALIAS].connection
    if held is not None:
        held.close()
    del connections[DEFAULT_DB_ALIAS]
