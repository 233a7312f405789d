"""The streets of a neighbourhood as shapes to shade: where a street runs, and not where a door is."""

from collections.abc import Collection
from functools import lru_cache
from uuid import UUID

from stoep.places.choosing import Drawing, DrawnArea
from stoep.places.geometry import Point, from_wkb, street_path, svg_paths
from stoep.places.models import Address, Neighbourhood, StreetPart


def street_shapes(neighbourhood: Neighbourhood) -> Drawing:
    """Those that are long enough to be shown (`id` is the street's), and the border. Kept while the addresses stay."""
    parts = StreetPart.objects.filter(neighbourhood=neighbourhood, address_count__gte=StreetPart.SHOWN_FROM)
    named = tuple(parts.order_by("street__name", "id").values_list("street_id", "street__name", "address_count"))
    return _drawn(neighbourhood.pk, bytes(neighbourhood.polygon), named)


@lru_cache(maxsize=200)
def _drawn(neighbourhood_id: UUID, polygon: bytes, named: tuple[tuple[UUID, str, int], ...]) -> Drawing:
    drawn = svg_paths([from_wkb(polygon)])
    doors = _doors(neighbourhood_id, [street_id for street_id, _name, _count in named])
    paths = ((street_id, name, *street_path(doors.get(street_id, []), drawn)) for street_id, name, _count in named)
    areas = [DrawnArea(street_id, name, path, label, 0.0) for street_id, name, path, label in paths if path]
    return Drawing(drawn.view_box, areas, drawn, "".join(drawn.paths))


def _doors(neighbourhood_id: UUID, streets: Collection[UUID]) -> dict[UUID, list[Point]]:
    living = Address.objects.filter(
        neighbourhood=neighbourhood_id, street__in=streets, retired_at=None, longitude__isnull=False
    )
    found: dict[UUID, list[Point]] = {}
    for street, longitude, latitude in living.order_by("id").values_list("street", "longitude", "latitude"):
        found.setdefault(street, []).append((longitude or 0.0, latitude or 0.0))
    return found
