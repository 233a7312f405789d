"""Weekly figures: counted once when a week has closed, published as small numbers allow, and never computed again."""

from collections.abc import Iterable
from datetime import datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F, OuterRef, Subquery

from stoep.access.small_numbers import MEMBERS, Week, closed_week, people_figure, weeks_between
from stoep.joining.models import CodeUse
from stoep.people.models import Membership
from stoep.people.queries import memberships_at
from stoep.places.models import Municipality
from stoep.rollout.models import FrozenFigure

Pair = tuple[UUID, UUID | None]
ByPlace = dict[UUID | None, list[Pair]]
ROUNDED_AS = {FrozenFigure.Metric.MEMBERS: MEMBERS, FrozenFigure.Metric.CODES_USED: "rollout.codes_used"}


def freeze_week(*, municipality: Municipality, now: datetime) -> int:
    """Freeze the last closed week if it is not frozen yet; answers how many figures were written.

    The total of the municipality is rounded on its own and never added up from its parts (S4).
    """
    return _freeze(municipality, closed_week(now, ZoneInfo(municipality.time_zone)), now)


def freeze_missing_weeks(*, municipality: Municipality, now: datetime) -> int:
    """Freeze every closed week since the last frozen one: nights on which nobody worked leave no gap."""
    zone = ZoneInfo(municipality.time_zone)
    newest = FrozenFigure.objects.filter(municipality=municipality).order_by("-week_starts_on").first()
    if newest is None:
        return freeze_week(municipality=municipality, now=now)
    first = datetime.combine(newest.week_starts_on, time.min, zone)
    return sum(_freeze(municipality, week, now) for week in weeks_between(first, now, zone))


@transaction.atomic
def _freeze(municipality: Municipality, week: Week, now: datetime) -> int:
    """All figures of a week at once, and only once, also when two workers come at the same moment."""
    Municipality.objects.select_for_update().get(pk=municipality.pk)
    if FrozenFigure.objects.filter(municipality=municipality, week_starts_on=week.start.date()).exists():
        return 0
    counted = {
        FrozenFigure.Metric.MEMBERS: _members(municipality, week.end),
        FrozenFigure.Metric.CODES_USED: _codes_used(municipality, week.end),
    }
    figures = [
        FrozenFigure(
            municipality=municipality,
            neighbourhood_id=place,
            metric=metric,
            week_starts_on=week.start.date(),
            value=people_figure(ROUNDED_AS[metric], pairs).value,
            frozen_at=now,
        )
        for metric, by_place in counted.items()
        for place, pairs in by_place.items()
    ]
    return len(FrozenFigure.objects.bulk_create(figures))


def _members(municipality: Municipality, end: datetime) -> ByPlace:
    """Who was a member when the week closed."""
    rows = memberships_at(municipality.pk, end)
    return _by_place(municipality, rows.values_list("neighbourhood_id", "person_id", "household__address_id"))


def _codes_used(municipality: Municipality, end: datetime) -> ByPlace:
    """Who had joined with a letter's code when the week closed, where they lived then.

    Asked of the membership: a code forgets its address thirty days after it expired.
    """
    lived = Membership.objects.filter(person=OuterRef("person"), started_at__lt=end).order_by("-started_at", "-id")
    rows = CodeUse.objects.filter(code__municipality=municipality, used_at__lt=end).annotate(
        place=Subquery(lived.values("neighbourhood")[:1]), door=Subquery(lived.values("household__address")[:1])
    )
    return _by_place(municipality, rows.values_list("place", F("person_id"), "door"))


def _by_place(municipality: Municipality, rows: Iterable[tuple[UUID | None, UUID, UUID | None]]) -> ByPlace:
    places = municipality.neighbourhoods.filter(retired_at=None).values_list("pk", flat=True)
    found: ByPlace = {None: [], **{place: [] for place in places}}
    for place, person, address in rows:
        found[None].append((person, address))
        if place in found and place is not None:
            found[place].append((person, address))
    return found
