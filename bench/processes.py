"""Starts servers as a city would, and reads from /proc what processor time and memory they took."""

import contextlib
import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from bench import databases
from stoep.operations.preparing import ROOT
from stoep.operations.trouble import OperatorError

TICKS = os.sysconf("SC_CLK_TCK")
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
SECONDS_TO_ANSWER = 60.0
SECONDS_TO_END = 10.0


@contextlib.contextmanager
def serving(name: str, command: list[str], *, port: int, settings: dict[str, str]) -> Iterator[int]:
    """Runs `python -m COMMAND` until the block ends; gives the number of its first process once it answers."""
    log = databases.folder() / "log" / f"{name}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", *command],
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": str(ROOT)} | settings,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        _wait_until_it_answers(process, port, log)
        yield process.pid
    finally:
        _end(process)


def processor_seconds(pid: int) -> float:
    """What this process and all below it have used so far, in user and system mode, those that ended included."""
    return sum(_ticks(each) for each in family(pid)) / TICKS


def backends(program: str) -> dict[int, float]:
    """PostgreSQL's processes for the connections named `program`, with their seconds; empty where it runs elsewhere."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pid FROM pg_stat_activity WHERE application_name = %s", [program])
        found = [pid for (pid,) in cursor.fetchall()]
    return {pid: _ticks(pid) / TICKS for pid in found if (Path("/proc") / str(pid)).exists()}


def resident_bytes(pid: int) -> int:
    """The memory that this process and all below it hold now."""
    return sum(int(_read(each, "statm").split()[1]) * PAGE_BYTES for each in family(pid))


def peak_bytes(pid: int) -> int:
    """The most memory that this one process ever held."""
    for line in _read(pid, "status").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    return 0


def family(pid: int) -> list[int]:
    """The process and everything that it started."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            parents[int(stat.parent.name)] = int(_fields(stat.read_text())[1])
    found = [pid]
    for each in found:
        found += [child for child, parent in parents.items() if parent == each]
    return found


def _ticks(pid: int) -> int:
    """User and system time, of the process and of its children that ended."""
    with contextlib.suppress(OSError):
        return sum(int(number) for number in _fields(_read(pid, "stat"))[11:15])
    return 0


def _fields(stat: str) -> list[str]:
    """The fields behind the program's name, which may hold spaces."""
    return stat.rpartition(")")[2].split()


def _read(pid: int, name: str) -> str:
    return (Path("/proc") / str(pid) / name).read_text()


def _wait_until_it_answers(process: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    deadline = time.monotonic() + SECONDS_TO_ANSWER
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        with contextlib.closing(connection), contextlib.suppress(OSError, http.client.HTTPException):
            connection.request("GET", "/health/")
            connection.getresponse().read()
            return
        time.sleep(0.1)
    raise OperatorError(f"A server of the bench does not answer: see {log}")


def _end(process: "subprocess.Popen[bytes]") -> None:
    for number in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(SECONDS_TO_END)
