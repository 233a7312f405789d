"""Writes what a comparison found: streets, addresses, neighbourhoods; and lets the members follow their house."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import TypeVar
from uuid import UUID

from django.db.models import F

from stoep.common.ids import new_id
from stoep.people.models import Membership
from stoep.places.comparison import AddressComparison, BorderComparison, PlacedRow, street_key
from stoep.places.geometry import adjacency, from_wkb, to_wkb
from stoep.places.models import Address, Municipality, Neighbourhood, Street
from stoep.places.readers.borders import Border
from stoep.rollout.known_places import recount

Row = TypeVar("Row")
ROWS_AT_ONCE = 2000
CHANGED_FIELDS = ["longitude", "latitude", "neighbourhood", "placed_by", "households", "retired_at"]


def write_addresses(municipality: Municipality, changes: AddressComparison, *, now: datetime) -> None:
    """Add, change and retire addresses. Nothing is ever deleted."""
    streets = _streets(municipality, (one.row.street for one in changes.added))
    for rows in _batches(changes.added):
        Address.objects.bulk_create(_new_address(municipality, streets, one) for one in rows)
    for rows in _batches(changes.changed):
        Address.objects.bulk_update([_changed_address(one) for one in rows], CHANGED_FIELDS)
    for gone in _batches(changes.gone):
        Address.objects.filter(pk__in=[one.id for one in gone]).update(retired_at=now)
    let_members_follow(municipality, now=now)
    recount(municipality)


def write_borders(
    municipality: Municipality, borders: Sequence[Border], changes: BorderComparison, *, now: datetime
) -> None:
    """Redraw the neighbourhoods and put every address where it now lies."""
    living = {str(one.pk): one for one in Neighbourhood.objects.filter(municipality=municipality, retired_at=None)}
    for area in changes.gone:
        Neighbourhood.objects.filter(pk=area.key).update(retired_at=now)
    # Codes may change places with each other: first out of the way, then to where they belong.
    for kept in living.values():
        Neighbourhood.objects.filter(pk=kept.pk).update(code=f"~{str(kept.pk)[-30:]}")
    by_code: dict[str, UUID] = {}
    for border in borders:
        old = changes.matches[border.code]
        facts = {"code": border.code, "name": border.name, "polygon": to_wkb(border.polygon)}
        if old is None:
            by_code[border.code] = Neighbourhood.objects.create(municipality=municipality, **facts).pk
        else:
            Neighbourhood.objects.filter(pk=old).update(**facts)
            by_code[border.code] = living[old].pk
    _place_again(changes, by_code)
    _join_adjacent(municipality)
    let_members_follow(municipality, now=now)
    recount(municipality)


def _streets(municipality: Municipality, names: Iterable[str]) -> dict[str, Street]:
    """Every named street by its key; new ones are made."""
    found = {street_key(street.name): street for street in Street.objects.filter(municipality=municipality)}
    missing = {street_key(name): name for name in names if street_key(name) not in found}
    made = Street.objects.bulk_create(Street(municipality=municipality, name=name) for name in missing.values())
    return found | {street_key(street.name): street for street in made}


def _new_address(municipality: Municipality, streets: dict[str, Street], one: PlacedRow) -> Address:
    return Address(
        id=new_id(),
        municipality=municipality,
        street=streets[street_key(one.row.street)],
        neighbourhood_id=one.neighbourhood,
        postcode=one.row.postcode,
        number=one.row.number,
        box=one.row.box,
        longitude=one.longitude,
        latitude=one.latitude,
        households=one.households,
        register_id=one.row.register_id,
        placed_by=one.placed_by,
    )


def _changed_address(one: PlacedRow) -> Address:
    assert one.known is not None  # noqa: S101  a changed row has the address that it changes
    return Address(
        id=one.known.id,
        longitude=one.longitude,
        latitude=one.latitude,
        neighbourhood_id=one.neighbourhood,
        placed_by=one.placed_by,
        households=one.households,
        retired_at=None,
    )


def _place_again(changes: BorderComparison, by_code: dict[str, UUID]) -> None:
    by_place: dict[str | None, list[str]] = {}
    for address, place in changes.places.items():
        by_place.setdefault(place, []).append(address)
    for place, addresses in by_place.items():
        for some in _batches(addresses):
            found = Address.objects.filter(pk__in=some)
            if place is None:
                found.update(neighbourhood=None, placed_by=Address.PlacedBy.NOBODY)
            else:
                found.update(neighbourhood=by_code[place])
                found.filter(placed_by=Address.PlacedBy.NOBODY).update(placed_by=Address.PlacedBy.POINT)


def _join_adjacent(municipality: Municipality) -> None:
    living = list(Neighbourhood.objects.filter(municipality=municipality, retired_at=None))
    beside: dict[int, set[int]] = {position: set() for position in range(len(living))}
    for one, other in adjacency([from_wkb(place.polygon) for place in living]):
        beside[one].add(other)
        beside[other].add(one)
    for position, places in beside.items():
        living[position].adjacent.set([living[other] for other in places])


def let_members_follow(municipality: Municipality, *, now: datetime) -> None:
    """Whose house lies in another neighbourhood now, lives there from now on; what they wrote stays where it was."""
    elsewhere = (
        Membership.objects.filter(ended_at=None, household__address__municipality=municipality)
        .exclude(household__address__neighbourhood=None)
        .exclude(household__address__neighbourhood=F("neighbourhood"))
        .select_related("household__address")
    )
    for membership in list(elsewhere):
        place = membership.household.address.neighbourhood_id if membership.household else None
        if place is None:
            continue
        Membership.objects.filter(pk=membership.pk).update(ended_at=now)
        membership.pk, membership.neighbourhood_id, membership.started_at = new_id(), place, now
        membership._state.adding = True  # noqa: SLF001  Django's documented way to copy a row
        membership.save()


def _batches(rows: Sequence[Row]) -> Iterator[list[Row]]:
    whole = iter(rows)
    while batch := list(islice(whole, ROWS_AT_ONCE)):
        yield batch
