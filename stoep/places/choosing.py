"""Choosing neighbourhoods and streets in a form: the fields, the streets by neighbourhood, and the drawing.

A street that lies in several neighbourhoods is chosen part by part: who ticks it below Kermt means its doors in Kermt.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from shapely import LineString, MultiPolygon, get_parts

from stoep.places.geometry import SvgMap, from_wkb, svg_paths
from stoep.places.models import Address, Municipality, Neighbourhood, StreetPart

# So many names fit on the map of a neighbourhood's streets.
NAMED_STREETS = 10


@dataclass(frozen=True)
class StreetGroup:
    """The streets of one neighbourhood, by name, each with the id of its part there."""

    id: UUID
    name: str
    streets: list[tuple[UUID, str]]


@dataclass(frozen=True)
class DrawnArea:
    """`label`: where its name stands best; `width`: how wide the area is there, in drawing units."""

    id: UUID
    name: str
    path: str
    label: tuple[float, float]
    width: float


@dataclass(frozen=True)
class Drawing:
    view_box: str
    areas: list[DrawnArea]
    frame: SvgMap
    outline: str = ""

    def points(self, places: Iterable[tuple[float, float]]) -> list[tuple[int, int]]:
        """Longitudes and latitudes as points of the drawing, each once; what lies outside it is left out."""
        found = (self.frame.to_drawing(*place) for place in places)
        inside = ((round(x), round(y)) for x, y in found if 0 <= x <= self.frame.width and 0 <= y <= self.frame.height)
        return list(dict.fromkeys(inside))


def place_fields(municipality: Municipality) -> dict[str, forms.Field]:
    """`neighbourhoods`, and `streets` as parts, of this municipality; what is not theirs is refused by the form."""
    neighbourhoods: forms.ModelMultipleChoiceField[Any] = forms.ModelMultipleChoiceField(
        living(municipality), required=False, label=_("Neighbourhoods"), widget=forms.CheckboxSelectMultiple
    )
    streets: forms.ModelMultipleChoiceField[Any] = forms.ModelMultipleChoiceField(
        living_parts(municipality).select_related("street", "neighbourhood"), required=False, label=_("Streets")
    )
    return {"neighbourhoods": neighbourhoods, "streets": streets}


def living(municipality: Municipality) -> QuerySet[Neighbourhood]:
    return Neighbourhood.objects.filter(municipality=municipality, retired_at=None).order_by("name", "id")


def living_parts(municipality: Municipality) -> QuerySet[StreetPart]:
    """Streets as far as they lie in a living neighbourhood and have doors there."""
    return StreetPart.objects.filter(neighbourhood__in=living(municipality), address_count__gt=0).order_by(
        "neighbourhood__name", "street__name", "id"
    )


def street_groups(municipality: Municipality) -> list[StreetGroup]:
    columns = ("neighbourhood_id", "neighbourhood__name", "pk", "street__name")
    groups: dict[UUID, StreetGroup] = {}
    for neighbourhood_id, name, part_id, street in living_parts(municipality).values_list(*columns):
        groups.setdefault(neighbourhood_id, StreetGroup(neighbourhood_id, name, [])).streets.append((part_id, street))
    return list(groups.values())


def drawing_of(municipality: Municipality) -> Drawing | None:
    """The neighbourhoods as SVG paths; None before the borders are there."""
    places = list(living(municipality))
    if not places:
        return None
    polygons = [from_wkb(place.polygon) for place in places]
    drawn = svg_paths(polygons)
    areas = [
        DrawnArea(place.pk, place.name, path, (round(label[0]), round(label[1])), _width(polygon, label, drawn))
        for place, polygon, path, label in zip(places, polygons, drawn.paths, drawn.labels, strict=True)
    ]
    return Drawing(drawn.view_box, areas, drawn)


def street_drawing(neighbourhood: Neighbourhood) -> Drawing:
    """The streets of a neighbourhood as the doors along them; `id` is the part's, the longest ones have a `width`."""
    drawn = svg_paths([from_wkb(neighbourhood.polygon)])
    doors: dict[UUID, list[tuple[float, float]]] = {}
    living_doors = Address.objects.filter(neighbourhood=neighbourhood, retired_at=None, longitude__isnull=False)
    for street, longitude, latitude in living_doors.order_by("street", "id").values_list(
        "street", "longitude", "latitude"
    ):
        doors.setdefault(street, []).append((longitude or 0.0, latitude or 0.0))
    drawing = Drawing(drawn.view_box, [], drawn, "".join(drawn.paths))
    named = set(sorted(doors, key=lambda street: -len(doors[street]))[:NAMED_STREETS])
    parts = StreetPart.objects.filter(neighbourhood=neighbourhood, street__in=doors).select_related("street")
    for part in parts.order_by("street__name", "id"):
        points = sorted(drawing.points(doors[part.street_id]))
        if points:
            path = "".join(f"M{x},{y}h0" for x, y in points)
            middle = points[len(points) // 2]
            width = float(part.street_id in named)
            drawing.areas.append(DrawnArea(part.pk, part.street.name, path, middle, width))
    return drawing


def _width(polygon: MultiPolygon, label: tuple[float, float], drawn: SvgMap) -> float:
    """How far the area reaches to both sides of its label without a border in between."""
    longitude, latitude = drawn.to_place(*label)
    west, _south, east, _north = polygon.bounds
    across = polygon.intersection(LineString([(west, latitude), (east, latitude)]))
    stretches = [part.bounds for part in get_parts(across) if isinstance(part, LineString)]
    around = [(left, right) for left, _low, right, _high in stretches if left <= longitude <= right]
    room = min((longitude - left, right - longitude) for left, right in around) if around else (0.0, 0.0)
    return float(round(2 * min(room) * drawn.units_across))
