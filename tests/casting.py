"""The cast for every test without making it every time: the first is made as ever, the others are its rows once more.

Making it costs a fifth of a second of a hundred statements, and three thousand tests ask for it. Its statements are
noted the first time and sent again as one; the people are the pickled ones. So ids are the same in each test of a
process, as if it had begun anew.
"""

import pickle
from collections.abc import Callable
from typing import Any

from django.db import connection
from psycopg import ClientCursor

from stoep.operations.cast import Cast, make_cast

WRITES = ("INSERT", "UPDATE")


class Casting:
    """Knows the rows of the cast once it was asked for."""

    def __init__(self) -> None:
        self._statements = ""
        self._pickled = b""

    def cast(self) -> Cast:
        if not self._pickled:
            return self._made()
        with connection.cursor() as cursor:
            cursor.connection.execute(self._statements, prepare=False)
        again: Cast = pickle.loads(self._pickled)  # noqa: S301  our own, of a moment ago
        return again

    def _made(self) -> Cast:
        written: list[str] = []

        def note(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
            if sql.startswith(WRITES):
                written.append(ClientCursor(connection.connection).mogrify(sql, params))
            return execute(sql, params, many, context)

        with connection.execute_wrapper(note):
            made = make_cast()
        self._statements, self._pickled = ";\n".join(written), pickle.dumps(made)
        return made
