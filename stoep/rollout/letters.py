"""Letters as PDF/UA-1, made by Typst: one letterbox each, front and back, all looking alike. No database in here.

Promises: what a city typed is printed as typed and never run as Typst source; too much text is refused by name.
"""

import json
from collections.abc import Sequence
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import typst
import zxingcpp
from django.conf import settings

from stoep.joining import codes
from stoep.rollout.letter_words import Letter, LetterLayout, clean, logo_of, words_of

BATCH = 250

# A letter that opens no door: its check digit is wrong.
SAMPLE = Letter(code="482917365500", street_line="Voorbeeldstraat 1", city_line="3500")

_FOLDER = Path(__file__).parent / "letter"
# Ours first; the second is built into Typst, for a machine where the fonts were not built.
_FAMILIES = ("Atkinson Hyperlegible", "Libertinus Serif")
_SIZES = (14.0, 13.5, 13.0, 12.5, 12.0)


class LetterRefusedError(ValueError):
    """The letter cannot be made from these words or this logo; `reason` names the part in one word."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason


def letter_pdf(layout: LetterLayout, letters: Sequence[Letter]) -> bytes:
    """One tagged PDF (PDF/UA-1) with two pages a letter, in the given order. Raises LetterRefusedError."""
    made = _compiled(layout, letters, format="pdf", pdf_standards=["ua-1"])
    assert isinstance(made, bytes)  # noqa: S101  one file, as no output path was given
    return made


def letter_pictures(layout: LetterLayout, letter: Letter = SAMPLE, *, dots_per_inch: int = 96) -> list[bytes]:
    """Front and back as PNG, for the preview beside the editor. Raises LetterRefusedError."""
    made = _compiled(layout, [letter], format="png", ppi=dots_per_inch)
    assert isinstance(made, list)  # noqa: S101  a letter has two pages
    return made


@lru_cache(maxsize=64)
def text_size(layout: LetterLayout) -> float:
    """The largest text size in points, 14 to 12, at which both sides fit; else raises LetterRefusedError."""
    too_full = {}
    for size in _SIZES:
        too_full = {part: share for part, share in _fullness(layout, size).items() if share > 1}
        if not too_full:
            return size
    part, share = max(too_full.items(), key=lambda each: each[1])
    raise LetterRefusedError(part, f"{share:.0%} of the room")


def qr_svg(text: str) -> str:
    """A QR code as SVG, with its quiet zone, that survives a crease or a coffee stain (15 % damage)."""
    barcode = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    return str(zxingcpp.write_barcode_to_svg(barcode, add_quiet_zones=True))


def font_folders() -> list[Path]:
    """Where Atkinson Hyperlegible may lie: beside the built files, or in the package it comes from."""
    package = find_spec("fontpkg_atkinson_hyperlegible")
    installed = [Path(place) / "files" for place in (package and package.submodule_search_locations) or []]
    return [folder for folder in [Path(settings.ROOT) / "build" / "fonts", *installed] if folder.is_dir()]


def _compiled(layout: LetterLayout, letters: Sequence[Letter], **wanted: Any) -> Any:
    inputs = _inputs(layout, letters, text_size(layout))
    try:
        return typst.compile(
            str(_FOLDER / "letters.typ"), root=str(_FOLDER), font_paths=_fonts(), sys_inputs=inputs, **wanted
        )
    except typst.TypstError as error:
        raise LetterRefusedError("text", str(error)) from error
    finally:
        _let_go()


def _let_go() -> None:
    """Typst keeps what it laid out for ten more documents, 200 MB for a batch: ten empty ones keep memory flat."""
    for _each in range(11):
        typst.compile(b"", format="pdf", font_paths=_fonts())


def _fullness(layout: LetterLayout, size: float) -> dict[str, float]:
    try:
        found = typst.query(
            str(_FOLDER / "fit.typ"),
            "<fit>",
            root=str(_FOLDER),
            field="value",
            one=True,
            font_paths=_fonts(),
            sys_inputs=_inputs(layout, [SAMPLE], size),
        )
    except RuntimeError as error:  # `query` does not raise the finer TypstError
        raise LetterRefusedError("logo" if "SVG" in str(error) else "text", str(error)) from error
    shares: dict[str, float] = json.loads(found)
    return shares


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, font_paths=[str(folder) for folder in font_folders()])


def _inputs(layout: LetterLayout, letters: Sequence[Letter], size: float) -> dict[str, str]:
    """Typst reads this as JSON: data, whatever it says."""
    families = _fonts().families()
    data: dict[str, Any] = {
        "layout": layout.as_json() | {"logo_svg": logo_of(layout), "site_address": layout.site_address},
        "words": words_of(layout),
        "size": size,
        "fonts": [each for each in _FAMILIES if each in families],
        "site_qr": qr_svg(f"{layout.base_url}/join/"),
        "letters": [_letter_data(layout, letter) for letter in letters],
    }
    return {"letters": json.dumps(data)}


def _letter_data(layout: LetterLayout, letter: Letter) -> dict[str, str]:
    return {
        "shown_code": codes.shown(letter.code),
        "street_line": clean(letter.street_line),
        "city_line": clean(letter.city_line),
        "qr": qr_svg(layout.code_url(letter.code)),
    }
