"""Loads the person of a session together with their standing, in one query."""

from typing import Any
from uuid import UUID

from stoep.people.models import Person
from stoep.people.queries import person_with_standing


class PersonBackend:
    """Signing in is the work of `joining`; this only answers who a session belongs to."""

    def authenticate(self, _request: Any, **_credentials: Any) -> None:
        """Nobody signs in through Django's own password form."""

    def get_user(self, user_id: UUID | str) -> Person | None:
        return person_with_standing(user_id)
