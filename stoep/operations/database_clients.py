"""`pg_dump` and `pg_restore` of the very version that the server has: another one writes what it cannot read back."""

import os
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings

from stoep.operations.postgres import program_folders
from stoep.operations.trouble import OperatorError


class NoClientError(OperatorError):
    pass


def client(name: str, major: int) -> Path:
    """The program's path. Raises NoClientError, which says what to install."""
    for folder in program_folders():
        program = folder / name
        if os.access(program, os.X_OK) and _major(program) == major:
            return program
    raise NoClientError(
        f"There is no {name} of PostgreSQL {major}, the database's version: apt-get install postgresql-client-{major}"
    )


@cache
def _major(program: Path) -> int:
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False, cwd="/").stdout
    return int(said.split()[2].split(".")[0]) if said else 0


def environment() -> dict[str, str]:
    """How the clients reach our database: by their environment, so that no password stands among the processes."""
    place = settings.DATABASES["default"]
    named = {"PGDATABASE": "NAME", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGHOST": "HOST", "PGPORT": "PORT"}
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LD_LIBRARY_PATH"}}
    more = {"PGSSLMODE": "sslmode", "PGSSLROOTCERT": "sslrootcert"}
    kept |= {name: str(place["OPTIONS"][key]) for name, key in more.items() if key in place["OPTIONS"]}
    return kept | {name: str(place[key]) for name, key in named.items() if place[key]} | {"PGCLIENTENCODING": "UTF8"}


def connect() -> "psycopg.Connection[tuple[Any, ...]]":
    """Beside Django, whose own connection may belong to a database that is just being put back."""
    place = settings.DATABASES["default"]
    named = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    facts = {name: str(place[key]) for name, key in named.items() if place[key]}
    return psycopg.connect(**facts, autocommit=True)  # type: ignore[arg-type]  # words of a connection, all text


def server_major() -> int:
    with connect() as connection:
        return connection.info.server_version // 10_000
