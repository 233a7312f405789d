"""What we know of a municipality's places, in the form in which `places.comparison` wants it, and the kept counts."""

from django.db import connection

from stoep.places.comparison import KnownAddress
from stoep.places.geometry import Area, from_wkb
from stoep.places.models import Address, Municipality, Neighbourhood, StreetPart

RECOUNT_SQL = """
WITH counted AS (
    SELECT street_id, neighbourhood_id, count(*) AS letterboxes
    FROM places_address
    WHERE municipality_id = %(municipality)s AND retired_at IS NULL AND neighbourhood_id IS NOT NULL
    GROUP BY street_id, neighbourhood_id
)
INSERT INTO places_streetpart (id, street_id, neighbourhood_id, address_count)
SELECT gen_random_uuid(), street_id, neighbourhood_id, letterboxes FROM counted
ON CONFLICT (street_id, neighbourhood_id) DO UPDATE SET address_count = EXCLUDED.address_count
"""
EMPTY_SQL = """
UPDATE places_streetpart part SET address_count = 0
FROM places_street street
WHERE street.id = part.street_id AND street.municipality_id = %(municipality)s AND part.address_count > 0
  AND NOT EXISTS (SELECT 1 FROM places_address a WHERE a.street_id = part.street_id
                  AND a.neighbourhood_id = part.neighbourhood_id AND a.retired_at IS NULL)
"""
NEIGHBOURHOOD_SQL = """
UPDATE places_neighbourhood n SET
    address_count = (SELECT count(*) FROM places_address a WHERE a.neighbourhood_id = n.id AND a.retired_at IS NULL),
    member_count = (SELECT count(*) FROM people_membership m WHERE m.neighbourhood_id = n.id AND m.ended_at IS NULL)
WHERE n.municipality_id = %(municipality)s
"""
# A street may be shown beside a name only while it is long enough to hide in (docs/trust.md, promise 2). Who does not
# show it, by choice or because it was short, decides anew: none appears beside a name by itself.
SHOWN_STREET_SQL = """
UPDATE people_membership m SET shown_street_id = now.street_id
FROM (
    SELECT m.id, part.street_id
    FROM people_membership m
    JOIN places_neighbourhood n ON n.id = m.neighbourhood_id
    JOIN people_household h ON h.id = m.household_id
    JOIN places_address a ON a.id = h.address_id
    LEFT JOIN places_streetpart part ON part.street_id = a.street_id AND part.neighbourhood_id = m.neighbourhood_id
        AND part.address_count >= %(shown_from)s
    WHERE n.municipality_id = %(municipality)s AND m.ended_at IS NULL AND m.shown_street_id IS NOT NULL
) now
WHERE now.id = m.id AND m.shown_street_id IS DISTINCT FROM now.street_id
"""


def known_areas(municipality: Municipality) -> list[Area]:
    """The living neighbourhoods; their key is the id as text."""
    living = Neighbourhood.objects.filter(municipality=municipality, retired_at=None)
    return [Area(str(one.pk), one.name, from_wkb(one.polygon)) for one in living]


def known_addresses(municipality: Municipality) -> list[KnownAddress]:
    """All addresses, retired ones too."""
    columns = (
        "id",
        "postcode",
        "street__name",
        "number",
        "box",
        "longitude",
        "latitude",
        "placed_by",
        "neighbourhood_id",
        "households",
        "retired_at",
    )
    rows = Address.objects.filter(municipality=municipality).order_by("id").values_list(*columns)
    return [
        KnownAddress(
            id=str(row[0]),
            postcode=row[1],
            street=row[2],
            number=row[3],
            box=row[4],
            longitude=row[5],
            latitude=row[6],
            placed_by=row[7],
            neighbourhood=str(row[8]) if row[8] else None,
            households=row[9],
            is_retired=row[10] is not None,
        )
        for row in rows.iterator(chunk_size=5000)
    ]


def recount(municipality: Municipality) -> None:
    """Bring the kept counts in line with the addresses, and hide the streets that became too short to show."""
    with connection.cursor() as cursor:
        for statement in (RECOUNT_SQL, EMPTY_SQL, NEIGHBOURHOOD_SQL, SHOWN_STREET_SQL):
            cursor.execute(statement, {"municipality": municipality.pk, "shown_from": StreetPart.SHOWN_FROM})
