"""What the staff's door keeps in a session on the way in, sealed; and the way in itself, which ends after a day."""

from datetime import datetime

from cryptography.fernet import InvalidToken
from django.contrib.auth import login
from django.http import HttpRequest

from stoep.access.proof import note_proof
from stoep.common import clock
from stoep.common.crypto import seal, unseal
from stoep.joining.staff_codes import CODE_VALID
from stoep.joining.staff_sign_in import SESSION_VALID
from stoep.people.models import Person

TICKET, PENDING, SECRET = "staff_ticket", "staff_pending", "staff_secret"
PURPOSE = "joining.staff_session"
BACKEND = "stoep.people.backend.PersonBackend"


def pending(request: HttpRequest) -> Person | None:
    """Who has shown the mailed code, not long ago, and not yet the app's."""
    key, _space, shown_at = kept(request, PENDING).partition(" ")
    if not shown_at or datetime.fromisoformat(shown_at) + CODE_VALID < clock.now():
        return None
    return Person.objects.filter(pk=key, kind=Person.Kind.STAFF, left_at=None).first()


def enter(request: HttpRequest, person: Person) -> None:
    """The session ends after a working day, however busy it was."""
    for key in (TICKET, PENDING, SECRET):
        request.session.pop(key, None)
    login(request, person, backend=BACKEND)
    note_proof(request.session, now=clock.now())
    request.session.set_expiry(clock.now() + SESSION_VALID)


def keep(request: HttpRequest, key: str, text: str) -> None:
    """Sealed: sessions lie in the database, which alone must not tell an address or a secret."""
    request.session[key] = seal(PURPOSE, text)


def kept(request: HttpRequest, key: str) -> str:
    try:
        return unseal(PURPOSE, request.session.get(key, ""))
    except InvalidToken:
        return ""
