"""The days of a loan: from one day to another, both of them included, as the lender's city counts its days."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from stoep.places.models import Municipality

LONGEST = timedelta(days=60)
FURTHEST = timedelta(days=365)
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Days:
    from_on: date
    to_on: date

    def trouble(self, today: date) -> str:
        """Why nobody can agree on these days; empty where they can."""
        if self.from_on < today:
            return "past"
        if self.to_on < self.from_on:
            return "order"
        if self.from_on - today > FURTHEST:
            return "far"
        return "long" if self.to_on - self.from_on > LONGEST else ""


def today_in(municipality: Municipality, now: datetime) -> date:
    return now.astimezone(ZoneInfo(municipality.time_zone)).date()
