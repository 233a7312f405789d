"""The session of a neighbour: begun the same way by every door, on one's own device or on a shared one."""

from django.contrib.auth import login
from django.http import HttpRequest

from stoep.people.models import Person

BACKEND = "stoep.people.backend.PersonBackend"
SHARED_SECONDS = 3600


def enter(request: HttpRequest, person: Person, *, is_shared: bool) -> None:
    """On a shared computer the session ends after an hour; on one's own device after a year.

    It is a new one: nothing comes along of what this browser, or whoever sat there before, told us as a visitor.
    """
    request.session.flush()
    login(request, person, backend=BACKEND)
    if is_shared:
        request.session.set_expiry(SHARED_SECONDS)
