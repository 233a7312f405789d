"""Reads for the rollout's pages: how each neighbourhood stands, what waits for a hand, which letters are under way."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from stoep.joining.models import LetterCode
from stoep.places.choosing import living
from stoep.places.models import Address, Municipality, Neighbourhood, Street, StreetPart
from stoep.rollout.models import FrozenFigure, ImportRun, LetterBatch, LetterRun


@dataclass(frozen=True)
class PlaceRow:
    """One neighbourhood on the rollout page. Letters are exact; the frozen figures are None where too few to show."""

    place: Neighbourhood
    letterboxes: int
    letters: int
    codes_used: int | None
    members: int | None


@dataclass(frozen=True)
class Overview:
    """`week`: the last frozen one, None before the first."""

    week: date | None
    rows: list[PlaceRow]
    letterboxes: int
    letters: int
    waiting: int
    codes_used: int | None
    members: int | None


def overview(municipality: Municipality) -> Overview:
    places = list(living(municipality))
    letters = _letters(municipality)
    week = _last_week(municipality)
    frozen = _frozen(municipality, week)
    rows = [
        PlaceRow(
            place=place,
            letterboxes=place.address_count,
            letters=letters[str(place.pk)],
            codes_used=frozen.get((place.pk, FrozenFigure.Metric.CODES_USED)),
            members=frozen.get((place.pk, FrozenFigure.Metric.MEMBERS)),
        )
        for place in places
    ]
    return Overview(
        week=week,
        rows=rows,
        letterboxes=sum(row.letterboxes for row in rows),
        letters=letters.total(),
        waiting=waiting_addresses(municipality).count(),
        codes_used=frozen.get((None, FrozenFigure.Metric.CODES_USED)),
        members=frozen.get((None, FrozenFigure.Metric.MEMBERS)),
    )


def waiting_addresses(municipality: Municipality) -> QuerySet[Address]:
    """Living letterboxes without a neighbourhood: they wait for a hand."""
    return (
        Address.objects.filter(municipality=municipality, neighbourhood=None, retired_at=None)
        .select_related("street")
        .order_by("street__name", "number", "box", "id")
    )


@dataclass(frozen=True)
class WaitingStreet:
    """A street with addresses that wait, and the neighbourhoods where its other doors lie: the likely ones."""

    street: Street
    count: int
    likely: list[Neighbourhood]


def waiting_streets(municipality: Municipality) -> QuerySet[Street]:
    """Streets with letterboxes that wait for a hand, with their number as `waiting`."""
    waits = Q(addresses__neighbourhood=None, addresses__retired_at=None)
    streets = Street.objects.filter(municipality=municipality).annotate(waiting=Count("addresses", filter=waits))
    return streets.filter(waiting__gt=0).order_by("name", "id")


def with_likely_places(streets: Iterable[Street]) -> list[WaitingStreet]:
    found = list(streets)
    parts = StreetPart.objects.filter(street__in=found, address_count__gt=0, neighbourhood__retired_at=None)
    likely: dict[object, list[Neighbourhood]] = {street.pk: [] for street in found}
    for part in parts.select_related("neighbourhood").order_by("-address_count", "id"):
        likely[part.street_id].append(part.neighbourhood)
    return [WaitingStreet(street, street.waiting, likely[street.pk]) for street in found]  # type: ignore[attr-defined]  # annotated


def known_points(street: Street) -> list[tuple[float, float]]:
    """Longitude and latitude of the street's doors that have a point: they show on a map where the street runs."""
    doors = Address.objects.filter(street=street, longitude__isnull=False, retired_at=None)
    return list(doors.order_by("id").values_list("longitude", "latitude"))  # type: ignore[arg-type]  # filtered


def letter_runs(municipality: Municipality) -> QuerySet[LetterRun]:
    everything = ("neighbourhoods", "streets", "parts__street", "parts__neighbourhood")
    return LetterRun.objects.filter(municipality=municipality).prefetch_related(*everything)


def import_runs(municipality: Municipality) -> QuerySet[ImportRun]:
    return ImportRun.objects.filter(municipality=municipality).select_related("started_by")


def _letters(municipality: Municipality) -> Counter[str]:
    """Letters made by neighbourhood, exactly: as the batches counted them, and codes that no run printed."""
    found: Counter[str] = Counter()
    for counts in LetterBatch.objects.filter(run__municipality=municipality).values_list("counts", flat=True):
        found.update(counts)
    singly = LetterCode.objects.filter(municipality=municipality, run_id=None)
    for place, count in singly.values_list("address__neighbourhood_id").annotate(Count("pk")).order_by():
        found[str(place)] += count
    return found


def _last_week(municipality: Municipality) -> date | None:
    newest = FrozenFigure.objects.filter(municipality=municipality).order_by("-week_starts_on").first()
    return newest.week_starts_on if newest else None


def _frozen(municipality: Municipality, week: date | None) -> dict[tuple[object, str], int | None]:
    rows = FrozenFigure.objects.filter(municipality=municipality, week_starts_on=week) if week else ()
    return {(row.neighbourhood_id, row.metric): row.value for row in rows}
