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
from http import HTTPStatus
from pathlib import Path

import psycopg
from psycopg import sql

from stoep.operations import demonstration, preparing
from stoep.operations.preparing import ROOT, folder_for_data
from stoep.operations.supervisor import Supervisor

HOST = "127.0.0.1"
SECONDS_TO_START = 60


@dataclass
class Town:
    """`address` ends with a slash. `codes` are letter codes that nobody has used; each test takes its own.

    `facts` are the ids of what `filling.py` made, by name.
    """

    address: str
    var: Path
    database: str
    codes: list[str] = field(default_factory=list)
    facts: dict[str, str] = field(default_factory=dict)

    def take_code(self) -> str:
        return self.codes.pop()

    def log(self, name: str) -> str:
        return (self.var / "log" / f"{name}.log").read_text()


@contextlib.contextmanager
def town(name: str) -> Iterator[Town]:
    """Build it, start it, and take it down again whole."""
    var = folder_for_data() / "journeys" / name
    shutil.rmtree(var, ignore_errors=True)
    var.mkdir(parents=True)
    port = _free_ports()
    database = _fresh_database(f"journeys_{name}")
    settings = demonstration.environment(database=database, host=HOST, port=port) | {"STOEP_VAR": str(var)}
    settings |= {"STOEP_TEST": "", "STOEP_TEST_DATABASE": ""}
    preparing.translations()
    preparing.built_files()
    _run("django", "migrate", "--no-input", settings=settings)
    _run("tests.journeys.settle", settings=settings)
    filled = json.loads((var / "facts.json").read_text())
    made = Town(demonstration.address_of(HOST, port), var, database, filled["codes"], filled["facts"])
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


def _run(*module: str, settings: dict[str, str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", *module], cwd=ROOT, env=settings, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
