"""The demo's borders and addresses as files such as a city hands over; the same bytes every time."""

import csv
import io
import json
from collections import Counter
from dataclasses import dataclass
from functools import cache
from math import sqrt
from random import Random

from stoep.operations.demo.facts import DemoMunicipality, DemoNeighbourhood
from stoep.operations.demo.streets import street_counts
from stoep.places.voronoi import Area, areas_of, lines_within, points_along

WITHOUT_POINT = 10
FLATS = 6
METRES_A_HOUSE = 9.0
LONGEST_STREET = 2200.0

# The header of the Belgian BeST export, in its order.
HEADER = [
    "EPSG:31370_x", "EPSG:31370_y", "EPSG:4326_lat", "EPSG:4326_lon", "address_id",
    "box_number", "house_number", "municipality_id", "municipality_name_de", "municipality_name_fr",
    "municipality_name_nl", "postcode", "postname_fr", "postname_nl", "street_id",
    "streetname_de", "streetname_fr", "streetname_nl", "region_code", "status",
]  # fmt: skip


@dataclass(frozen=True)
class DemoAddress:
    """One letterbox; `longitude` and `latitude` are None where the register has no point."""

    neighbourhood: str
    postcode: str
    street: str
    number: int
    box: str
    longitude: float | None
    latitude: float | None


def borders_geojson(municipality: DemoMunicipality) -> bytes:
    """A GeoJSON FeatureCollection (WGS84), one feature a neighbourhood with the columns code, wijk, gemeente, nis."""
    areas = _areas(municipality)
    features = [
        {
            "type": "Feature",
            "properties": {"code": one.code, "wijk": one.name, "gemeente": municipality.name, "nis": municipality.nis},
            "geometry": {"type": "MultiPolygon", "coordinates": [areas[one.name].__geo_interface__["coordinates"]]},
        }
        for one in municipality.neighbourhoods
    ]
    collection = {"type": "FeatureCollection", "name": f"{municipality.slug}-wijken", "features": features}
    return json.dumps(collection, ensure_ascii=False).encode()


def addresses_csv(municipality: DemoMunicipality) -> bytes:
    """The addresses in the layout of the Belgian BeST export, WGS84 columns filled; Lambert columns stay empty."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(HEADER)
    street_ids: dict[str, int] = {}
    for number, address in enumerate(addresses(municipality), start=1):
        street_id = street_ids.setdefault(address.street, 100_000 + len(street_ids))
        rows.writerow(_row(municipality, address, address_id=7_000_000 + number, street_id=street_id))
    return text.getvalue().encode()


@cache
def addresses(municipality: DemoMunicipality) -> tuple[DemoAddress, ...]:
    """Every letterbox of the municipality, street by street; a street of several neighbourhoods counts on."""
    chance = Random(f"addresses of {municipality.slug}")  # noqa: S311  invented data, nothing secret
    last_numbers: Counter[str] = Counter()
    found: list[DemoAddress] = []
    plan = street_counts(municipality)
    for neighbourhood in municipality.neighbourhoods:
        found += _addresses_of(municipality, neighbourhood, plan[neighbourhood.name], last_numbers, chance)
    waiting = set(chance.sample(range(len(found)), WITHOUT_POINT if not municipality.invented else 2))
    return tuple(_without_point(address) if index in waiting else address for index, address in enumerate(found))


@cache
def _areas(municipality: DemoMunicipality) -> dict[str, Area]:
    ours = municipality.neighbourhoods
    areas = areas_of([(one.longitude, one.latitude) for one in ours], [one.square_kilometres for one in ours])
    return {one.name: area for one, area in zip(ours, areas, strict=True)}


def _addresses_of(
    municipality: DemoMunicipality,
    neighbourhood: DemoNeighbourhood,
    streets: dict[str, int],
    last_numbers: Counter[str],
    chance: Random,
) -> list[DemoAddress]:
    area = _areas(municipality)[neighbourhood.name]
    houses = {street: _houses(count, chance) for street, count in streets.items()}
    metres_a_house = METRES_A_HOUSE / sqrt(neighbourhood.share)
    lengths = [min(LONGEST_STREET, len(boxes) * metres_a_house + 30) for boxes in houses.values()]
    found = []
    for (street, boxes), line in zip(houses.items(), lines_within(area, lengths, chance), strict=True):
        for house, point in zip(boxes, points_along(line, len(boxes), chance), strict=True):
            last_numbers[street] += 1
            for box in house:
                place = (round(point[0], 6), round(point[1], 6))
                found.append(
                    DemoAddress(neighbourhood.name, neighbourhood.postcode, street, last_numbers[street], box, *place)
                )
    return found


def _houses(count: int, chance: Random) -> list[tuple[str, ...]]:
    """`count` letterboxes as houses: most have one, now and then there is a house with six flats."""
    houses: list[tuple[str, ...]] = []
    while count > 0:
        flats = count > 2 * FLATS and chance.random() < 0.012  # noqa: PLR2004  one house in eighty
        houses.append(tuple(str(flat) for flat in range(1, FLATS + 1)) if flats else ("",))
        count -= len(houses[-1])
    return houses


def _without_point(address: DemoAddress) -> DemoAddress:
    return DemoAddress(address.neighbourhood, address.postcode, address.street, address.number, address.box, None, None)


def _row(municipality: DemoMunicipality, address: DemoAddress, *, address_id: int, street_id: int) -> list[object]:
    latitude = "" if address.latitude is None else f"{address.latitude:.6f}"
    longitude = "" if address.longitude is None else f"{address.longitude:.6f}"
    names = ("", "", municipality.name)
    place = (latitude, longitude, address_id, address.box, address.number, municipality.nis, *names, address.postcode)
    return ["", "", *place, "", municipality.name, street_id, "", "", address.street, "BE-VLG", "current"]
