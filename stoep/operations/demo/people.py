"""Neighbours with plausible names of all ages and origins. They do not exist; the same seed gives the same people."""

import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from random import Random
from typing import Any

from stoep.operations.demo.facts import FOLDER

# So often a last name comes from elsewhere than the first name: marriages, and parents who just liked a name.
MIXED = 0.12
LETTERS = str.maketrans({"ı": "i", "ł": "l", "Ł": "L"})


@dataclass(frozen=True)
class DemoPerson:
    first_name: str
    last_name: str

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"

    @property
    def voice(self) -> str:
        """How old one guesses from the first name: "old", "young" or "middle". For `history`: who tells what."""
        names = _names()
        return next((voice for voice in ("old", "young") if self.first_name in names[voice]), "middle")

    @property
    def email(self) -> str:
        """An address on a domain that can never exist."""
        bare = unicodedata.normalize("NFKD", self.name.translate(LETTERS)).encode("ascii", "ignore").decode().lower()
        return f"{'.'.join(bare.split())}@demo.invalid"


def people(count: int, *, seed: str, taken: frozenset[str] = frozenset()) -> list[DemoPerson]:
    """`count` people, none twice, none whose name stands in `taken` ("First Last"), none of a well-known person."""
    names = _names()
    chance = Random(f"people of {seed}")  # noqa: S311  invented data, nothing secret
    not_these = {*names["not_these"], *taken}
    found: dict[str, DemoPerson] = {}
    while len(found) < count:
        person = _person(names["origin"], chance)
        if person.name not in not_these:
            found.setdefault(person.name, person)
    return list(found.values())


@cache
def _names() -> dict[str, Any]:
    return tomllib.loads((FOLDER / "names.toml").read_text())


def _person(origins: list[dict[str, Any]], chance: Random) -> DemoPerson:
    shares = [origin["share"] for origin in origins]
    origin = chance.choices(origins, shares)[0]
    family = chance.choices(origins, shares)[0] if chance.random() < MIXED else origin
    return DemoPerson(chance.choice(origin["first"]), chance.choice(family["last"]))
