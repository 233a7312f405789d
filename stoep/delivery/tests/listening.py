"""A real uvicorn on a loopback port, and browsers' EventSource as far as the tests need it."""

import contextlib
import http.client
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.db import connection

from stoep.delivery.tests.post_office import HOST, free_port

PATIENCE = 20.0


@dataclass
class Listener:
    """An answer of /live/ as it comes in. `events`: (event, data) heard so far."""

    response: http.client.HTTPResponse
    wire: http.client.HTTPConnection
    raw: bytes = b""
    events: list[tuple[str, str]] = field(default_factory=list)

    @property
    def status(self) -> int:
        return self.response.status

    def header(self, name: str) -> str | None:
        return self.response.getheader(name)

    def hear(self) -> tuple[str, str]:
        """The next event; waits for it."""
        while True:
            line, block = "", {}
            while line := self._line():
                name, _colon, value = line.partition(":")
                block[name] = value.strip()
            if "data" in block:
                self.events.append((block.get("event", "message"), block["data"]))
                return self.events[-1]

    def until_end(self) -> list[tuple[str, str]]:
        """Everything up to the end of the stream; waits for the end."""
        with contextlib.suppress(EOFError):
            while True:
                self.hear()
        return self.events

    def until_raw(self, words: bytes) -> None:
        while words not in self.raw:
            self._line()

    def close(self) -> None:
        self.response.close()
        self.wire.close()

    def _line(self) -> str:
        line = self.response.readline()
        self.raw += line
        if not line:
            raise EOFError
        return line.decode().rstrip("\n")


@dataclass(frozen=True)
class Server:
    port: int
    process: subprocess.Popen[bytes]

    def listen(
        self, cookie: str = "", *, origin: str = "", headers: dict[str, str] | None = None, path: str = "/live/"
    ) -> Listener:
        wire = http.client.HTTPConnection(HOST, self.port, timeout=PATIENCE)
        sent = {"Accept": "text/event-stream", **(headers or {})}
        sent |= {"Cookie": f"{settings.SESSION_COOKIE_NAME}={cookie}"} if cookie else {}
        sent |= {"Origin": origin} if origin else {}
        wire.request("GET", path, headers=sent)
        return Listener(wire.getresponse(), wire)


@contextlib.contextmanager
def served(
    application: str = "stoep.delivery.tests.quick_live:application", *, port: int = 0, **environment: str
) -> Iterator[Server]:
    """Whatever happens, the process does not outlive the block."""
    port = port or free_port()
    command = [sys.executable, "-m", "uvicorn", application, "--host", HOST, "--port", str(port), "--no-access-log"]
    process = subprocess.Popen(command, cwd=Path(settings.ROOT), env=_environment() | environment)
    try:
        until(lambda: _answers(port))
        yield Server(port, process)
    finally:
        process.kill()
        process.wait()


def _environment() -> dict[str, str]:
    return os.environ | {"DATABASE_URL": database_url(), "STOEP_TEST": "1", "DJANGO_SETTINGS_MODULE": "config.settings"}


def database_url() -> str:
    """The tests' own database, for a process beside the tests."""
    here = {name: quote(str(value), safe="") for name, value in connection.settings_dict.items()}
    port = f":{here['PORT']}" if here["PORT"] else ""
    return f"postgresql://{here['USER']}:{here['PASSWORD']}@{port}/{here['NAME']}?host={here['HOST']}"


def _answers(port: int) -> bool:
    with contextlib.suppress(OSError):
        wire = http.client.HTTPConnection(HOST, port, timeout=PATIENCE)
        try:
            wire.request("GET", "/nothing/")
            wire.getresponse().read()
        finally:
            wire.close()
        return True
    return False


def until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)
