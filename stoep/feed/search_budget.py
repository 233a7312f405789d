"""How much somebody may search: what one person types, and as many different neighbours as one person looks for."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from stoep.access.limits import Limit, hit
from stoep.access.seen import A_DAY, may_see

BUDGETS = (Limit("found-hour", 50, timedelta(hours=1)), A_DAY)
# One question compares thousands of words: nobody types more, and a script is told to wait.
QUESTIONS = Limit("search-questions", 100, timedelta(hours=1))


def may_ask(reader_id: UUID, *, now: datetime) -> bool:
    """Counts this question, and says whether it is within what one person types."""
    return hit(QUESTIONS, str(reader_id), now=now)


def may_be_shown(reader_id: UUID, people: Sequence[UUID], *, now: datetime) -> bool:
    """Whether all of them are within what one person needs."""
    return may_see(reader_id, people, budgets=BUDGETS, now=now)
