"""Paper: the only home of Typst and of the square codes. Documents as PDF/UA-1 or pictures, made from words as data.

Promises: what people typed is printed as typed and never run as Typst source; what no font can show is left out.
"""

import json
import re
import unicodedata
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import typst
import zxingcpp
from django.conf import settings

DEFAULT_COLOUR = "#0B6B5D"
# Contrast 5.5 with white paper, 4.8 with the tinted boxes.
_LIGHTEST_INK = 1.05 / 5.5 - 0.05

# The house that stands for a municipality without a logo: a filled tile with a white house, as in the app's header.
_HOUSE = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48"><rect width="48" height="48" rx="12" fill="{colour}"/>'
    '<path fill="#fff" d="M24 11.5 11.5 22.6V35a2 2 0 0 0 2 2h7v-9h7v9h7a2 2 0 0 0 2-2V22.6Z"/></svg>'
)

# What both our font and the ones inside Typst can show: Latin, Greek, Cyrillic, punctuation, currencies, arrows. PDF/UA
# refuses a file with a sign that no font has, and one odd sign must not stop a city's run.
_PRINTABLE = re.compile("[\n -~\u00a0-\u04ff\u1e00-\u1eff\u2010-\u2027\u2030-\u2040\u20a0-\u20bf\u2190-\u21ff]")

# Ours first; the second is built into Typst, for a machine where the fonts were not built.
_FAMILIES = ("Atkinson Hyperlegible", "Libertinus Serif")


class PrintRefusedError(ValueError):
    """Typst cannot make a document from these words or pictures."""


def pdf_of(source: Path, data: dict[str, Any]) -> bytes:
    """One tagged PDF (PDF/UA-1). `source` reads its words with `json(bytes(sys.inputs.data))`."""
    made = _compiled(source, data, format="pdf", pdf_standards=["ua-1"])
    assert isinstance(made, bytes)  # noqa: S101  one file, as no output path was given
    return made


def pictures_of(source: Path, data: dict[str, Any], *, dots_per_inch: int = 96) -> list[bytes]:
    """Its pages as PNG, for a preview on screen."""
    made = _compiled(source, data, format="png", ppi=dots_per_inch)
    return made if isinstance(made, list) else [made]


def answer_of(source: Path, data: dict[str, Any], label: str) -> Any:
    """What the document says of itself at `label`, as whether its words fit."""
    try:
        found = typst.query(
            str(source),
            label,
            root=str(source.parent),
            field="value",
            one=True,
            font_paths=_fonts(),
            sys_inputs=_inputs(data),
        )
    except RuntimeError as error:  # `query` does not raise the finer TypstError
        raise PrintRefusedError(str(error)) from error
    return json.loads(found)


def let_go() -> None:
    """Typst keeps what it laid out for ten more documents, 200 MB for many letters: ten empty ones keep memory flat."""
    for _each in range(11):
        typst.compile(b"", format="pdf", font_paths=_fonts())


def qr_svg(text: str) -> str:
    """A QR code as SVG, with its quiet zone, that survives a crease or a coffee stain (15 % damage)."""
    barcode = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    return str(zxingcpp.write_barcode_to_svg(barcode, add_quiet_zones=True))


def font_folders() -> list[Path]:
    """Where Atkinson Hyperlegible may lie: beside the built files, or in the package it comes from."""
    package = find_spec("fontpkg_atkinson_hyperlegible")
    installed = [Path(place) / "files" for place in (package and package.submodule_search_locations) or []]
    return [folder for folder in [Path(settings.ROOT) / "build" / "fonts", *installed] if folder.is_dir()]


def logo_or_house(logo_svg: str, colour: str) -> str:
    return logo_svg or _HOUSE.format(colour=colour)


def clean(text: object) -> str:
    """Text as it can be printed: what `unprintable` names is left out."""
    plain = unicodedata.normalize("NFC", str(text)).replace("\r\n", "\n").replace("\t", " ")
    return "".join(sign for sign in plain if _is_printable(sign))


def unprintable(text: str) -> list[str]:
    """The signs of `text` that no letter can show (emoji, other scripts), for a kind word in the form."""
    plain = unicodedata.normalize("NFC", text)
    return sorted({sign for sign in plain if not (sign.isspace() or _is_printable(sign))})


def readable(colour: str) -> str:
    """The city's colour, darkened until headings in it stand out from white paper; ours when it is no colour."""
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", colour):
        return DEFAULT_COLOUR
    parts = [int(colour[start : start + 2], 16) for start in (1, 3, 5)]
    while _luminance(parts) > _LIGHTEST_INK:
        parts = [int(part * 0.96) for part in parts]
    return "#" + "".join(f"{part:02X}" for part in parts)


def _compiled(source: Path, data: dict[str, Any], **wanted: Any) -> Any:
    try:
        return typst.compile(
            str(source), root=str(source.parent), font_paths=_fonts(), sys_inputs=_inputs(data), **wanted
        )
    except typst.TypstError as error:
        raise PrintRefusedError(str(error)) from error


def _inputs(data: dict[str, Any]) -> dict[str, str]:
    """Typst reads this as JSON: data, whatever it says."""
    families = _fonts().families()
    return {"data": json.dumps(data | {"fonts": [each for each in _FAMILIES if each in families]})}


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, font_paths=[str(folder) for folder in font_folders()])


def _is_printable(sign: str) -> bool:
    return _PRINTABLE.fullmatch(sign) is not None and unicodedata.category(sign) not in {"Cf", "Cn"}


def _luminance(parts: list[int]) -> float:
    """Relative luminance, 0 black to 1 white, as WCAG 2.2 defines it."""
    linear = [part / 255 / 12.92 if part <= 10 else ((part / 255 + 0.055) / 1.055) ** 2.4 for part in parts]  # noqa: PLR2004  sRGB
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
