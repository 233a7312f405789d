"""Which streets a neighbourhood has and how many letterboxes stand in each."""

import tomllib
from functools import cache
from random import Random

from stoep.operations.demo.facts import FOLDER, DemoMunicipality, DemoNeighbourhood

FEWEST_IN_A_STREET = 14


@cache
def street_counts(municipality: DemoMunicipality) -> dict[str, dict[str, int]]:
    """Neighbourhood → street → letterboxes. The named streets keep their share; the others get invented names."""
    chance = Random(f"streets of {municipality.slug}")  # noqa: S311  invented data, nothing secret
    names = _unused_names(municipality, chance)
    return {one.name: _counts(one, names, chance) for one in municipality.neighbourhoods}


def _unused_names(municipality: DemoMunicipality, chance: Random) -> list[str]:
    """Invented names, the best last: every first part once, then each a second time with another last part."""
    taken = {street for one in municipality.neighbourhoods for street, _ in one.streets}
    parts = tomllib.loads((FOLDER / "names.toml").read_text())
    names: list[str] = []
    for _ in range(2):
        round_of_names = [first + chance.choice(parts["street_ends"]) for first in parts["streets"]]
        chance.shuffle(round_of_names)
        names = [name for name in round_of_names if name not in taken] + names
        taken |= set(names)
    return names


def _counts(neighbourhood: DemoNeighbourhood, names: list[str], chance: Random) -> dict[str, int]:
    """Streets as in reality where all addresses are made; fewer streets, still of a size, where a part is."""
    real = dict(neighbourhood.streets)
    while sum(real.values()) < neighbourhood.house_numbers and len(real) < _most_streets(neighbourhood):
        rest = neighbourhood.house_numbers - sum(real.values())
        real[names.pop()] = min(rest, round(chance.triangular(5, 60, 18)))
    largest = sorted(real.items(), key=lambda street: -street[1])[: _most_streets(neighbourhood)]
    return _shared_out(neighbourhood.address_count, dict(largest))


def _most_streets(neighbourhood: DemoNeighbourhood) -> int:
    if neighbourhood.share == 1:
        return neighbourhood.address_count
    return max(3, neighbourhood.address_count // FEWEST_IN_A_STREET)


def _shared_out(total: int, weights: dict[str, int]) -> dict[str, int]:
    """Whole numbers in the proportion of the weights that add up to the total; the largest rests round up."""
    exact = {street: total * weight / sum(weights.values()) for street, weight in weights.items()}
    counts = {street: max(1, int(value)) for street, value in exact.items()}
    by_rest = sorted(exact, key=lambda street: exact[street] - counts[street], reverse=True)
    for street in by_rest[: max(0, total - sum(counts.values()))]:
        counts[street] += 1
    return counts
