"""The ladder as the contract in `.importlinter` has it: read, not repeated."""

import configparser
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def rungs() -> dict[str, int]:
    """App → how high it stands; siblings share a rung. 0 is the lowest."""
    contract = configparser.ConfigParser()
    contract.read(ROOT / ".importlinter")
    lines = contract["importlinter:contract:ladder"]["layers"].split("\n")
    found = [re.findall(r"\w+", line) for line in lines if line.strip()]
    return {app: height for height, apps in enumerate(reversed(found)) for app in apps}


def python_files() -> list[Path]:
    """Our own modules and tests, without migrations."""
    folders = ("stoep", "config", "tests", "bench")
    files = [file for folder in folders for file in (ROOT / folder).rglob("*.py")]
    return [file for file in files if "migrations" not in file.parts]


def templates() -> list[Path]:
    return sorted(file for file in (ROOT / "stoep").glob("*/templates/**/*") if file.is_file())
