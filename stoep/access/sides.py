"""The two sides of a loan: who lends, who borrows, and which of them is asked for a yes or a no."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from stoep.people.models import Person
from stoep.people.queries import Standing, apart_from


@dataclass(frozen=True)
class Side:
    """One side of an agreement between two neighbours. `of`: lender, borrower, or answerer.

    A block stands between the sides, but whoever lent something out still finds their own thing.
    """

    of: str
    sign: str = "o"

    def holds(self, standing: Standing, subject: Any) -> bool:
        mine = self._mine(subject)
        if mine is None or mine != standing.person_id:
            return False
        return _keeps_sight(mine, subject) or standing.apart.isdisjoint(_others(mine, subject))

    def people(self, subject: Any) -> QuerySet[Person]:
        mine = self._mine(subject)
        found = Person.objects.filter(pk=mine, left_at=None) if mine else Person.objects.none()
        if mine is None or _keeps_sight(mine, subject):
            return found
        return found.exclude(pk__in=apart_from(_others(mine, subject)).values("pk"))

    def _mine(self, subject: Any) -> UUID | None:
        found: UUID | None = getattr(subject, f"{self.of}_id", None)
        return found


def _keeps_sight(mine: UUID, subject: Any) -> bool:
    return bool(subject.is_promised) and mine == subject.lender_id


def _others(mine: UUID, subject: Any) -> list[UUID]:
    return [each for each in subject.sides if each not in (None, mine)]
