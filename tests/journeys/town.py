"""A whole Stoep as `./dev demo` runs it: web, live, worker and mailbox in processes, on a database of its own."""

import contextlib
import http.client
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from stoep.operations import demonstration, preparing
from stoep.operations.preparing import ROOT, folder_for_data
from stoep.operations.supervisor import Supervisor

HOST = "127.0.0.1"
SECONDS_TO_START = 60
MOMENTS = """
SELECT table_name, array_agg(column_name::text) FROM information_schema.columns JOIN information_schema.tables
USING (table_schema, table_name) WHERE table_schema = 'public' AND table_type = 'BASE TABLE'
AND data_type = 'timestamp with time zone' AND table_name !~ '^(django|procrastinate)_' GROUP BY table_name
"""


@dataclass
class Town:
    """`address` ends with a slash. `codes` are letter codes that nobody has used; each test takes its own.

    `facts` are the ids of what `filling.py` made, by name. `settings`: what its programs run with.
    """

    address: str
    var: Path
    database: str
    codes: list[str] = field(default_factory=list)
    facts: dict[str, str] = field(default_factory=dict)
    settings: dict[str, str] = field(default_factory=dict)

    def take_code(self) -> str:
        return self.codes.pop()

    def log(self, name: str) -> str:
        return (self.var / "log" / f"{name}.log").read_text()

    def let_days_pass(self, days: int) -> None:
        """All that ever happened, happened so much earlier: the programs that run notice no more than that."""
        with psycopg.connect(self.database, autocommit=True) as connection:
            for table, columns in connection.execute(MOMENTS).fetchall():
                changes = sql.SQL(", ").join(
                    sql.SQL("{0} = {0} - %(by)s").format(sql.Identifier(one)) for one in columns
                )
                moved = sql.SQL("UPDATE {} SET {}").format(sql.Identifier(table), changes)
                connection.execute(moved, {"by": timedelta(days=days)})

    def ask(self, question: str, *words: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.database) as connection:
            return connection.execute(question.encode(), words).fetchall()

    def tables_with(self, word: str) -> set[str]:
        """Those of which a row holds it, anywhere."""
        found = set()
        with psycopg.connect(self.database) as connection:
            for (table,) in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"):
                rows = sql.SQL("SELECT 1 FROM {0} WHERE {0}::text LIKE %s LIMIT 1").format(sql.Identifier(table))
                if connection.execute(rows, [f"%{word}%"]).fetchone():
                    found.add(table)
        return found

    def command(self, *words: str) -> str:
        """`stoep`, as the operator types it; answers what it says."""
        return _run("stoep.operations.command_line", *words, settings=self.settings)

    def do(self, *work: str) -> str:
        """What the worker would do at another hour, by `later.py`; answers what it says."""
        return _run("tests.journeys.later", *work, settings=self.settings)


@contextlib.contextmanager
def town(name: str) -> Iterator[Town]:
    """Build it, start it, and take it down again whole."""
    var = folder_for_data() / "journeys" / name
    shutil.rmtree(var, ignore_errors=True)
    var.mkdir(parents=True)
    port = _free_ports()
    database = _fresh_database(f"journeys_{name}")
    settings = demonstration.environment(database=database, host=HOST, port=port) | {"STOEP_VAR": str(var)}
    settings |= {"STOEP_TEST": "", "STOEP_TEST_DATABASE": "", "STOEP_UNDO_SECONDS": "3"}
    preparing.translations()
    preparing.built_files()
    _run("django", "migrate", "--no-input", settings=settings)
    _run("tests.journeys.settle", settings=settings)
    filled = json.loads((var / "facts.json").read_text())
    made = Town(demonstration.address_of(HOST, port), var, database, filled["codes"], filled["facts"], settings)
    with _running(made, settings, port):
        yield made
    shutil.rmtree(var, ignore_errors=True)


@contextlib.contextmanager
def _running(made: Town, settings: dict[str, str], port: int) -> Iterator[None]:
    supervisor = Supervisor(var=made.var, programs=demonstration.programs(settings, host=HOST, port=port))
    try:
        for program in supervisor.programs:
            supervisor._start(program)
        _wait_for(port, "/health/", supervisor)
        _wait_for(port + 2, "", supervisor)
        yield
    finally:
        supervisor._end_all()


def _wait_for(port: int, page: str, supervisor: Supervisor) -> None:
    """Until something listens there and, if a page is named, answers it with 200."""
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline:
        supervisor.check()
        with contextlib.suppress(OSError):
            if not page:
                socket.create_connection((HOST, port), timeout=1).close()
                return
            with contextlib.closing(http.client.HTTPConnection(HOST, port, timeout=5)) as connection:
                connection.request("GET", page)
                if connection.getresponse().status == HTTPStatus.OK:
                    return
        time.sleep(0.1)
    raise TimeoutError(f"{port} {page}")


def _free_ports() -> int:
    """The first of three ports in a row that nobody uses."""
    for base in range(18000 + os.getpid() % 1000 * 3, 30000, 3):
        with contextlib.suppress(OSError), contextlib.ExitStack() as held:
            for port in range(base, base + 3):
                trial = held.enter_context(socket.socket())
                trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                trial.bind((HOST, port))
            return base
    raise OSError("no three free ports in a row")


def _fresh_database(name: str) -> str:
    """Beside the tests' own database, on the same server."""
    server = os.environ["DATABASE_URL"]
    with psycopg.connect(server, autocommit=True) as connection:
        place = sql.Identifier(name)
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(place))
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(place))
    before, _, query = server.partition("?")
    return f"{before.rsplit('/', 1)[0]}/{name}" + (f"?{query}" if query else "")


def _run(*module: str, settings: dict[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, "-m", *module], cwd=ROOT, env=settings, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
