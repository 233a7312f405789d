"""Codes that people read from paper and type: the letter's twelve digits, the own key, the mailed code.

Promises: a letter code shows every wrong digit and every swap of two neighbours; readers forgive what fingers do.
"""

import secrets
import unicodedata
from itertools import pairwise

from stoep.common.crypto import keyed_hash

LENGTH = 12
SHORT_LENGTH = 6

# Nobody types more than this on purpose; longer input is not read at all.
_LONGEST_TYPED = 80
_FORGIVEN = str.maketrans("OoIilL|", "0011111")
_IGNORED = frozenset(".,·•_/:;'\"")

# Damm's table: totally anti-symmetric, so one check digit catches all single errors and all adjacent swaps.
_DAMM = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)


class CodeRefused(ValueError):
    """Why a code lets nobody in: `reason` is length, typo, unknown, expired, full, or closed."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def new_codes(count: int) -> list[str]:
    """`count` different letter codes, eleven free digits and a check digit each, from the system's random source."""
    found: dict[str, None] = {}
    while len(found) < count:
        free = f"{secrets.randbelow(10 ** (LENGTH - 1)):0{LENGTH - 1}}"
        found[free + check_digit(free)] = None
    return list(found)


def check_digit(digits: str) -> str:
    """The digit that makes `digits` whole (Damm)."""
    return str(_remainder(digits))


def is_well_formed(code: str) -> bool:
    """Twelve plain digits with the right check digit: not a typing error, though perhaps a code nobody has."""
    return len(code) == LENGTH and _is_plain_digits(code) and _remainder(code) == 0


def normalise(typed: str) -> str | None:
    """The twelve digits meant by what was typed or pasted, or None; their check digit may be off (`is_well_formed`)."""
    return _digits(typed, LENGTH)


def well_formed(typed: str) -> str:
    """The code that was typed. Raises CodeRefused for a typing error, which is nobody's guess at a code."""
    code = normalise(typed)
    if code is None:
        raise CodeRefused("length")
    if not is_well_formed(code):
        raise CodeRefused("typo")
    return code


def shown(code: str) -> str:
    """`482917365501` as on the letter: `4829 1736 5501`."""
    return f"{code[:4]} {code[4:8]} {code[8:]}"


def code_hash(code: str) -> str:
    """What the database keeps of a code: nobody reads the code from it without the key outside the database."""
    return keyed_hash("joining.code", code)


def new_own_key() -> str:
    """Six digits for the box on the letter; none that everybody would try first, as 111111, 123456 or 121212."""
    while is_easy_to_guess(key := _six_digits()):
        pass
    return key


def is_easy_to_guess(key: str) -> bool:
    """Few different digits, a row up or down, or a repetition."""
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(key)}
    return len(set(key)) < 4 or len(steps) == 1 or key[:3] == key[3:]  # noqa: PLR2004  four different digits, two halves


def normalise_own_key(typed: str) -> str | None:
    """The six digits meant by what was typed, for own keys and mailed codes alike; None when they are not six."""
    return _digits(typed, SHORT_LENGTH)


def shown_own_key(key: str) -> str:
    """`482913` as on screen and on the letter: `482 913`."""
    return f"{key[:3]} {key[3:]}"


def new_mail_code() -> str:
    """Six digits that live for minutes, beside the link in a sign-in mail."""
    return _six_digits()


def _six_digits() -> str:
    return f"{secrets.randbelow(10**SHORT_LENGTH):0{SHORT_LENGTH}}"


def _digits(typed: str, length: int) -> str | None:
    if len(typed) > _LONGEST_TYPED:
        return None
    kept = "".join(_plain(character) for character in typed if not _is_ignored(character))
    return kept if len(kept) == length and _is_plain_digits(kept) else None


def _is_ignored(character: str) -> bool:
    """Spaces of any width, dashes of any length, invisible marks, and the dots and commas between groups."""
    return character in _IGNORED or unicodedata.category(character) in {"Zs", "Zl", "Zp", "Pd", "Cf", "Cc"}


def _plain(character: str) -> str:
    """A digit of any script as 0-9 (full-width ones come from Asian keyboards), look-alike letters forgiven."""
    value = unicodedata.decimal(character, None)
    return character.translate(_FORGIVEN) if value is None else str(value)


def _is_plain_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _remainder(digits: str) -> int:
    state = 0
    for digit in digits:
        state = _DAMM[state][int(digit)]
    return state
