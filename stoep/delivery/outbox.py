"""`tell`: the last line of an action. One row in the writer's transaction; everything else follows from it."""

import json
from datetime import datetime
from uuid import UUID

from django.db import connection

from stoep.delivery import queue
from stoep.delivery.models import OutboxEntry
from stoep.people.models import Person

CHANNEL = "stoep_live"


def tell(notice: str, *, municipality_id: UUID, subject_id: UUID, actor: Person | None, now: datetime) -> OutboxEntry:
    """Somebody must hear of this. Must run inside the transaction that writes the thing itself."""
    entry = OutboxEntry.objects.create(
        notice=notice, municipality_id=municipality_id, subject_id=subject_id, actor=actor, told_at=now
    )
    queue.later("delivery.handle_entry", entry_id=str(entry.pk))
    return entry


def ring(*, audience_id: UUID, post_id: UUID, is_comment: bool = False) -> None:
    """Wake the open pages of an audience once this transaction commits. Only ids travel; each page asks for itself."""
    event = "comment" if is_comment else "post"
    payload = json.dumps({"audience": str(audience_id), "post": str(post_id), "event": event})
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, payload])
