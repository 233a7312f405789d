"""`./dev demo`: brings the demo city to the point where it can be visited, and keeps it running until told to end."""

import hashlib
import http.client
import json
import os
import shutil
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

from stoep.operations import ports, postgres, preparing
from stoep.operations.preparing import ROOT, folder_for_data, say
from stoep.operations.supervisor import MARK, Program, ProgramFailedError, Supervisor
from stoep.operations.trouble import OperatorError

SECONDS_TO_ANSWER = 90.0
BUILDING = "building"
FILES_OF_A_CITY = ("demo", "files", "imports", "letters", "mailbox")
BYTES_OF_A_CITY = 300_000_000
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - only where the person at the keyboard asks for it


class FreshRefusedError(OperatorError):
    pass


def run(*, host: str, port: int, is_fresh: bool) -> None:
    """Returns when the demo was ended by Ctrl-C or SIGTERM."""
    var = folder_for_data()
    is_ours = not os.environ.get("DATABASE_URL")
    if is_fresh and not is_ours:
        raise FreshRefusedError("--fresh only rebuilds the demo's own database, and DATABASE_URL names another one.")
    signal.signal(signal.SIGTERM, _interrupt)  # also while setting up, the database is left in good order
    supervisor = Supervisor(var=var, programs=(), address=address_of(host, port))
    with supervisor.alone():
        for number in (port, port + 1, port + 2):
            ports.require_free(host, number)
        if is_ours and not (var / "postgres").exists():
            preparing.require_room(var, BYTES_OF_A_CITY, "the demo city")
        try:
            database = postgres.ensure_running(var)
            settings = environment(database=database, host=host, port=port)
            # Marked as the programs are, so that what outlives a kill -9 while setting up is ended by the next start.
            _prepare(var, settings | {MARK: str(supervisor.var)}, is_fresh=is_fresh)
            supervisor.programs = programs(settings, host=host, port=port)
            supervisor.run(when_started=lambda: _welcome(supervisor, host=host, port=port))
            say("\nEnding …")
        finally:
            if is_ours:
                postgres.stop(var)


def address_of(host: str, port: int) -> str:
    """A browser can open it, also when we listen on every address."""
    shown = EVERYWHERE.get(host, host)
    return f"http://[{shown}]:{port}/" if ":" in shown else f"http://{shown}:{port}/"


def environment(*, database: str, host: str, port: int) -> dict[str, str]:
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": database,
        "STOEP_VAR": str(folder_for_data()),
        "STOEP_DEMO": "1",
        "STOEP_HOST": host,
        "STOEP_PORT": str(port),
        "STOEP_LIVE_PORT": str(port + 1),
        "STOEP_SMTP_PORT": str(port + 2),
        "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",
    }


def programs(settings: dict[str, str], *, host: str, port: int) -> tuple[Program, ...]:
    """The mailbox first, so that the first mail finds it; the web last, so that who sees it finds all the rest."""
    python = (sys.executable, "-m")
    web: tuple[str, ...] = (*python, "granian", "--interface", "wsgi", "--workers", "2", "--blocking-threads", "1")
    web += ("--respawn-failed-workers", "--respawn-interval", "1")
    live = (*python, "uvicorn", "config.live:application", "--no-access-log", "--timeout-graceful-shutdown", "2")
    commands = {
        "mailbox": (*python, "stoep.operations.mailbox"),
        "worker": (*python, "stoep.operations.command_line", "worker"),
        "live": (*live, "--host", host, "--port", str(port + 1)),
        "web": (*web, "--host", host, "--port", str(port), "--no-ws", "config.wsgi:application"),
    }
    return tuple(Program(name, command, settings) for name, command in commands.items())


def _prepare(var: Path, settings: dict[str, str], *, is_fresh: bool) -> None:
    """Each step leaves a stamp, so that a second start takes seconds."""
    preparing.translations()
    preparing.built_files()
    stamps = var / "run" / "demo-stamps.json"
    if _read(stamps).get("city") == BUILDING and not os.environ.get("DATABASE_URL"):
        say("The demo city was left half built.")
        is_fresh = True
    if is_fresh:
        say("Throwing the demo's data away …")
        stamps.unlink(missing_ok=True)
        throw_away(var)
    _migrate(stamps, settings)
    _build_city(stamps, settings)


def throw_away(var: Path) -> None:
    """The demo's own database, and the files that belong to it; nothing else that lies there."""
    postgres.recreate_database(var)
    for name in FILES_OF_A_CITY:
        shutil.rmtree(var / name, ignore_errors=True)


def _migrate(stamps: Path, settings: dict[str, str]) -> None:
    migrations = sorted(ROOT.glob("stoep/*/migrations/*.py"))
    lock = ROOT / "requirements" / "demo.txt"
    mark = _digest(preparing.fingerprint([*migrations, lock]), settings["DATABASE_URL"])
    if _read(stamps).get("migrations") == mark:
        return
    say("Bringing the database up to date …")
    preparing.run([sys.executable, "-m", "django", "migrate", "--no-input"], "The migrations failed.", settings)
    _remember(stamps, "migrations", mark)


def _build_city(stamps: Path, settings: dict[str, str]) -> None:
    mark = _digest(settings["DATABASE_URL"])
    if _read(stamps).get("city") == mark:
        return
    say("Building the demo city; this happens once …")
    command = [sys.executable, "-m", "stoep.operations.command_line", "demo-city"]
    _remember(stamps, "city", BUILDING)
    preparing.run(command, "The demo city could not be built.", settings)
    _remember(stamps, "city", mark)


def _welcome(supervisor: Supervisor, *, host: str, port: int) -> None:
    address = address_of(host, port)
    deadline = time.monotonic() + SECONDS_TO_ANSWER
    while not supervisor.is_ending and not _answers(host, port):
        supervisor.check()
        if time.monotonic() > deadline:
            raise ProgramFailedError(f"The web does not answer: see {supervisor.var / 'log' / 'web.log'}")
        time.sleep(0.1)
    if not supervisor.is_ending:
        say(f"\nStoep runs at {address}")
        for line in _cast(supervisor.var):
            say(line)
        say(f"Be one of them: {address}demo/\nCtrl-C ends it.")


def _cast(var: Path) -> Iterator[str]:
    """Who one can be, and the letter codes to try, as the demo city has noted them."""
    register = json.loads((var / "demo" / "register.json").read_text())
    width = max(map(len, register["people"]))
    for key in register["names"] or register["people"]:
        yield f"  {key:<{width}}  {register['names'].get(key, '')}"
    for one in register["codes"]:
        code = one["code"]
        yield f"A letter to join with: {code[:4]} {code[4:8]} {code[8:]} ({one['street']}, {one['neighbourhood']})"


def _answers(host: str, port: int) -> bool:
    """Any answer will do: whether all is well is what the health page itself is for."""
    connection = http.client.HTTPConnection(EVERYWHERE.get(host, host), port, timeout=5)
    try:
        connection.request("GET", "/health/")
        connection.getresponse()
    except OSError:
        return False
    finally:
        connection.close()
    return True


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _digest(*texts: str) -> str:
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()


def _read(stamps: Path) -> dict[str, str]:
    try:
        found: dict[str, str] = json.loads(stamps.read_text())
    except (FileNotFoundError, ValueError):
        return {}
    return found


def _remember(stamps: Path, name: str, mark: str) -> None:
    stamps.write_text(json.dumps(_read(stamps) | {name: mark}))
