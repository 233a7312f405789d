"""What the tests' own connection has prepared stays prepared, also when a test ends and is rolled back.

psycopg forgets all of it at every rollback, because a table may have gone with it: so each test, and each request of
the walk, had every statement planned anew. No test makes a table in what it undoes; what makes or changes one for good
(DROP, ALTER) still makes psycopg forget.
"""

import re
from collections.abc import Sequence
from typing import Any

from django.db.backends.signals import connection_created
from psycopg._preparing import Prepare, PrepareManager
from psycopg.pq.abc import PGresult

# More than there are different statements in the program.
MOST = 5000
FORGETTING = re.compile(rb"(?:DROP|ALTER|DISCARD ALL|DEALLOCATE ALL)\b")


class Lasting(PrepareManager):
    """Forgets nothing at a rollback, of which psycopg tells it by `clear` or by an answer of the server."""

    prepared_max = MOST

    def clear(self) -> bool:
        return False

    def _should_discard(self, prep: Prepare, results: Sequence[PGresult], *_pattern: Any) -> bool:
        del prep
        has_changed = any(FORGETTING.match(result.command_status or b"") for result in results)
        return has_changed and super().clear()


def last() -> None:
    """From now on, for every connection that Django makes in this process."""
    connection_created.connect(_keep, dispatch_uid="tests.statements")


def _keep(*, connection: Any, **_signal: Any) -> None:
    """The threshold is the connection's own, as the settings gave it."""
    lasting = Lasting()
    lasting.prepare_threshold = connection.connection.prepare_threshold
    connection.connection._prepared = lasting
