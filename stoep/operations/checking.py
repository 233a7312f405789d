"""`./dev check`: every check runs, each says OK or what it found, and one failure fails the whole."""

import os
import subprocess
import sys
import time
from dataclasses import dataclass

from stoep.operations.preparing import ROOT

PYTHON = (sys.executable, "-m")
LINT_IMPORTS = "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())"


@dataclass(frozen=True)
class Check:
    name: str
    command: tuple[str, ...]


CHECKS = (
    Check("format", (*PYTHON, "ruff", "format", "--check", ".")),
    Check("lint", (*PYTHON, "ruff", "check", ".")),
    Check("types", (*PYTHON, "mypy", "stoep", "config", "tests")),
    Check("import contracts", (sys.executable, "-c", LINT_IMPORTS)),
    Check("templates", (*PYTHON, "djlint", "stoep", "--lint", "--quiet", "--extension", "html")),
    Check("translations", (*PYTHON, "stoep.operations.translations")),
    Check("migrations", (*PYTHON, "django", "makemigrations", "--check", "--dry-run")),
    Check("locks", (*PYTHON, "stoep.operations.locks")),
)
FIXES = (
    Check("lint", (*PYTHON, "ruff", "check", "--fix", "--quiet", ".")),
    Check("format", (*PYTHON, "ruff", "format", "--quiet", ".")),
)


def run_all(checks: tuple[Check, ...], *, database: str) -> int:
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": database,
        "STOEP_TEST": "1",
    }
    failed = [check.name for check in checks if not _passes(check, environment)]
    if failed:
        print(f"\nFailed: {', '.join(failed)}")
    return 1 if failed else 0


def _passes(check: Check, environment: dict[str, str]) -> bool:
    started = time.monotonic()
    done = subprocess.run(
        check.command,
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        text=True,
        check=False,
    )
    verdict = "OK" if done.returncode == 0 else "FAILED"
    print(f"{check.name:<18}{verdict:<8}{time.monotonic() - started:5.1f} s", flush=True)
    if done.returncode:
        print("    " + done.stdout.strip().replace("\n", "\n    "))
    return done.returncode == 0
