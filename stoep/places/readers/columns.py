"""Find the column that is meant, under whatever name a city gave it, and clean what stands in it."""

import math
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b\ufeff\ufffe\uffff]+")
_SPACE = re.compile(r"\s+")
_NOT_WORD = re.compile(r"[^a-z0-9]+")
_WHOLE_FLOAT = re.compile(r"(\d+)[.,]0+")
_APOSTROPHES = str.maketrans(dict.fromkeys("’‘`´ʼ", "'"))


def plain_name(column: object) -> str:
    """`EPSG:31370_x`, `addr:street` and `Wijk naam` become epsg_31370_x, addr_street and wijk_naam."""
    bare = unicodedata.normalize("NFKD", str(column)).encode("ascii", "ignore").decode("ascii")
    return _NOT_WORD.sub("_", bare.casefold()).strip("_")


def meant(columns: Iterable[object], names: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """For each meaning the columns that carry it, in the order of preference. Columns are given as plain names."""
    present = {str(column) for column in columns}
    return {meaning: [name for name in accepted if name in present] for meaning, accepted in names.items()}


def clean(value: Any) -> str:
    """One line of text: no control characters, single spaces, one kind of apostrophe; '' for nothing and NaN."""
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = unicodedata.normalize("NFC", str(value))
    text = text.encode("utf-8", "ignore").decode("utf-8")  # lone surrogates from JSON escapes
    return _SPACE.sub(" ", _CONTROL.sub(" ", text)).strip().translate(_APOSTROPHES)


def whole_number(text: str) -> str:
    """A spreadsheet turns 3500 into 3500.0; this turns it back."""
    found = _WHOLE_FLOAT.fullmatch(text)
    return found[1] if found else text
