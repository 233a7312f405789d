"""How many different people somebody may look up, in whatever way: against copying who lives here (docs/trust.md T4).

Who looked at whom stands nowhere: a pair is kept as a keyed hash.
"""

import logging
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from stoep.access.limits import Limit, hit, hit_each
from stoep.common.crypto import keyed_hash

logger = logging.getLogger(__name__)

# One for the list, the search and the profiles together, or three doors would give three times as many.
A_DAY = Limit("people-day", 200, timedelta(days=1))


def may_see(reader_id: UUID, people: Collection[UUID], *, budgets: Iterable[Limit], now: datetime) -> bool:
    """Whether all of them are within each budget. Whom somebody saw before in this window is free, and oneself.

    What is not shown is not counted either, so that asking again opens nothing.
    """
    pairs = [keyed_hash("people.seen", f"{reader_id}:{each}") for each in people if each != reader_id]
    if not pairs:
        return True
    with transaction.atomic():
        exceeded = next((budget for budget in budgets if not _is_within(budget, reader_id, pairs, now)), None)
        transaction.set_rollback(exceeded is not None)
    if exceeded is not None:
        logger.warning("%s looks up more people than %s allows", reader_id, exceeded.name)
    return exceeded is None


def _is_within(budget: Limit, reader_id: UUID, pairs: list[str], now: datetime) -> bool:
    new = hit_each(Limit(f"{budget.name}-seen", 1, budget.window), pairs, now=now)
    return not new or hit(budget, str(reader_id), now=now, times=new)
