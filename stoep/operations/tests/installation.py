"""A real installation in a folder: its own database, its own STOEP_VAR, its own keys; driven by the command alone."""

import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from psycopg import sql

from stoep.operations.preparing import ROOT

KEYS = {
    "STOEP_SECRET_KEY": "a long random key 1 for the rehearsals: JqXw0-83kfPzVmT",
    "STOEP_DATA_KEY": "a long random key 2 for the rehearsals: b7RyLh_41nCoSdQ",
}


@dataclass
class Place:
    """`run("migrate")` is `stoep migrate` with nothing in its environment but what stands here."""

    var: Path
    database: str
    more: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return beside(self.database)

    @property
    def environment(self) -> dict[str, str]:
        clean = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG"}}
        own = {"DATABASE_URL": self.url, "STOEP_VAR": str(self.var), "PYTHONPATH": str(ROOT)}
        return clean | KEYS | own | {"STOEP_ALLOWED_HOSTS": "buurt.diepenbeek.example"} | self.more

    def run(self, *words: str) -> "subprocess.CompletedProcess[str]":
        return self.python("-m", "stoep.operations.command_line", *words)

    def python(self, *words: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, *words], cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False
        )

    def shell(self, line: str) -> "subprocess.CompletedProcess[str]":
        """`$STOEP` is the command."""
        own = self.environment | {"STOEP": f"{sys.executable} -m stoep.operations.command_line"}
        return subprocess.run(["sh", "-c", line], cwd=ROOT, env=own, capture_output=True, text=True, check=False)

    def done(self, *words: str) -> str:
        ended = self.run(*words)
        assert ended.returncode == 0, ended.stdout + ended.stderr
        return ended.stdout

    def refused(self, *words: str) -> str:
        """What it said, in one line."""
        ended = self.run(*words)
        assert ended.returncode == 1, ended.stdout + ended.stderr
        assert ended.stderr.startswith("stoep: "), ended.stderr
        assert ended.stderr.count("\n") == 1, ended.stderr
        return ended.stderr

    def ask(self, query: str) -> "list[tuple[object, ...]]":
        with psycopg.connect(self.url, autocommit=True) as connection:
            found: list[tuple[object, ...]] = []
            for part in query.split("; "):
                cursor = connection.execute(part.encode())
                found = list(cursor.fetchall()) if cursor.description else []
            return found

    def create_database(self, *, like: "Place | None" = None) -> None:
        """Empty, or a copy of another place's, to which nobody is connected."""
        self.drop_database()
        names = sql.Identifier(self.database), sql.Identifier(like.database if like else "template0")
        with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(*names))

    def drop_database(self) -> None:
        with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
            name = sql.Identifier(self.database)
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))


def beside(name: str) -> str:
    """The address of another database on the tests' own server."""
    before, _, query = os.environ["DATABASE_URL"].partition("?")
    return f"{before.rsplit('/', 1)[0]}/{name}" + (f"?{query}" if query else "")


def database_name(purpose: str) -> str:
    """Of this run alone: several may use the same server."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    return f"{purpose}_{os.environ.get('STOEP_TEST_DATABASE', 'stoep')}_{worker}"
