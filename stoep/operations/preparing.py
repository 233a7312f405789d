"""Brings a checkout to the point where it can run: dependencies, browser, built files; each done once, then a stamp.

Works before anything is installed, so it imports nothing but Python's own library.
"""

import contextlib
import errno
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal

from stoep.operations.trouble import OperatorError

ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENT = ROOT / ".venv"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FREE_BYTES_NEEDED = 1_000_000_000
# What the person at the keyboard can mend: said in one line instead of a traceback.
# Of pure Python, and published as source alone: no compiler is needed.
NO_WHEEL = ("http-ece",)
MENDABLE = {errno.ENOSPC, errno.EACCES, errno.EROFS, errno.EDQUOT}

Lock = Literal["base", "build", "demo", "dev"]
# What each lock holds besides itself: the larger one installed, the smaller one is there too.
INCLUDED: dict[Lock, tuple[Lock, ...]] = {"base": (), "build": ("base",), "demo": ("base",), "dev": ("base", "demo")}

COMMAND = """#!/bin/sh
exec "$(dirname "$(readlink -f "$0")")/python" -m stoep.operations.command_line "$@"
"""


class PreparationError(OperatorError):
    pass


def folder_for_data() -> Path:
    return Path(os.environ.get("STOEP_VAR") or ROOT / "var").resolve()


def dependencies(lock: Lock) -> None:
    """Install what the lock names, hash by hash; nothing is asked of the network when it has not changed."""
    with _alone("dependencies"):
        make_command()
        file = ROOT / "requirements" / f"{lock}.txt"
        if _stamp(lock) == fingerprint([file]):
            return
        require_room(ROOT, FREE_BYTES_NEEDED, "setting up")
        say(f"Installing what requirements/{lock}.txt names …")
        run([*_installer(), "--require-hashes", "-r", str(file)], "The dependencies could not be installed.")
        for name in (lock, *INCLUDED[lock]):
            _write_stamp(name, fingerprint([ROOT / "requirements" / f"{name}.txt"]))


def make_command() -> None:
    """Makes `stoep` importable and `.venv/bin/stoep` a command, without a build tool; both survive a move."""
    packages = Path(sysconfig.get_paths()["purelib"])
    _write_when_changed(packages / "stoep.pth", os.path.relpath(ROOT, packages) + "\n")
    command = ENVIRONMENT / "bin" / "stoep"
    _write_when_changed(command, COMMAND)
    command.chmod(0o755)


def translations() -> None:
    catalogues = sorted((ROOT / "locale").glob("*/LC_MESSAGES/*.po"))
    mark = fingerprint(catalogues)
    with _alone("translations"):
        if _stamp("translations") == mark and all(path.with_suffix(".mo").exists() for path in catalogues):
            return
        say("Compiling the translations …")
        for path in catalogues:
            command = [sys.executable, "-m", "babel.messages.frontend", "-q", "compile"]
            command += ["-i", str(path), "-o", str(path.with_suffix(".mo")), "-l", path.parts[-3]]
            run(command, "The translations could not be compiled.")
        _write_stamp("translations", mark)


def built_files() -> None:
    """Fonts and icons, made from packages into `build/`."""
    shell = ROOT / "stoep" / "shell"
    sources = [ROOT / "requirements" / "demo.txt", shell / "icons.txt", *sorted(shell.glob("*.py"))]
    sources += sorted(file for file in ROOT.glob("stoep/*/static/**/*") if file.is_file())
    mark = fingerprint(sources)
    with _alone("build"):
        if not (ROOT / "stoep/shell/build.py").exists():
            return
        if _stamp("build") == mark and (ROOT / "build").exists():
            return
        say("Building fonts and icons …")
        run([sys.executable, "-m", "stoep.shell.build"], "Fonts and icons could not be built.")
        _write_stamp("build", mark)


def browser(*, is_needed: bool) -> str | None:
    """The path of a Chromium; installed from Debian's packages where we may."""
    found = os.environ.get("STOEP_BROWSER") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        say("Installing Chromium for the browser tests …")
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        for command in (["update", "-qq"], ["install", "-qq", "-y", "--no-install-recommends", "chromium"]):
            subprocess.run(["apt-get", *command], env=environment, stdout=subprocess.DEVNULL, check=False)
        found = shutil.which("chromium")
    if found is None and is_needed:
        raise PreparationError("The browser tests need Chromium. On Debian: apt-get install chromium")
    return found


def fingerprint(files: Iterable[Path]) -> str:
    """Changes when a file, its place or this Python changes."""
    digest = hashlib.sha256(sys.version.encode())
    for file in files:
        digest.update(str(file.relative_to(ROOT)).encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()


def run(command: list[str], failure: str, environment: dict[str, str] | None = None) -> None:
    """Runs silently; what it said is shown only when it failed."""
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    if done.returncode:
        sys.stderr.write(done.stdout.decode(errors="replace")[-4000:])
        if b"No space left" in done.stdout:
            raise PreparationError("The disk is full.")
        raise PreparationError(failure)


def require_room(folder: Path, needed: int, purpose: str) -> None:
    """Said before it begins: a disk that fills up half-way leaves less clear words behind."""
    free = shutil.disk_usage(folder).free
    if free < needed:
        left, wanted = free // 1_000_000, needed // 1_000_000
        raise PreparationError(f"The disk of {folder} has {left:,} MB left; {purpose} needs about {wanted:,} MB.")


def say(text: str) -> None:
    print(text, flush=True)


def _installer() -> list[str]:
    if shutil.which("uv"):
        return ["uv", "pip", "install", "-q", "--python", sys.executable]
    wheels = ["--only-binary", ":all:", "--no-binary", ",".join(NO_WHEEL)]
    return [sys.executable, "-m", "pip", "install", "-q", "--disable-pip-version-check", *wheels]


@contextlib.contextmanager
def _alone(name: str) -> Iterator[None]:
    """Two commands started at once do the work once."""
    with (ENVIRONMENT / f".{name}.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _stamp(name: str) -> str:
    path = ENVIRONMENT / f".{name}.stamp"
    return path.read_text() if path.exists() else ""


def _write_stamp(name: str, mark: str) -> None:
    (ENVIRONMENT / f".{name}.stamp").write_text(mark)


def _write_when_changed(path: Path, text: str) -> None:
    if not path.exists() or path.read_text() != text:
        path.write_text(text)
