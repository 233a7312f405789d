"""Whether a word means what somebody typed: inflected, part of a compound, or misspelled, and not merely alike.

`boor` finds `boormachine` and `boren`, not `boord`; `hond` finds `hondenmand`, not `honderd`. A rest counts as a word
of its own only if it is on the list of words that often make compounds, or if what was typed is long enough.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from pathlib import Path

WORD = re.compile(r"[^\W\d_]{2,}|\d+")
SHORTEST_COMPOUND, FREE_START, FREE_END, SHORTEST_REST = 3, 6, 5, 3
ENDINGS = {"s", "en", "n", "e", "je", "jes", "tje", "tjes", "pje", "pjes", "er", "ers", "es", "x", "nen"}
LINKS = ("", "s", "e", "en", "n")
STOP = {
    *{"de", "het", "een", "en", "of", "in", "op", "aan", "van", "voor", "met", "te", "is", "ik", "je", "mijn", "wie"},
    *{"wat", "waar", "dat", "die", "dit", "er", "om", "bij", "uit", "naar", "iemand", "heeft", "heb", "kan", "kunnen"},
    *{"le", "la", "les", "un", "une", "des", "du", "et", "ou", "pour", "avec", "dans", "mon", "ma", "qui"},
    *{"der", "das", "ein", "eine", "und", "oder", "mit", "fur", "im", "am", "ich", "wer"},
    *{"the", "an", "and", "or", "for", "with", "to", "my", "who", "has", "have", "can"},
}
# Up to so long nothing is taken for a typing error; from there one letter, later two.
ONE_WRONG_FROM, TWO_WRONG_FROM = 5, 9
LONGEST = 40


def words_of(text: str) -> list[str]:
    """In their plain form: small letters without accents."""
    plain = unicodedata.normalize("NFKD", text.casefold()).replace("ß", "ss")
    return WORD.findall("".join(letter for letter in plain if not unicodedata.combining(letter)))


def asked_words(text: str) -> list[str]:
    """What of a question must be found; small words only when there are no others."""
    words = [word[:LONGEST] for word in words_of(text)]
    return [word for word in words if word not in STOP] or words


def is_kin(asked: str, word: str) -> bool:
    """The same word, inflected, or one part of a compound."""
    return word == asked or _is_inflected(asked, word) or _is_inflected(word, asked) or _is_part(asked, word)


def is_misspelled(asked: str, word: str) -> bool:
    """One or two letters from it, the first letter being right."""
    if len(asked) < ONE_WRONG_FROM or asked[0] != word[0]:
        return False
    most = 2 if len(asked) >= TWO_WRONG_FROM else 1
    return abs(len(asked) - len(word)) <= most and _distance(asked, word, most) <= most


def is_named(asked: Sequence[str], name: str) -> bool:
    """Every word begins a word of the name, or is nearly one."""
    written = words_of(name)
    return all(any(its.startswith(word) or is_misspelled(word, its) for its in written) for word in asked)


def is_called(asked: Sequence[str], name: str) -> bool:
    """Of a thing: as `is_named`, also in another form or as one part of its name."""
    written = words_of(name)
    return is_named(asked, name) or all(any(is_kin(word, its) for its in written) for word in asked)


def _is_inflected(short: str, long: str) -> bool:
    if len(short) < SHORTEST_COMPOUND or len(long) <= len(short):
        return False
    return any(long.startswith(form) and long[len(form) :] in ENDINGS for form in _forms(short))


def _forms(word: str) -> list[str]:
    """`kat` becomes `katt-en`, `boor` becomes `bor-en`: the spelling of open and closed syllables."""
    found = [word]
    if re.search(r"[^aeiou][aeiou][bdfgklmnprst]$", word):
        found.append(word + word[-1])
    doubled = re.search(r"([aeou])\1([bdfgklmnprst])$", word)
    if doubled:
        found.append(word[: doubled.start()] + doubled[1] + doubled[2])
    return found


def _is_part(asked: str, word: str) -> bool:
    """One end of a compound; the other end must be a word too."""
    if len(asked) < SHORTEST_COMPOUND or len(word) < len(asked) + SHORTEST_REST:
        return False
    if word.endswith(asked) and _is_word(word[: -len(asked)], is_free=len(asked) >= FREE_END):
        return True
    for form in _forms(asked):
        if word.startswith(form):
            rest = word[len(form) :]
            if len(asked) >= FREE_START or any(
                rest.startswith(link) and _is_word(rest[len(link) :], is_free=False) for link in LINKS
            ):
                return True
    return False


def _is_word(rest: str, *, is_free: bool) -> bool:
    if len(rest) >= SHORTEST_REST and is_free:
        return True
    known = _compounding()
    plain = {rest, *(rest[: -len(link)] for link in LINKS if link and rest.endswith(link))}
    return bool(plain & known) or any(form in known for ending in ENDINGS for form in [rest.removesuffix(ending)])


@cache
def _compounding() -> set[str]:
    return set((Path(__file__).parent / "compounding.txt").read_text().split("\n\n", 1)[1].split())


def _distance(one: str, other: str, most: int) -> int:
    """Letters to change, add, drop or swap with their neighbour; more than `most` is not counted out."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, start=1):
        earlier, before, row = before, row, [at]
        for to, its in enumerate(other, start=1):
            cost = min(before[to] + 1, row[to - 1] + 1, before[to - 1] + (letter != its))
            if at > 1 and to > 1 and letter == other[to - 2] and one[at - 2] == its:
                cost = min(cost, earlier[to - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return row[-1]


AROUND_A_HIT, EXCERPT = 60, 180


def excerpt(text: str, asked: frozenset[str]) -> list[tuple[str, bool]]:
    """The part of a text in which something was found, in pieces: (words, whether they were asked for)."""
    spots = [found.span() for found in WORD.finditer(text) if any(_stands_for(word, found[0]) for word in asked)]
    start = max(0, spots[0][0] - AROUND_A_HIT) if spots and spots[0][0] > AROUND_A_HIT else 0
    end = min(len(text), start + EXCERPT)
    pieces, at = [("…", False)] if start else [], start
    for first, last in spots:
        if first >= at and last <= end:
            pieces += [(text[at:first], False), (text[first:last], True)]
            at = last
    return [*pieces, (text[at:end], False), ("…" if end < len(text) else "", False)]


def _stands_for(asked: str, written: str) -> bool:
    plain = "".join(words_of(written))
    return bool(plain) and (is_kin(asked, plain) or is_misspelled(asked, plain))
