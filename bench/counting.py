"""How many statements something asks of the database."""

from collections.abc import Callable
from typing import Any

from django.db import connection


def statements_of(act: Callable[[], Any]) -> int:
    """Those that Django sends while `act` runs; savepoints and commits are none."""
    asked: list[str] = []

    def count(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        asked.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(count):
        act()
    return len(asked)
