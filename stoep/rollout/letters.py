"""Letters as PDF/UA-1, made by Typst: one letterbox each, front and back, all looking alike. No database in here.

Promises: what a city typed is printed as typed and never run as Typst source; too much text is refused by name.
"""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from stoep.joining import codes
from stoep.rollout.letter_words import Letter, LetterLayout, logo_of, words_of
from stoep.shell.printing import PrintRefusedError, answer_of, clean, let_go, pdf_of, pictures_of, qr_svg

BATCH = 250

# A letter that opens no door: its check digit is wrong.
SAMPLE = Letter(code="482917365500", street_line="Voorbeeldstraat 1", city_line="3500")

_FOLDER = Path(__file__).parent / "letter"
_SIZES = (14.0, 13.5, 13.0, 12.5, 12.0)


class LetterRefusedError(ValueError):
    """The letter cannot be made from these words or this logo; `reason` names the part in one word."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason


def letter_pdf(layout: LetterLayout, letters: Sequence[Letter]) -> bytes:
    """One tagged PDF (PDF/UA-1) with two pages a letter, in the given order. Raises LetterRefusedError."""
    data = _data(layout, letters, text_size(layout))
    try:
        return pdf_of(_FOLDER / "letters.typ", data)
    except PrintRefusedError as error:
        raise LetterRefusedError("text", str(error)) from error
    finally:
        let_go()


def letter_pictures(layout: LetterLayout, letter: Letter = SAMPLE, *, dots_per_inch: int = 96) -> list[bytes]:
    """Front and back as PNG, for the preview beside the editor. Raises LetterRefusedError."""
    data = _data(layout, [letter], text_size(layout))
    try:
        return pictures_of(_FOLDER / "letters.typ", data, dots_per_inch=dots_per_inch)
    except PrintRefusedError as error:
        raise LetterRefusedError("text", str(error)) from error
    finally:
        let_go()


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


def _fullness(layout: LetterLayout, size: float) -> dict[str, float]:
    try:
        shares: dict[str, float] = answer_of(_FOLDER / "fit.typ", _data(layout, [SAMPLE], size), "<fit>")
    except PrintRefusedError as error:
        raise LetterRefusedError("logo" if "SVG" in str(error) else "text", str(error)) from error
    return shares


def _data(layout: LetterLayout, letters: Sequence[Letter], size: float) -> dict[str, Any]:
    return {
        "layout": layout.as_json() | {"logo_svg": logo_of(layout), "site_address": layout.site_address},
        "words": words_of(layout),
        "size": size,
        "site_qr": qr_svg(f"{layout.base_url}/join/"),
        "letters": [_letter_data(layout, letter) for letter in letters],
    }


def _letter_data(layout: LetterLayout, letter: Letter) -> dict[str, str]:
    return {
        "shown_code": codes.shown(letter.code),
        "street_line": clean(letter.street_line),
        "city_line": clean(letter.city_line),
        "qr": qr_svg(layout.code_url(letter.code)),
    }
