"""Maps in shades: every area in one of five, and what each shade stands for."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil
from uuid import UUID

from stoep.places.choosing import Drawing, DrawnArea

SHADES = 5
BARS = 8
# Published figures are multiples of this.
BASE = 5


@dataclass(frozen=True)
class ShadedArea:
    """`shade`: 1 (light) to 5 (dark), 0 where the figure is not shown."""

    area: DrawnArea
    shade: int
    value: int | None


@dataclass(frozen=True)
class Shade:
    number: int
    least: int
    most: int


@dataclass(frozen=True)
class ShadedMap:
    view_box: str
    areas: list[ShadedArea]
    legend: list[Shade]
    hides_some: bool

    @property
    def longest(self) -> list[ShadedArea]:
        """The highest figures first, as bars beside the map."""
        shown = [one for one in self.areas if one.value]
        return sorted(shown, key=lambda one: (-(one.value or 0), one.area.name))[:BARS]

    @property
    def highest(self) -> int:
        return max(one.value or 0 for one in self.areas)


def shaded(drawing: Drawing, values: Mapping[UUID, int | None]) -> ShadedMap | None:
    """None while no figure is shown at all."""
    shown = [value for value in values.values() if value]
    if not shown:
        return None
    step = BASE * ceil(max(shown) / (BASE * SHADES))
    areas = [_shaded(area, values.get(area.id), step) for area in drawing.areas]
    used = max(one.shade for one in areas)
    legend = [Shade(number, (number - 1) * step + BASE, number * step) for number in range(1, used + 1)]
    return ShadedMap(drawing.view_box, areas, legend, hides_some=any(one.shade == 0 for one in areas))


def _shaded(area: DrawnArea, value: int | None, step: int) -> ShadedArea:
    return ShadedArea(area, min(SHADES, ceil(value / step)) if value else 0, value)
