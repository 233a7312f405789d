"""A retry does nothing twice: the idempotency key is a row in the writer's own transaction."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from stoep.access.models import Once
from stoep.people.models import Person


def once(*, person: Person, action: str, key: UUID, now: datetime, write: Callable[[], UUID]) -> tuple[UUID, bool]:
    """Run `write` unless this person's `key` was used before; answers (id of the result, whether it is new).

    A second writer with the same key waits at the unique index until the first has committed, then reads its answer.
    """
    with transaction.atomic():
        claim, is_new = Once.objects.get_or_create(
            person=person, key=key, action=action, defaults={"created_at": now, "result_id": None}
        )
        if not is_new and claim.result_id is not None:
            return claim.result_id, False
        claim.result_id = write()
        claim.save(update_fields=["result_id"])
        return claim.result_id, True


def was_done(*, person: Person, action: str, key: UUID) -> bool:
    """Whether this person's `key` was used for this already."""
    return Once.objects.filter(person=person, action=action, key=key, result_id__isnull=False).exists()
