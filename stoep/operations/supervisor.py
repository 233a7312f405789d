"""Keeps a handful of programs running as one: they start together, end together, and none outlives the whole for long.

Killed with -9 and started again, it finds the programs it left behind by a mark in their environment and ends them.
"""

import contextlib
import ctypes
import fcntl
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from stoep.operations.trouble import OperatorError

MARK = "STOEP_SUPERVISED"
SECONDS_TO_END = 8.0
# A program that ends by itself this often within this time is broken: starting it again only hides that.
RESTARTS_ALLOWED = 4
RESTART_WINDOW = 60.0
PR_SET_PDEATHSIG = 1


class AlreadyRunningError(OperatorError):
    pass


class ProgramFailedError(OperatorError):
    pass


@dataclass(frozen=True)
class Program:
    name: str
    command: tuple[str, ...]
    environment: dict[str, str] = field(default_factory=dict)


class Supervisor:
    """One group of programs for one `var` folder; `address` is only told to whoever tries to start a second one."""

    def __init__(self, *, var: Path, programs: tuple[Program, ...], address: str = "") -> None:
        self.var = var.resolve()
        self.programs = programs
        self.address = address
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._ended_at: dict[str, list[float]] = {}
        self._is_ending = False

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """Holds the folder for this process; the lock goes with the process, however it ends."""
        folder = self.var / "run"
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / "demo.lock").open("a") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise AlreadyRunningError(f"The demo of this folder already runs{self._where()}.") from error
            end_orphans(self.var)
            (folder / "demo.json").write_text(json.dumps({"pid": os.getpid(), "address": self.address}))
            yield

    def run(self, *, when_started: Callable[[], None] = lambda: None) -> None:
        """Returns after Ctrl-C or SIGTERM; raises when a program keeps failing. Either way nothing is left running."""
        before = {number: signal.signal(number, self._on_signal) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            for program in self.programs:
                self._start(program)
            when_started()
            while not self._is_ending:
                self._restart_ended()
                time.sleep(0.2)
        finally:
            self._end_all()
            for number, handler in before.items():
                signal.signal(number, handler)

    @property
    def is_ending(self) -> bool:
        return self._is_ending

    def check(self) -> None:
        """Lets a caller who waits for the programs notice one that has failed."""
        self._restart_ended()

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self._is_ending = True

    def _start(self, program: Program) -> None:
        log = self.var / "log" / f"{program.name}.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as output:
            self._running[program.name] = subprocess.Popen(
                program.command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=os.environ | program.environment | {MARK: str(self.var)},
                # In a session of its own, so that Ctrl-C reaches us alone and the programs end in our order.
                start_new_session=True,
                preexec_fn=_end_with(os.getpid()),  # noqa: PLW1509 - no thread of ours is running when programs start
            )

    def _restart_ended(self) -> None:
        for program in self.programs:
            process = self._running.get(program.name)
            if self._is_ending or process is None or process.poll() is None:
                continue
            now = time.monotonic()
            recent = [moment for moment in self._ended_at.get(program.name, []) if now - moment < RESTART_WINDOW]
            self._ended_at[program.name] = [*recent, now]
            if len(recent) >= RESTARTS_ALLOWED:
                log = self.var / "log" / f"{program.name}.log"
                raise ProgramFailedError(f"“{program.name}” keeps ending (code {process.returncode}): see {log}")
            end_group(process.pid, signal.SIGKILL)
            self._start(program)

    def _end_all(self) -> None:
        """Last started, first ended; whoever does not listen within some seconds is killed."""
        self._is_ending = True
        for process in reversed(self._running.values()):
            end_group(process.pid, signal.SIGTERM)
        deadline = time.monotonic() + SECONDS_TO_END
        for process in self._running.values():
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(max(0.0, deadline - time.monotonic()))
        for process in self._running.values():
            end_group(process.pid, signal.SIGKILL)
            process.wait()
        self._running.clear()

    def _where(self) -> str:
        with contextlib.suppress(OSError, ValueError, KeyError):
            return f" at {json.loads((self.var / 'run' / 'demo.json').read_text())['address']}"
        return ""


def end_orphans(var: Path) -> list[int]:
    """End what an earlier supervisor of this folder left behind; return the process numbers."""
    orphans = _marked(var)
    for pid in orphans:
        _signal(pid, signal.SIGTERM)
    deadline = time.monotonic() + SECONDS_TO_END
    while time.monotonic() < deadline and _marked(var):
        time.sleep(0.05)
    for pid in _marked(var):
        _signal(pid, signal.SIGKILL)
    return orphans


def end_group(leader: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, number)


def _marked(var: Path) -> list[int]:
    """Numbers are given out again, so a process is known by what it carries, not by a number somebody wrote down."""
    wanted = f"{MARK}={var.resolve()}".encode()
    found = []
    for environment in Path("/proc").glob("[0-9]*/environ"):
        with contextlib.suppress(OSError):
            pid = int(environment.parent.name)
            if pid != os.getpid() and wanted in environment.read_bytes().split(b"\0"):
                found.append(pid)
    return found


def _signal(pid: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(pid, number)


def _end_with(parent: int) -> Callable[[], None]:
    """Asks Linux to end the program when we die, also by kill -9; elsewhere the mark alone must do."""
    if not sys.platform.startswith("linux"):
        return lambda: None
    system = ctypes.CDLL(None, use_errno=True)

    def ask() -> None:
        system.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            os._exit(1)

    return ask
