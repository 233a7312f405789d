"""The programs of a demo end together, whatever happens to the one that keeps them."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from stoep.operations.ports import PortTakenError, require_free
from stoep.operations.supervisor import (
    AlreadyRunningError,
    Program,
    ProgramFailedError,
    Supervisor,
    end_orphans,
)

PATIENT = (sys.executable, "-c", "import time; print('up', flush=True); time.sleep(60)")
# Deaf to SIGTERM, and with a child of its own: as a page server with workers can be.
STUBBORN_PROGRAM = """
import signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
time.sleep(60)
"""
STUBBORN = (sys.executable, "-c", STUBBORN_PROGRAM)
KEEPER = """
import sys
from pathlib import Path
from stoep.operations.supervisor import Program, Supervisor
keeper = Supervisor(var=Path(sys.argv[1]), programs=(Program("one", tuple(sys.argv[2:])),), address="http://here/")
with keeper.alone():
    keeper.run(when_started=lambda: print("started", flush=True))
"""


def keeper(var: Path, command: tuple[str, ...] = PATIENT) -> "subprocess.Popen[str]":
    process = subprocess.Popen(
        [sys.executable, "-c", KEEPER, str(var), *command], stdout=subprocess.PIPE, text=True, env=os.environ
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "started\n"
    return process


def marked(var: Path) -> list[Path]:
    wanted = f"STOEP_SUPERVISED={var}".encode()
    found = []
    for environment in Path("/proc").glob("[0-9]*/environ"):
        try:
            if wanted in environment.read_bytes().split(b"\0"):
                found.append(environment)
        except OSError:
            continue
    return found


def wait_until(truth: Callable[[], bool], seconds: float = 10) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if truth():
            return True
        time.sleep(0.05)
    return truth()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_one_signal_ends_everything(tmp_path: Path, number: signal.Signals) -> None:
    with keeper(tmp_path) as process:
        assert wait_until(lambda: len(marked(tmp_path)) == 1)
        process.send_signal(number)
        assert process.wait(15) == 0
    assert marked(tmp_path) == []


def test_a_program_that_does_not_listen_is_killed_with_its_children(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stoep.operations.supervisor.SECONDS_TO_END", 0.5)
    group = Supervisor(var=tmp_path, programs=(Program("one", STUBBORN),))

    def end_soon() -> None:
        assert wait_until(lambda: len(marked(tmp_path)) == 2)
        os.kill(os.getpid(), signal.SIGTERM)

    with group.alone():
        group.run(when_started=end_soon)
    assert wait_until(lambda: marked(tmp_path) == [])


def test_killed_without_warning_its_programs_go_with_it(tmp_path: Path) -> None:
    with keeper(tmp_path) as process:
        process.kill()
        process.wait(5)
    assert wait_until(lambda: marked(tmp_path) == [])


def test_what_outlived_a_kill_is_ended_by_the_next_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with keeper(tmp_path, STUBBORN) as process:
        assert wait_until(lambda: len(marked(tmp_path)) == 2)
        process.kill()
        process.wait(5)
    assert len(marked(tmp_path)) == 2
    monkeypatch.setattr("stoep.operations.supervisor.SECONDS_TO_END", 0.5)
    assert len(end_orphans(tmp_path)) == 2
    assert wait_until(lambda: marked(tmp_path) == [])


def test_a_second_one_is_told_where_the_first_runs(tmp_path: Path) -> None:
    with keeper(tmp_path) as process:
        second = Supervisor(var=tmp_path, programs=())
        with pytest.raises(AlreadyRunningError, match="already runs at http://here/"), second.alone():
            pass
        process.terminate()


def test_another_folder_is_no_concern(tmp_path: Path) -> None:
    with keeper(tmp_path / "one") as process:
        with Supervisor(var=tmp_path / "two", programs=()).alone():
            assert process.poll() is None
            assert wait_until(lambda: len(marked(tmp_path / "one")) == 1)
        process.terminate()


def test_an_ended_program_is_started_again(tmp_path: Path) -> None:
    with keeper(tmp_path) as process:
        assert wait_until(lambda: len(marked(tmp_path)) == 1)
        first = marked(tmp_path)
        os.kill(int(first[0].parent.name), signal.SIGKILL)
        assert wait_until(lambda: len(marked(tmp_path)) == 1 and marked(tmp_path) != first)
        process.terminate()


def test_a_program_that_keeps_ending_ends_the_whole_with_its_name(tmp_path: Path) -> None:
    broken = Program("broken", (sys.executable, "-c", "raise SystemExit(3)"))
    group = Supervisor(var=tmp_path, programs=(Program("fine", PATIENT), broken))
    with pytest.raises(ProgramFailedError, match="“broken” keeps ending"), group.alone():
        group.run()
    assert marked(tmp_path) == []


def test_a_taken_port_is_named_with_its_owner() -> None:
    with socket.socket() as stranger:
        stranger.bind(("127.0.0.1", 0))
        stranger.listen()
        port = stranger.getsockname()[1]
        with pytest.raises(PortTakenError, match=rf"Port {port} is taken by .*--port {port + 10}"):
            require_free("127.0.0.1", port)
    require_free("127.0.0.1", port)
