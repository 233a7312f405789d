"""`tell`: the last line of an action. One row in the writer's transaction; everything else follows from it."""

import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection

from stoep.delivery import queue
from stoep.delivery.models import OutboxEntry
from stoep.people.models import Person

CHANNEL = "stoep_live"


def tell(
    notice: str,
    *,
    municipality_id: UUID,
    subject_id: UUID,
    actor: Person | None,
    now: datetime,
    wait: timedelta = timedelta(0),
) -> OutboxEntry:
    """Somebody must hear of this. Must run inside the transaction that writes the thing itself.

    `wait`: so long its writer may still take it back; only then is asked whom it concerns.
    """
    due_at = now + wait if wait else None
    entry = OutboxEntry.objects.create(
        notice=notice, municipality_id=municipality_id, subject_id=subject_id, actor=actor, told_at=now, due_at=due_at
    )
    queue.later("delivery.handle_entry", at=due_at, entry_id=str(entry.pk))
    return entry


def ring(*, audience_id: UUID, post_id: UUID, is_comment: bool = False) -> None:
    """Wake the open pages of an audience once this transaction commits. Only ids travel; each page asks for itself."""
    event = "comment" if is_comment else "post"
    _notify({"audience": str(audience_id), "post": str(post_id), "event": event})


def ring_people(person_ids: Iterable[UUID], *, conversation_id: UUID) -> None:
    """As `ring`, for the open pages of these few people and nobody else's (a notification holds some 150 ids)."""
    people = [str(person_id) for person_id in person_ids]
    _notify({"people": people, "conversation": str(conversation_id), "event": "message"})


def _notify(told: dict[str, object]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, json.dumps(told)])
