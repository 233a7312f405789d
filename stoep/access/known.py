"""Whom somebody knows: the neighbours whose page they may open, and to whom they may write."""

from uuid import UUID

from stoep.access import works
from stoep.access.gate import may
from stoep.people.models import Person


def person_for(reader: Person, person_id: UUID) -> Person | None:
    """Somebody of the reader's neighbourhood, or who wrote what the reader sees; None for everybody else."""
    found = Person.objects.filter(pk=person_id, municipality=reader.municipality_id, left_at=None).first()
    if found is None or found.is_staff_member or found.pk in reader.standing.apart:
        return None
    is_known = may(reader, "neighbours:person:read", found) or works.has_seen(reader, found.pk)
    return found if is_known else None
