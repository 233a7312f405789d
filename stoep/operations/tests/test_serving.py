"""`stoep serve` becomes the page server itself: it answers, restarts a worker that dies, and ends when told to."""

import contextlib
import http.client
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from stoep.operations.preparing import ROOT
from stoep.operations.tests.test_demonstration import HOST, free_port, get, wait_until

SECONDS_TO_START = 60
PAGE = "/health/"


@pytest.fixture
def served(tmp_path: Path) -> "Iterator[tuple[subprocess.Popen[bytes], int]]":
    """On the tests' server, whose own database has no tables: the page says so, and that is an answer."""
    port = free_port()
    more = {"STOEP_PORT": str(port), "STOEP_VAR": str(tmp_path), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "stoep.operations.command_line", "serve", "--workers", "1"]
    with (tmp_path / "serve.log").open("wb") as log:
        process = subprocess.Popen(command, env=os.environ | more, stdout=log, stderr=log)
    try:
        assert wait_until(lambda: answers(port), SECONDS_TO_START), (tmp_path / "serve.log").read_text()
        yield process, port
    finally:
        # Killed at once it would leave its worker behind.
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(20)
        process.kill()
        process.wait()


def answers(port: int) -> bool:
    with contextlib.suppress(OSError, http.client.HTTPException):
        return get(port, PAGE)[0] in {200, 503}
    return False


def workers_of(server: int) -> list[int]:
    children = Path(f"/proc/{server}/task/{server}/children").read_text().split()
    found = [int(child) for child in children]
    return [child for child in found if b"resource_tracker" not in Path(f"/proc/{child}/cmdline").read_bytes()]


def test_it_answers_and_ends(served: "tuple[subprocess.Popen[bytes], int]") -> None:
    server, port = served
    status, body = get(port, PAGE)
    assert (status, json.loads(body)["database"]) in {(200, True), (503, True)}
    server.send_signal(signal.SIGTERM)
    assert server.wait(30) == 0
    with pytest.raises(OSError, match="refused"):
        http.client.HTTPConnection(HOST, port, timeout=5).connect()


def test_a_worker_that_is_killed_is_followed_by_another(served: "tuple[subprocess.Popen[bytes], int]") -> None:
    server, port = served
    worker = workers_of(server.pid)[-1]
    os.kill(worker, signal.SIGKILL)
    started = time.monotonic()
    assert wait_until(lambda: answers(port) and worker not in workers_of(server.pid), SECONDS_TO_START)
    assert server.poll() is None
    assert time.monotonic() - started < SECONDS_TO_START
