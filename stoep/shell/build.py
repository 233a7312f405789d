"""Makes `build/static/` as `python -m stoep.shell.build`: one style sheet, one script, icons, pictures, fonts.

Every file carries twelve digits of its own hash in its name, so that a browser may keep it for ever; text files lie
beside their brotli and gzip twins; `manifest.json` leads from the plain name to the hashed one (`static_files.py`).
The same sources give the same bytes. Files of earlier builds stay, for servers that still run: `./dev clean` ends them.
"""

import gzip
import hashlib
import json
import os
import re
import sys
from pathlib import Path

import brotli  # type: ignore[import-untyped]  # it brings no types

from stoep.shell import fonts, minify, sprites
from stoep.shell.icons import names
from stoep.shell.static_files import FOLDER

STOEP = Path(__file__).resolve().parents[1]
SHELL = STOEP / "shell" / "static" / "shell"
# What stands first is overruled by what follows; the style sheets of other apps come before print.
STYLES = (
    *("tokens", "base", "header", "layout", "buttons", "components", "panels", "forms", "feed", "chat"),
    *("agenda", "exchange", "city", "announcing", "rollout", "charts", "neighbours", "desk", "demo"),
)
SCRIPTS = ("enhance", "areas", "live", "installed")
COMPRESSED = {".css", ".js", ".svg"}
REFERENCE = re.compile(r"url\(([\w./-]+)\)")
DIGITS = 12


class BuildError(Exception):
    """A source is missing or refers to something that is not there."""


def build(folder: Path = FOLDER, cut_fonts: Path = FOLDER.parent / "fonts") -> dict[str, str]:
    """Writes everything below `folder` and answers plain name → hashed name; fonts are cut once, into `cut_fonts`."""
    folder.mkdir(parents=True, exist_ok=True)
    known: dict[str, str] = {}
    for name, content in {**fonts.all_fonts(cut_fonts), **_pictures()}.items():
        known[name] = _write(folder, name, content)
    known["icons.svg"] = _write(folder, "icons.svg", sprites.icons(names()))
    known["pictures.svg"] = _write(folder, "pictures.svg", sprites.pictures(SHELL / "pictures"))
    for path in scripts_apart():
        name = str(path.relative_to(path.parents[2]))
        known[name] = _write(folder, name, minify.script(path.read_text()).encode())
    known["stoep.js"] = _write(folder, "stoep.js", _script())
    known["stoep.css"] = _write(folder, "stoep.css", _style(known))
    _replace(folder / "manifest.json", json.dumps(dict(sorted(known.items())), indent=1).encode())
    return known


def _pictures() -> dict[str, bytes]:
    """Whatever lies in a static folder and is neither style nor script, under its own path."""
    return {
        str(path.relative_to(root)): path.read_bytes()
        for root in sorted(STOEP.glob("*/static"))
        for path in sorted(root.rglob("*"))
        if path.is_file() and path.suffix not in {".css", ".js"}
    }


def scripts_apart() -> list[Path]:
    """Those of one page only (`static/APP/apart/`), and what the service worker takes in (`static/APP/worker/`)."""
    return sorted(path for part in ("apart", "worker") for path in STOEP.glob(f"*/static/*/{part}/*.js"))


def _style(known: dict[str, str]) -> bytes:
    text = minify.style("\n".join(path.read_text() for path in style_sheets()))

    def hashed(match: re.Match[str]) -> str:
        if match[1] not in known:
            raise BuildError(f"a style sheet refers to {match[1]}, which nobody makes")
        return f"url({known[match[1]]})"

    return REFERENCE.sub(hashed, text).encode()


def style_sheets() -> list[Path]:
    """The shell's own in their order, those of the other apps by name, and print as the last word."""
    own = [SHELL / f"{name}.css" for name in STYLES]
    others = sorted(path for path in STOEP.glob("*/static/*/*.css") if path.parent != SHELL)
    return [path for path in (*own, *others, SHELL / "print.css") if path.exists()]


def _script() -> bytes:
    """htmx and our own modules in one file: one request less on a slow line."""
    import django_htmx  # only its files are wanted: they lie in its static folder

    htmx = Path(django_htmx.__file__).parent / "static" / "django_htmx" / "htmx-2.min.js"
    # The page on which somebody was is nothing for a browser to keep: htmx does without when it finds no storage.
    keeps_nothing = htmx.read_text().strip().replace("sessionStorage.", "notKept.")
    ours = [minify.script((SHELL / f"{name}.js").read_text()) for name in SCRIPTS]
    return "\n".join([keeps_nothing, *ours, ""]).encode()


def _write(folder: Path, name: str, content: bytes) -> str:
    stem, dot, suffix = name.rpartition(".")
    hashed = f"{stem}.{hashlib.sha256(content).hexdigest()[:DIGITS]}{dot}{suffix}"
    path = folder / hashed
    if path.exists():
        return hashed
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix in COMPRESSED:
        _replace(path.with_name(f"{path.name}.br"), brotli.compress(content, quality=11))
        _replace(path.with_name(f"{path.name}.gz"), gzip.compress(content, mtime=0))
    _replace(path, content)
    return hashed


def _replace(path: Path, content: bytes) -> None:
    """Whole or not at all: a server may read while we write, or a second build may run."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.draft")
    draft.write_bytes(content)
    draft.replace(path)


if __name__ == "__main__":
    try:
        build()
    except (BuildError, sprites.UnknownPictureError, fonts.MissingFontError) as error:
        sys.exit(f"{error}")
