"""Nobody: the author of what stays after somebody was erased. One nameless row a municipality."""

from datetime import datetime
from uuid import UUID

from stoep.people.models import Person


def nobody_of(municipality_id: UUID, *, now: datetime) -> Person:
    """Whoever is erased becomes the same nobody, so that what stays cannot be put together again."""
    nobody, _is_new = Person.objects.get_or_create(
        municipality_id=municipality_id, kind=Person.Kind.GONE, defaults={"joined_at": now, "left_at": now}
    )
    return nobody
