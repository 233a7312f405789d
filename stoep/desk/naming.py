"""Whether a name that was heard and typed is the one that somebody joined with. Pure, and never raises."""

import re
import unicodedata

# Letters that no accent can be taken from.
PLAIN = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i", "þ": "th", "ð": "d", "ĳ": "ij"})


def is_same_name(typed: str, known: str) -> bool:
    """Forgives case, accents, spaces, hyphens, apostrophes, and the last name first; every letter must be there."""
    heard, kept = _words(typed), _words(known)
    if not heard or not kept:
        return False
    return "".join(heard) == "".join(kept) or sorted(heard) == sorted(kept)


def _words(name: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", name).casefold().translate(PLAIN)
    plain = unicodedata.normalize("NFKD", plain)
    bare = "".join(char for char in plain if not unicodedata.combining(char))
    return re.sub(r"[\W_]+", " ", re.sub(r"['’`´ʼ]", "", bare)).split()
