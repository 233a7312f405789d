"""The demo's municipalities and neighbourhoods as `neighbourhoods.toml` tells them."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class DemoNeighbourhood:
    """Facts, and how much of them the demo makes: `share` of the addresses, `members` neighbours that joined."""

    name: str
    code: str
    postcode: str
    latitude: float
    longitude: float
    inhabitants: int
    house_numbers: int
    square_kilometres: float
    state: str
    members: int
    share: float
    streets: tuple[tuple[str, int], ...]

    @property
    def address_count(self) -> int:
        return max(40, round(self.house_numbers * self.share))


@dataclass(frozen=True)
class DemoMunicipality:
    slug: str
    name: str
    nis: str
    invented: bool
    neighbourhoods: tuple[DemoNeighbourhood, ...]

    def neighbourhood(self, name: str) -> DemoNeighbourhood:
        return next(neighbourhood for neighbourhood in self.neighbourhoods if neighbourhood.name == name)


@cache
def municipalities() -> tuple[DemoMunicipality, ...]:
    """All of them; the first is the one the demo is about."""
    facts = tomllib.loads((FOLDER / "neighbourhoods.toml").read_text())
    return tuple(_municipality(row) for row in facts["municipality"])


def municipality(slug: str) -> DemoMunicipality:
    return next(one for one in municipalities() if one.slug == slug)


def _municipality(row: dict[str, Any]) -> DemoMunicipality:
    neighbourhoods = tuple(_neighbourhood(facts) for facts in row["neighbourhood"])
    return DemoMunicipality(
        **{key: row[key] for key in ("slug", "name", "nis", "invented")}, neighbourhoods=neighbourhoods
    )


def _neighbourhood(row: dict[str, Any]) -> DemoNeighbourhood:
    streets = tuple((name, count) for name, count in row["streets"])
    return DemoNeighbourhood(**{key: value for key, value in row.items() if key != "streets"}, streets=streets)
