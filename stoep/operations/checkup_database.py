"""What `stoep check` asks of the database: that it fits, that the key fits it, that work and backups go on."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import OperationalError, connection

from stoep.delivery import queue
from stoep.operations.finding import Finding, Look, warning, well, wrong
from stoep.operations.health import migrations_missing
from stoep.operations.models import Hosting, Installation
from stoep.places.models import Municipality

OLDEST, NEWEST = 15, 18
SKEW, SKEW_ALLOWED = timedelta(seconds=30), timedelta(seconds=2)
BACKUP_LATE = timedelta(hours=26)


def database(now: datetime) -> Iterator[Finding]:
    """All that needs an answer comes after the question whether there is one."""
    try:
        connection.ensure_connection()
    except OperationalError as error:
        said = str(error).strip().splitlines()[0]
        yield wrong("database", f"It does not answer: {said}", "Check DATABASE_URL, and that PostgreSQL runs.")
        return
    for look in (_version, _encoding, _rights, _clock, _tables):
        yield from look(now)


def _version(_now: datetime) -> Iterator[Finding]:
    major = connection.pg_version // 10_000  # type: ignore[attr-defined]  # PostgreSQL's own
    if major < OLDEST:
        yield wrong("database", f"PostgreSQL {major} is too old.", f"Use PostgreSQL {OLDEST} to {NEWEST}.")
    elif major > NEWEST:
        yield warning("database", f"PostgreSQL {major} was never tried.", f"Use PostgreSQL {OLDEST} to {NEWEST}.")
    else:
        yield well("database", f"PostgreSQL {major} answers.")


def _encoding(_now: datetime) -> Iterator[Finding]:
    encoding = _one("SELECT pg_encoding_to_char(encoding) FROM pg_database WHERE datname = current_database()")
    if encoding == "UTF8":
        yield well("database", "Its texts are UTF-8.")
    else:
        yield wrong("database", f"Its encoding is {encoding}.", "createdb --encoding=UTF8 --template=template0")
    wanted = _needed_extensions()
    there = {name for (name,) in _rows("SELECT name FROM pg_available_extensions")}
    if missing := wanted - there:
        yield wrong("database", f"Extensions are missing: {', '.join(sorted(missing))}.", "apt-get install postgresql")


def _needed_extensions() -> set[str]:
    """Those that a migration makes; asked of the migrations, so that a new one is not forgotten here."""
    from django.contrib.postgres.operations import CreateExtension
    from django.db.migrations.loader import MigrationLoader

    every = MigrationLoader(None, ignore_no_migrations=True).disk_migrations.values()
    return {step.name for one in every for step in one.operations if isinstance(step, CreateExtension)}


def _rights(_now: datetime) -> Iterator[Finding]:
    is_super, bypasses, makes = _rows(
        "SELECT rolsuper, rolbypassrls, has_schema_privilege(current_user, 'public', 'CREATE')"
        " FROM pg_roles WHERE rolname = current_user"
    )[0]
    role = _one("SELECT current_user")
    if not makes:
        yield wrong("database", f"{role} may not make tables.", f"ALTER DATABASE … OWNER TO {role}")
    if is_super or bypasses:
        yield warning(
            "database", f"{role} may do everything in the whole server.", f"CREATE ROLE stoep LOGIN; not {role}."
        )
    elif makes:
        yield well("database", f"{role} has the rights it needs, and no more.")


def _clock(now: datetime) -> Iterator[Finding]:
    from stoep.common import clock

    del now  # looks may take long: what counts is the moment of asking
    before = clock.now()
    theirs = _one("SELECT clock_timestamp()")
    skew = abs(theirs - before)
    said = f"The clocks of this machine and the database are {skew.total_seconds():.1f} s apart."
    if skew > SKEW:
        yield wrong("clock", said, "Let both follow a time server: apt-get install systemd-timesyncd")
    elif skew > SKEW_ALLOWED:
        yield warning("clock", said, "Let both follow a time server.")
    else:
        yield well("clock", said)


def _tables(now: datetime) -> Iterator[Finding]:
    missing = migrations_missing()
    if missing:
        yield wrong("migrations", f"{len(missing)} are not applied, the first: {missing[0]}.", "stoep migrate")
        return
    yield well("migrations", "All are applied.")
    for look in (_key, _worker, _backup, _restored, _cities):
        yield from look(now)


def _key(_now: datetime) -> Iterator[Finding]:
    row = Installation.objects.filter(id=1).first()
    if row is None:
        yield warning("data key", "No sample of it was kept yet.", "stoep migrate")
    elif row.key_fits:
        yield well("data key", "STOEP_DATA_KEY fits what lies in the database.")
    else:
        mend = "Put the old STOEP_DATA_KEY back. Without it no e-mail address and no letter code can be read."
        yield wrong("data key", "STOEP_DATA_KEY is not the one that sealed this database.", mend)


def _worker(now: datetime) -> Iterator[Finding]:
    beat = queue.last_sign_of_life()
    if beat is None or now - beat > timedelta(seconds=queue.SILENT_FOR):
        since = "ever" if beat is None else f"since {beat:%Y-%m-%d %H:%M} UTC"
        yield wrong("worker", f"No worker has worked {since}.", "Start it: stoep worker")
    else:
        yield well("worker", "It works.")
    waiting = queue.waiting(now=now)
    if waiting.oldest_seconds > 600:  # noqa: PLR2004  ten minutes
        said = f"{waiting.count} jobs wait, the oldest for {waiting.oldest_seconds // 60} minutes."
        yield warning("worker", said, "Look at its log; perhaps the mail server is away.")


def _backup(now: datetime) -> Iterator[Finding]:
    row = Installation.objects.filter(id=1).first()
    made = row.backed_up_at if row else None
    mend = "stoep backup --to FOLDER --recipient age1…  (docs/operate/backup.md)"
    if made is None:
        yield warning("backup", "None was ever made.", mend)
    elif now - made > BACKUP_LATE:
        yield wrong("backup", f"The last one is of {made:%Y-%m-%d %H:%M} UTC.", mend)
    else:
        yield well("backup", f"The last one is of {made:%Y-%m-%d %H:%M} UTC.")


def _restored(_now: datetime) -> Iterator[Finding]:
    row = Installation.objects.filter(id=1).first()
    if row is not None and row.restored_at is not None:
        yield wrong("restore", "Restored, and erasures not applied yet.", "stoep reapply-erasures")


def _cities(_now: datetime) -> Iterator[Finding]:
    cities = list(Municipality.objects.order_by("slug"))
    if not cities:
        yield warning("cities", "There is none yet.", "stoep municipality add NAME --host HOST")
    hosting = {one.municipality_id for one in Hosting.objects.all()}
    for city in cities:
        if "*" not in settings.ALLOWED_HOSTS and city.host not in settings.ALLOWED_HOSTS:
            yield wrong("cities", f"{city.host} is not in STOEP_ALLOWED_HOSTS.", "Add it, and start the pages anew.")
        elif city.pk not in hosting:
            mend = "stoep municipality hosting: say who runs this server (docs/operate/roles.md)"
            yield warning("cities", f"Who runs the server of {city.name} was never said.", mend)
        else:
            yield well("cities", f"{city.name} at {city.host}.")


def _one(query: str) -> Any:
    return _rows(query)[0][0]


def _rows(query: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return list(cursor.fetchall())


LOOKS: tuple[Look, ...] = (database,)
