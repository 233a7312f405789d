"""A PostgreSQL and databases of the benches' own, below `var/bench`; whatever was generated is used again."""

import os
from pathlib import Path
from urllib.parse import quote, urlsplit

import psycopg
from psycopg import sql

from stoep.operations import postgres
from stoep.operations.preparing import folder_for_data
from stoep.operations.trouble import OperatorError

# Real settings, as a city would have them: no demo, no debugging. The keys guard nothing but generated people.
SETTINGS = {
    "DJANGO_SETTINGS_MODULE": "config.settings",
    "STOEP_SECRET_KEY": "bench: sessions of generated people, 0123456789abcdef",
    "STOEP_DATA_KEY": "bench: addresses of generated people, 0123456789abcdef",
    "STOEP_ALLOWED_HOSTS": "*",
    "STOEP_PROXIES": "1",
    "STOEP_SMTP_SECURITY": "none",
    "PYTHONUNBUFFERED": "1",
}


def folder() -> Path:
    """Where the benches keep their PostgreSQL, their files and their logs."""
    var = folder_for_data()
    return var if var.name == "bench" else var / "bench"  # once prepared, this process takes it for its own data folder


def prepare(name: str) -> None:
    """Makes this process a Stoep on the database `name`, created and migrated where needed."""
    place = folder()
    server = postgres.ensure_running(place)
    _create(server, name)
    for setting in ("STOEP_DEMO", "STOEP_TEST", "STOEP_DEBUG"):
        os.environ.pop(setting, None)
    os.environ.update(SETTINGS, DATABASE_URL=_named(server, name), STOEP_VAR=str(place))
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", interactive=False, verbosity=0)


def release() -> None:
    """Ends the PostgreSQL that `prepare` started; the data stays."""
    from django.db import connections

    connections.close_all()
    postgres.stop(folder())


def empty() -> None:
    """Takes away every city and everything in it; refuses any database but those of benches and tests."""
    from django.db import connection

    name = connection.settings_dict["NAME"]
    if not name.startswith(("bench_", "test_")):
        raise OperatorError(f"{name} is no database of the benches.")
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE places_municipality, django_session, procrastinate_jobs CASCADE")


def current_url(*, program: str = "") -> str:
    """The address of the database that this process works on; `program`: the name its connections should bear."""
    from django.db import connection

    known = connection.settings_dict
    host = quote(known["HOST"], safe="/")
    name = f"&application_name={program}" if program else ""
    return f"postgresql://{known['USER']}@/{quote(known['NAME'])}?host={host}{name}"


def server_version() -> str:
    from django.db import connection

    connection.ensure_connection()
    number = connection.pg_version
    return f"{number // 10000}.{number % 10000}"


def _create(server: str, name: str) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is None:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))


def _named(server: str, name: str) -> str:
    return urlsplit(server)._replace(path=f"/{name}").geturl()
