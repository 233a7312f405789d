"""What conversations tell a profile: with whom one talks one may look at. None of it is listed there."""

from uuid import UUID

from stoep.access.works import Work, Works
from stoep.conversations.queries import is_sharing
from stoep.people.models import Person


def _recent(_reader: Person, _author_id: UUID, _most: int) -> list[Work]:
    return []


WORKS = Works(is_sharing, _recent)
