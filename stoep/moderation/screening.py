"""What somebody may want to look at once more before it is placed: pure functions, the decision stays with the writer.

`words/harsh.*.txt` holds words that hurt, `words/absence.*.txt` patterns of "nobody is at home", and of somebody who is
suspected by their looks `words/suspicion.*.txt`: data, to be mended by people who speak the language.
A line that ends in `~` counts for writers in that language only: elsewhere the word is a harmless one. Looking is quick
and never fails: what is odd is simply not found.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from stoep.common.lookalikes import skeleton

KINDS = ("harsh", "suspicion", "absence", "bank_account")
LANGUAGES = ("nl", "fr", "de", "en")
FOLDER = Path(__file__).parent / "words"
ONLY_HERE = "~"
IBAN = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?:[ .-]?[A-Z0-9]{2,4}){3,8}(?![A-Za-z0-9])", re.IGNORECASE)
# How long a number is, by country: those of Europe that a neighbour here may have.
_LENGTHS = """
    AT20 BE16 BG22 CH21 CY28 CZ24 DE22 DK18 EE20 ES24 FI18 FR27 GB22 GR27 HR21 HU28 IE22 IS26 IT27 LT20 LU20 LV21 MA28
    MT31 NL18 NO15 PL28 PT25 RO24 SE24 SI19 SK24 TR26
"""
IBAN_LENGTHS = {entry[:2]: int(entry[2:]) for entry in _LENGTHS.split()}


@dataclass(frozen=True)
class Concern:
    """`kind`: one of KINDS; `words`: what made us ask, as it was written."""

    kind: str
    words: str


def screen(text: str, language: str) -> list[Concern]:
    """What to ask the writer about, each kind once, in the order of this list."""
    line = " ".join(text.replace("’", "'").split())
    by_pattern = [_found(kind, line, language) for kind in ("suspicion", "absence")]
    found = [_harsh(text, language), *by_pattern, next(_bank_accounts(text), None)]
    return [concern for concern in found if concern]


def _harsh(text: str, language: str) -> Concern | None:
    """Whole words, also where letters were swapped for look-alikes."""
    words = re.findall(r"[\w’'-]+", text)
    known = _harsh_words(language)
    for word in words:
        bare = skeleton(word).replace(" ", "")
        if word.casefold() in known or bare in known:
            return Concern("harsh", word)
    return None


def _found(kind: str, line: str, language: str) -> Concern | None:
    for pattern in _patterns(kind, language):
        match = pattern.search(line)
        if match:
            return Concern(kind, match[0].strip(" ,.;"))
    return None


def _bank_accounts(text: str) -> Iterator[Concern]:
    """IBANs whose check digits fit. Letters may follow the number: its own length says where it ends."""
    for match in IBAN.finditer(text):
        run = re.sub(r"[^A-Za-z0-9]", "", match[0]).upper()
        number = run[: IBAN_LENGTHS.get(run[:2], 0)]
        if number and len(number) == IBAN_LENGTHS[run[:2]] and _checks(number):
            yield Concern("bank_account", match[0])


def _checks(iban: str) -> bool:
    digits = "".join(str(int(sign, 36)) for sign in iban[4:] + iban[:4])
    return int(digits) % 97 == 1


@cache
def _harsh_words(language: str) -> frozenset[str]:
    return frozenset(form for line in _lines("harsh", language) for form in (line, skeleton(line).replace(" ", "")))


@cache
def _patterns(kind: str, language: str) -> list[re.Pattern[str]]:
    return [re.compile(rf"(?<!\w)(?:{line})(?!\w)", re.IGNORECASE) for line in _lines(kind, language)]


def _lines(name: str, language: str) -> Iterator[str]:
    for spoken in LANGUAGES:
        for row in (FOLDER / f"{name}.{spoken}.txt").read_text(encoding="utf-8").splitlines():
            line = row.strip()
            is_here_alone = line.endswith(ONLY_HERE)
            if line and not line.startswith("#") and (not is_here_alone or spoken == language):
                yield line.removesuffix(ONLY_HERE)
