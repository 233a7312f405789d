"""Weekly figures: counted once when a week has closed, published as small numbers allow, and never computed again."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q

from stoep.access.small_numbers import closed_week, people_figure
from stoep.joining.models import CodeUse
from stoep.people.models import Membership
from stoep.places.models import Municipality
from stoep.rollout.models import FrozenFigure

Pair = tuple[UUID, UUID | None]
ByPlace = dict[UUID | None, list[Pair]]


def freeze_week(*, municipality: Municipality, now: datetime) -> int:
    """Freeze the last closed week if it is not frozen yet; answers how many figures were written.

    The total of the municipality is rounded on its own and never added up from its parts (S4).
    """
    start, end = closed_week(now, ZoneInfo(municipality.time_zone))
    counted = {
        FrozenFigure.Metric.MEMBERS: _members(municipality, end),
        FrozenFigure.Metric.CODES_USED: _codes_used(municipality, end),
    }
    figures = [
        FrozenFigure(
            municipality=municipality,
            neighbourhood_id=place,
            metric=metric,
            week_starts_on=start.date(),
            value=people_figure(f"rollout.{metric}", pairs).value,
            frozen_at=now,
        )
        for metric, by_place in counted.items()
        for place, pairs in by_place.items()
    ]
    before = FrozenFigure.objects.count()
    FrozenFigure.objects.bulk_create(figures, ignore_conflicts=True)
    return FrozenFigure.objects.count() - before


def _members(municipality: Municipality, end: datetime) -> ByPlace:
    """Who was a member when the week closed."""
    there = Membership.objects.filter(Q(ended_at=None) | Q(ended_at__gte=end), started_at__lt=end)
    rows = there.filter(neighbourhood__municipality=municipality)
    return _by_place(municipality, rows.values_list("neighbourhood_id", "person_id", "household__address_id"))


def _codes_used(municipality: Municipality, end: datetime) -> ByPlace:
    """Who had joined with a letter's code when the week closed."""
    rows = CodeUse.objects.filter(code__municipality=municipality, used_at__lt=end)
    columns = ("code__address__neighbourhood_id", "person_id", "code__address_id")
    return _by_place(municipality, rows.values_list(*columns))


def _by_place(municipality: Municipality, rows: Iterable[tuple[UUID | None, UUID, UUID | None]]) -> ByPlace:
    places = municipality.neighbourhoods.filter(retired_at=None).values_list("pk", flat=True)
    found: ByPlace = {None: [], **{place: [] for place in places}}
    for place, person, address in rows:
        found[None].append((person, address))
        if place in found and place is not None:
            found[place].append((person, address))
    return found
