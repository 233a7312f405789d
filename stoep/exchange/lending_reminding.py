"""The day before, and once more the day after where it did not come back: to both, however often it is asked."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q

from stoep.delivery.outbox import tell
from stoep.exchange.lending_days import today_in
from stoep.exchange.models import Item, Loan
from stoep.places.models import Municipality

# What has been out for longer is between the two of them.
LATE_FOR = timedelta(days=30)


def remind_of_loans(*, now: datetime) -> int:
    """Tell what begins or goes back tomorrow, and what should be back, as each city counts its days: how many loans."""
    return sum(_remind(city, now) + _remind_late(city, now) for city in Municipality.objects.order_by("pk"))


@transaction.atomic
def _remind(city: Municipality, now: datetime) -> int:
    tomorrow = today_in(city, now) + timedelta(days=1)
    begins = Q(from_on=tomorrow, agreed_at__isnull=False, out_at=None)
    ends = Q(to_on=tomorrow, out_at__isnull=False)
    due = Loan.objects.filter(begins | ends, municipality=city, kind=Item.Kind.LEND).promised()
    loans = list(due.exclude(reminded_for=tomorrow).select_for_update().order_by("pk"))
    Loan.objects.filter(pk__in=[loan.pk for loan in loans]).update(reminded_for=tomorrow)
    for loan in loans:
        notice = "exchange.loan_begins" if loan.out_at is None else "exchange.loan_ends"
        tell(notice, municipality_id=city.pk, subject_id=loan.pk, actor=None, now=now)
    return len(loans)


@transaction.atomic
def _remind_late(city: Municipality, now: datetime) -> int:
    """Once for each day on which it should have been back: whoever agrees on a later one is reminded of that again."""
    today = today_in(city, now)
    late = Q(to_on__lt=today, to_on__gte=today - LATE_FOR)
    out = Loan.objects.filter(late, out_at__isnull=False, municipality=city).promised()
    not_yet = Q(reminded_for=None) | Q(reminded_for__lte=F("to_on"))
    loans = list(out.filter(not_yet, kind=Item.Kind.LEND).select_for_update().order_by("pk"))
    for loan in loans:
        assert loan.to_on is not None  # noqa: S101  asked for above
        loan.reminded_for = loan.to_on + timedelta(days=1)
        tell("exchange.loan_late", municipality_id=city.pk, subject_id=loan.pk, actor=None, now=now)
    Loan.objects.bulk_update(loans, ["reminded_for"])
    return len(loans)
