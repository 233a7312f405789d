"""Sessions as Django keeps them in the database, read by one short statement: every page begins with it.

Read anew on each request, so that signing out works at once in every worker.
"""

from typing import Any

from django.contrib.sessions.backends import db
from django.db import connection

from stoep.common import clock

LOAD_SQL = "SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > %s"


class SessionStore(db.SessionStore):
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
