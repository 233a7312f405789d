"""Sessions as Django keeps them in the database, read by one short statement: every page begins with it.

Read anew on each request, so that signing out works at once in every worker.
"""

from typing import Any

from django.contrib.sessions.backends import db
from django.db import connection

from stoep.common import clock

LOAD_SQL = "SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > %s"
LONGEST_KEY = 40


class SessionStore(db.SessionStore):
    def _validate_session_key(self, key: str | None) -> bool:
        """As we make them: a cookie may hold what the database cannot even be asked for."""
        return key is not None and len(key) <= LONGEST_KEY and key.isascii() and key.isalnum()

    def load(self) -> dict[str, Any]:
        """The session's content; of one that is unknown or over nothing, not even its key."""
        with connection.cursor() as cursor:
            cursor.execute(LOAD_SQL, [self.session_key, clock.now()])
            row = cursor.fetchone()
        if row is None:
            self._session_key = None
            return {}
        content: dict[str, Any] = self.decode(row[0])
        return content
