"""`./dev demo`: one clear line when it cannot start, one whole when it runs, nothing left when it has ended."""

import contextlib
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from stoep.operations import demonstration, postgres, preparing
from stoep.operations.preparing import ROOT, PreparationError
from stoep.operations.supervisor import Supervisor

HOST = "127.0.0.1"
# Of the tests' own surroundings: the demo shall find its own.
OURS = {"DATABASE_URL", "STOEP_TEST", "STOEP_TEST_DATABASE", "STOEP_VAR", "DJANGO_SETTINGS_MODULE"}
SECONDS_TO_BUILD, SECONDS_TO_START, SECONDS_TO_END = 400, 60, 30


def surroundings(var: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in OURS}
    return kept | {"STOEP_VAR": str(var), "PYTHONPATH": str(ROOT)} | more


def command(port: int, *words: str) -> list[str]:
    return [sys.executable, "-m", "stoep.operations.development", "demo", "--port", str(port), *words]


def refused(var: Path, port: int, *words: str, **more: str) -> str:
    """What a start says that does not come off."""
    done = subprocess.run(
        command(port, *words), env=surroundings(var, **more), capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 2
    return done.stderr


def free_port() -> int:
    """The first of three in a row that nobody uses."""
    for first in range(21000 + os.getpid() % 1000 * 3, 32000, 3):
        with contextlib.suppress(OSError), contextlib.ExitStack() as held:
            for port in range(first, first + 3):
                held.enter_context(socket.create_server((HOST, port)))
            return first
    raise OSError("no three free ports in a row")


@contextlib.contextmanager
def running(var: Path, port: int, *, seconds: int) -> "Iterator[subprocess.Popen[str]]":
    """Started, and past its welcome."""
    log = var.parent / "said.log"
    with log.open("w") as said:
        process = subprocess.Popen(command(port), env=surroundings(var), stdout=said, stderr=said, text=True)
    try:
        assert wait_until(lambda: "Ctrl-C ends it" in log.read_text() or process.poll() is not None, seconds)
        assert process.poll() is None, log.read_text()
        yield process
    finally:
        process.kill()
        process.wait()


def wait_until(truth: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if truth():
            return True
        time.sleep(0.1)
    return truth()


def get(port: int, page: str) -> tuple[int, str]:
    with contextlib.closing(http.client.HTTPConnection(HOST, port, timeout=30)) as connection:
        connection.request("GET", page)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()


def lose_every_other(connection: "psycopg.Connection[tuple[Any, ...]]") -> None:
    """As when the database is started anew: no connection of a page server outlives it."""
    lost = connection.execute(
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    ).fetchone()
    assert lost is not None
    assert lost[0] > 0


def left_of(var: Path) -> list[str]:
    """The programs and the database server of this folder that still live."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            arguments = (process / "cmdline").read_bytes()
            marked = f"STOEP_SUPERVISED={var}".encode() in (process / "environ").read_bytes().split(b"\0")
            if arguments and (marked or str(var / "postgres").encode() in arguments.split(b"\0")):
                found.append(arguments.decode())
    return found


@pytest.mark.parametrize("after", [0, 1, 2], ids=["web", "live", "mailbox"])
def test_a_stranger_on_a_port_is_named_in_one_line(after: int, tmp_path: Path) -> None:
    port = free_port()
    with socket.create_server((HOST, port + after)):
        said = refused(tmp_path, port)
    assert re.fullmatch(rf"dev: Port {port + after} is taken by .+ \./dev demo --port \d+\n", said)
    assert not (tmp_path / "postgres").exists()


def test_a_second_start_says_where_the_first_runs(tmp_path: Path) -> None:
    port = free_port()
    first = Supervisor(var=tmp_path, programs=(), address=f"http://{HOST}:{port}/")
    with first.alone():
        assert refused(tmp_path, free_port()) == f"dev: The demo of this folder already runs at {first.address}.\n"


def test_fresh_never_throws_away_a_database_that_is_not_the_demos(tmp_path: Path) -> None:
    said = refused(tmp_path, free_port(), "--fresh", DATABASE_URL="postgresql:///hasselt")
    assert said.startswith("dev: --fresh only rebuilds the demo's own database")
    assert said.count("\n") == 1


def test_a_disk_without_room_is_said_before_anything_is_made(tmp_path: Path) -> None:
    preparing.require_room(tmp_path, 1, "the demo city")
    with pytest.raises(PreparationError, match=r"has [\d,]+ MB left; the demo city needs about 1,000,000,000 MB"):
        preparing.require_room(tmp_path, 10**15, "the demo city")


def test_fresh_throws_away_the_old_citys_rows_and_files_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    for name in ("mailbox/old.eml", "letters/run/0001.sealed", "demo/register.json", "log/web.log", "mine/photo.jpg"):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).touch()
    try:
        with psycopg.connect(postgres.ensure_running(tmp_path), autocommit=True) as connection:
            connection.execute("CREATE TABLE kept (number int)")
        demonstration.throw_away(tmp_path)
        with psycopg.connect(postgres.ensure_running(tmp_path)) as connection:
            assert connection.execute("SELECT to_regclass('kept')").fetchone() == (None,)
    finally:
        postgres.stop(tmp_path)
    assert {one.name for one in tmp_path.iterdir()} == {"log", "mine", "postgres", "run"}


@pytest.mark.parametrize("port", ["0", "65534", "eighty"])
def test_a_port_that_cannot_be_is_not_understood(port: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [*command(1)[:-1], port], env=surroundings(tmp_path), capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 2
    assert "between 1 and 65533" in done.stderr


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000/"),
        ("0.0.0.0", "http://127.0.0.1:8000/"),
        ("::", "http://[::1]:8000/"),
        ("192.0.2.7", "http://192.0.2.7:8000/"),
    ],
)
def test_the_printed_address_can_be_opened(host: str, address: str) -> None:
    assert demonstration.address_of(host, 8000) == address


def test_the_demo_runs_ends_comes_back_after_a_kill_and_has_lost_nothing(tmp_path: Path) -> None:
    """The whole of it once: it takes as long as building a city takes."""
    var, port = tmp_path / "var", free_port()
    with running(var, port, seconds=SECONDS_TO_BUILD) as first:
        status, health = get(port, "/health/")
        assert (status, json.loads(health)["status"]) == (200, "ok")
        status, page = get(port, "/demo/")
        assert status == 200
        assert "Marie Peeters" in page
        letters, at_the_desk = 3, 1
        assert len(re.findall(r"\d{4} \d{4} \d{4}", page)) == letters + at_the_desk
        assert wait_until(lambda: len(list((var / "mailbox").glob("*.eml"))) > 20, SECONDS_TO_START)
        assert "already runs" in refused(var, free_port())
        with psycopg.connect(postgres.server_of(var, "demo").url) as connection:
            posts = connection.execute("SELECT count(*) FROM feed_post").fetchone()
        first.kill()
        first.wait()
    started = time.monotonic()
    with running(var, port, seconds=SECONDS_TO_START) as second:
        assert time.monotonic() - started < SECONDS_TO_START
        assert get(port, "/health/")[0] == 200
        with psycopg.connect(postgres.server_of(var, "demo").url) as connection:
            assert connection.execute("SELECT count(*) FROM feed_post").fetchone() == posts
            for _ in range(2):
                assert [get(port, "/demo/")[0] for _ in range(8)] == 8 * [200]
                lose_every_other(connection)
        second.send_signal(signal.SIGTERM)
        assert second.wait(SECONDS_TO_END) == 0
    assert wait_until(lambda: left_of(var) == [], 5), left_of(var)
