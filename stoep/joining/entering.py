"""The session of a neighbour: begun the same way by every door, on one's own device or on a shared one.

Who left and may still come back gets no session by that, only the question whether they do.
"""

from datetime import timedelta
from uuid import UUID

from cryptography.fernet import InvalidToken
from django.contrib.auth import login
from django.http import HttpRequest
from django.urls import reverse

from stoep.access.proof import note_proof
from stoep.common import clock
from stoep.common.crypto import seal, unseal
from stoep.people.models import Person, may_enter

BACKEND = "stoep.people.backend.PersonBackend"
SHARED_SECONDS = 3600
LEFT, PURPOSE = "left", "joining.left"
ASKED_FOR = timedelta(hours=1)


def enter(request: HttpRequest, person: Person, *, is_shared: bool) -> None:
    """On a shared computer the session ends after an hour; on one's own device after a year.

    It is a new one: nothing comes along of what this browser, or whoever sat there before, told us as a visitor.
    """
    request.session.flush()
    if person.left_at is not None:
        request.session[LEFT] = seal(PURPOSE, f"{person.pk} {'shared' if is_shared else 'own'}")
        request.session.set_expiry(clock.now() + ASKED_FOR)
        return
    login(request, person, backend=BACKEND)
    note_proof(request.session, now=clock.now())
    if is_shared:
        request.session.set_expiry(SHARED_SECONDS)


def onward(person: Person, wish: str) -> str:
    """Where to after `enter`: to the wished page, or to the question whether somebody comes back."""
    return wish if person.left_at is None else reverse("come_back")


def who_left(request: HttpRequest) -> Person | None:
    """Who has just shown at a door that they are somebody who left, while they may come back."""
    key, _space, _device = _kept(request).partition(" ")
    return Person.objects.filter(may_enter(clock.now()), pk=UUID(key), left_at__isnull=False).first() if key else None


def enter_again(request: HttpRequest, person: Person) -> None:
    """They came back: the session that their door promised."""
    enter(request, person, is_shared=_kept(request).endswith("shared"))


def _kept(request: HttpRequest) -> str:
    try:
        return unseal(PURPOSE, request.session.get(LEFT, ""))
    except InvalidToken:
        return ""
