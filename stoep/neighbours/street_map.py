"""How many neighbours each street counts, as a map and a list: figures of a closed week, too few not shown, no pins.

Only who shows their street is counted: the map says nothing that the list of neighbours does not say already.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from stoep.access.small_numbers import Figure, closed_week, people_figure
from stoep.people.models import Membership
from stoep.people.queries import memberships_at
from stoep.places.models import Neighbourhood
from stoep.places.shading import ShadedMap, shaded
from stoep.places.street_shapes import street_shapes

# The same people in a street give the same figure, whoever looks and whenever.
METRIC = "neighbours.streets"


@dataclass(frozen=True)
class StreetFigure:
    name: str
    figure: Figure


@dataclass(frozen=True)
class StreetMap:
    """`chart` is None while no street has enough neighbours to be shown."""

    neighbourhood: Neighbourhood
    streets: list[StreetFigure]
    chart: ShadedMap | None
    outline: str


def street_map(neighbourhood: Neighbourhood, *, now: datetime) -> StreetMap:
    """As it stood when the last week closed; the same for everybody who looks."""
    drawing = street_shapes(neighbourhood)
    lived = _lived(neighbourhood, now)
    figures = {area.id: people_figure(METRIC, lived.get(area.id, ())) for area in drawing.areas}
    return StreetMap(
        neighbourhood=neighbourhood,
        streets=[StreetFigure(area.name, figures[area.id]) for area in drawing.areas],
        chart=shaded(drawing, {street: figure.value for street, figure in figures.items()}),
        outline=drawing.outline,
    )


def _lived(neighbourhood: Neighbourhood, now: datetime) -> dict[UUID, set[tuple[UUID, UUID | None]]]:
    """Street → who lived there when the week closed, and behind which door."""
    week = closed_week(now, ZoneInfo(neighbourhood.municipality.time_zone))
    there = memberships_at(neighbourhood.municipality_id, week.end).filter(
        neighbourhood=neighbourhood, standing=Membership.Standing.FULL, shown_street__isnull=False
    )
    found: dict[UUID, set[tuple[UUID, UUID | None]]] = {}
    for street, person, door in there.values_list("shown_street_id", "person_id", "household__address_id"):
        found.setdefault(street, set()).add((person, door))
    return found
