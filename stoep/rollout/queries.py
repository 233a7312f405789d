"""Reads for the rollout's pages: how each neighbourhood stands, what waits for a hand, which letters are under way."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, QuerySet, Sum

from stoep.joining.models import LetterCode
from stoep.places.choosing import living
from stoep.places.models import Address, Municipality, Neighbourhood
from stoep.rollout.models import FrozenFigure, ImportRun, LetterRun


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
    letters = dict(
        LetterCode.objects.filter(municipality=municipality, address__isnull=False)
        .values_list("address__neighbourhood_id")
        .annotate(count=Count("pk"))
        .order_by()
    )
    ordered = LetterRun.objects.filter(municipality=municipality).aggregate(made=Sum("made_count"))["made"] or 0
    week = _last_week(municipality)
    frozen = _frozen(municipality, week)
    rows = [
        PlaceRow(
            place=place,
            letterboxes=place.address_count,
            letters=letters.get(place.pk, 0),
            codes_used=frozen.get((place.pk, FrozenFigure.Metric.CODES_USED)),
            members=frozen.get((place.pk, FrozenFigure.Metric.MEMBERS)),
        )
        for place in places
    ]
    return Overview(
        week=week,
        rows=rows,
        letterboxes=sum(row.letterboxes for row in rows),
        letters=ordered,
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


def letter_runs(municipality: Municipality) -> QuerySet[LetterRun]:
    return LetterRun.objects.filter(municipality=municipality).prefetch_related("neighbourhoods", "streets")


def import_runs(municipality: Municipality) -> QuerySet[ImportRun]:
    return ImportRun.objects.filter(municipality=municipality)


def _last_week(municipality: Municipality) -> date | None:
    newest = FrozenFigure.objects.filter(municipality=municipality).order_by("-week_starts_on").first()
    return newest.week_starts_on if newest else None


def _frozen(municipality: Municipality, week: date | None) -> dict[tuple[object, str], int | None]:
    rows = FrozenFigure.objects.filter(municipality=municipality, week_starts_on=week) if week else ()
    return {(row.neighbourhood_id, row.metric): row.value for row in rows}
