"""Cuts the fonts down to what Dutch, French, German and English (and their neighbours) need, as woff2.

Atkinson Hyperlegible was made for low vision (slashed zero, distinct I, l, 1); Bricolage Grotesque serves headings on
wide screens, in one weight. Both stand under the Open Font License and come from packages; results are kept by recipe.
"""

import hashlib
import io
import os
from importlib import import_module
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

LATIN = [*range(0x20, 0x7F), *range(0xA0, 0x180), 0x218, 0x219, 0x21A, 0x21B, 0x1E9E]
SIGNS = [0x2009, 0x2013, 0x2014, 0x2018, 0x2019, 0x201A, 0x201C, 0x201D, 0x201E, 0x2022, 0x2026, 0x202F, 0x20AC, 0x2212]
HEADING = {"opsz": 24.0, "wdth": 100.0, "wght": 700.0}
# Raised when this recipe changes in a way that the lists above do not show.
RECIPE = 1

FONTS = {
    "fonts/atkinson-regular.woff2": ("fontpkg_atkinson_hyperlegible", "AtkinsonHyperlegible-Regular.ttf"),
    "fonts/atkinson-bold.woff2": ("fontpkg_atkinson_hyperlegible", "AtkinsonHyperlegible-Bold.ttf"),
    "fonts/bricolage.woff2": ("fontpkg_bricolage_grotesque", "BricolageGrotesque[opsz,wdth,wght].ttf"),
}


class MissingFontError(Exception):
    """A font package is not installed, or holds other files than we know."""


def all_fonts(kept: Path) -> dict[str, bytes]:
    """Plain name → woff2; cut once, then read from the folder `kept`."""
    kept.mkdir(parents=True, exist_ok=True)
    return {name: _kept_or_cut(kept, _source(*where)) for name, where in FONTS.items()}


def _source(package: str, file: str) -> Path:
    try:
        path = Path(str(import_module(package).ROOT)) / "files" / file
    except ImportError as error:
        raise MissingFontError(f"The package {package} is not installed.") from error
    if not path.exists():
        raise MissingFontError(f"{package} holds no {file}.")
    return path


def _kept_or_cut(kept: Path, source: Path) -> bytes:
    recipe = repr((RECIPE, LATIN, SIGNS, HEADING)).encode()
    path = kept / f"{hashlib.sha256(source.read_bytes() + recipe).hexdigest()[:20]}.woff2"
    if not path.exists():
        draft = path.with_suffix(f".{os.getpid()}.draft")
        draft.write_bytes(_cut(source))
        draft.replace(path)
    return path.read_bytes()


def _cut(source: Path) -> bytes:
    font = TTFont(source, recalcTimestamp=False)
    if "fvar" in font:
        font = instancer.instantiateVariableFont(font, HEADING)
    options = Options()
    options.layout_features = ["kern", "liga", "ccmp", "locl", "mark", "mkmk"]
    options.hinting = False
    options.notdef_outline = True
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=[*LATIN, *SIGNS])
    subsetter.subset(font)
    font.flavor = "woff2"
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()
