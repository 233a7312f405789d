"""Whom an audience reaches: letterboxes exactly, members as the figures that its places publish, added up.

Each place counts as of the last closed week, whatever it is asked together with: no mix of places says more than they.
"""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q, Sum
from django.db.models.functions import Greatest

from stoep.access.models import Audience
from stoep.access.small_numbers import MEMBERS, FigureSum, Reach, closed_week, people_figure, sum_of
from stoep.people.queries import memberships_at
from stoep.places.models import Address, StreetPart

# Neighbourhood and street: the part of a street. Without a street the whole neighbourhood, without both the city.
Part = tuple[UUID | None, UUID | None]
CITY: Part = (None, None)


def reach_of(audience: Audience, *, now: datetime) -> Reach:
    """Households from the city's own register; members only as published (docs/decisions/0009)."""
    return Reach(households=_households(audience), members=_members(audience, now))


def _households(audience: Audience) -> int:
    homes = Q(pk__in=[])
    for atom in audience.atoms.all():
        homes |= _inside(audience, atom.neighbourhood_id, atom.street_id)
    boxes = Address.objects.filter(homes, retired_at=None, neighbourhood__isnull=False)
    return boxes.aggregate(count=Sum(Greatest("households", 1)))["count"] or 0


def _inside(audience: Audience, neighbourhood_id: UUID | None, street_id: UUID | None) -> Q:
    condition = Q(municipality=audience.municipality_id)
    if neighbourhood_id:
        condition &= Q(neighbourhood=neighbourhood_id)
    if street_id:
        condition &= Q(street=street_id)
    return condition


def _members(audience: Audience, now: datetime) -> FigureSum:
    week = closed_week(now, ZoneInfo(audience.municipality.time_zone))
    lived = _lived(audience, _parts(audience), week.end)
    return sum_of([people_figure(MEMBERS, pairs) for pairs in lived.values()])


def _parts(audience: Audience) -> set[Part]:
    """The places that publish a figure of their own, none inside another. From the register: a part with nobody too."""
    atoms: set[Part] = {(atom.neighbourhood_id, atom.street_id) for atom in audience.atoms.all()}
    if CITY in atoms:
        return {CITY}
    whole = {place for place, street in atoms if street is None}
    parts: set[Part] = {(place, street) for place, street in atoms if place and street}
    parts |= _parts_of_streets([street for place, street in atoms if place is None and street])
    return {(place, None) for place in whole} | {part for part in parts if part[0] not in whole}


def _parts_of_streets(streets: Collection[UUID]) -> set[Part]:
    living = StreetPart.objects.filter(street__in=streets, address_count__gt=0, neighbourhood__retired_at=None)
    return set(living.values_list("neighbourhood_id", "street_id"))


def _lived(audience: Audience, parts: set[Part], end: datetime) -> dict[Part, set[tuple[UUID, UUID | None]]]:
    """Who lived in each part when the week closed, and behind which door."""
    inside = Q(pk__in=[])
    for atom in audience.atoms.all():
        inside |= atom.lived_in()
    rows = memberships_at(audience.municipality_id, end).filter(inside)
    columns = ("neighbourhood_id", "household__address__street_id", "person_id", "household__address_id")
    lived: dict[Part, set[tuple[UUID, UUID | None]]] = {part: set() for part in parts}
    for place, street, person, door in rows.values_list(*columns):
        for part in (CITY, (place, None), (place, street)):
            if part in lived:
                lived[part].add((person, door))
    return lived
