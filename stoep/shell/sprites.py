"""Gathers the icons, and our own drawings for empty places, each into one SVG file whose symbols a page refers to."""

import re
from collections.abc import Iterable
from pathlib import Path

WEIGHTS = (("regular", ""), ("fill", "-fill"))
WHOLE = re.compile(r'<svg\b[^>]*viewBox="([^"]+)"[^>]*>(.*)</svg>', re.DOTALL)
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
GAP = re.compile(r"\s*\n\s*")
FRACTION = re.compile(r"-?\d*\.\d{2,}")


class UnknownPictureError(Exception):
    """A name without a drawing, or a drawing that is no SVG."""


def icons(names: Iterable[str]) -> bytes:
    """Each name, regular and filled. A tenth of a unit is finer than any screen shows at these sizes."""
    folder = _phosphor()
    wanted = [
        (f"{name}{suffix}", folder / weight / f"{name}{suffix}.svg") for name in names for weight, suffix in WEIGHTS
    ]
    return _sprite(FRACTION.sub(_shorter, _symbol(name, path)) for name, path in wanted)


def pictures(folder: Path) -> bytes:
    """Our own drawings; their colours are custom properties, so that they follow light and dark."""
    return _sprite(_symbol(path.stem, path) for path in sorted(folder.glob("*.svg")))


def _phosphor() -> Path:
    import py_phosphor_icons  # only its files are wanted; importing it here keeps it out of the server

    return Path(py_phosphor_icons.__file__).parent / "svgs" / "flat"


def _symbol(name: str, path: Path) -> str:
    if not path.exists():
        raise UnknownPictureError(f"There is no icon {name}; see stoep/shell/icons.txt and phosphoricons.com.")
    found = WHOLE.search(COMMENT.sub("", path.read_text()))
    if found is None:
        raise UnknownPictureError(f"{path.name} is no SVG with a viewBox.")
    return f'<symbol id="{name}" viewBox="{found[1]}">{GAP.sub("", found[2])}</symbol>'


def _sprite(symbols: Iterable[str]) -> bytes:
    return f'<svg xmlns="http://www.w3.org/2000/svg">{"".join(symbols)}</svg>\n'.encode()


def _shorter(number: re.Match[str]) -> str:
    text = f"{float(number[0]):.1f}".removesuffix(".0")
    return "0" if text == "-0" else re.sub(r"^(-?)0\.", r"\1.", text)
