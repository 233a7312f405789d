"""The address of a built file: `static_url("stoep.css")` → `/static/stoep.3f2a….css`, to be cached for ever.

The build writes hashed files and `manifest.json` into `build/static/`.
"""

import json
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "build" / "static"
PREFIX = "/static/"


class UnknownFileError(LookupError):
    pass


def static_url(path: str) -> str:
    try:
        return PREFIX + manifest()[path]
    except KeyError:
        raise UnknownFileError(f"no static file {path}; python -m stoep.shell.build makes them") from None


@cache
def manifest() -> dict[str, str]:
    """Plain name → hashed name."""
    found: dict[str, str] = json.loads((FOLDER / "manifest.json").read_text())
    return found
