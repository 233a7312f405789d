"""How staff come in: a code by mail, then a code from an app or a recovery code. The only home of allauth."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote, urlencode

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret, validate_totp_code
from django.db import transaction
from django.db.models import F

from stoep.access.limits import Limit, hit, is_reached
from stoep.common.crypto import keyed_hash
from stoep.delivery.letterbox import Envelope, post_mail
from stoep.joining import codes
from stoep.joining.models import Ticket
from stoep.people.models import Person
from stoep.places.models import Municipality

CODE_VALID = timedelta(minutes=20)
# A staff session ends after a working day (trust.md 2.1).
SESSION_SECONDS = 12 * 3600
MAILS = Limit("staff mails", 5, timedelta(hours=1))
WRONG = Limit("staff wrong codes", 5, timedelta(minutes=30))


class TooOften(Exception):
    """Too many mails or wrong codes: wait half an hour."""


@dataclass(frozen=True)
class SetUp:
    """A new authenticator before it is proven: its secret, and the address that its QR code holds."""

    secret: str
    address: str


def send_staff_code(*, municipality: Municipality, email: str, now: datetime) -> None:
    """Mail six digits if this address belongs to somebody on the staff; the caller cannot tell whether it does."""
    person = _staff_with(municipality, email)
    if person is None or not hit(MAILS, str(person.pk), now=now):
        return
    code = codes.new_mail_code()
    with transaction.atomic():
        ticket = Ticket(person=person, purpose=Ticket.Purpose.SIGN_IN, created_at=now, expires_at=now + CODE_VALID)
        ticket.token_hash = keyed_hash("joining.ticket", f"staff {ticket.pk}")
        ticket.code_hash = _code_hash(code)
        ticket.save()
        envelope = Envelope(municipality, email, person.language, person=person, expires_at=ticket.expires_at)
        post_mail(envelope, template="joining/mail/staff_code", context={"code": codes.shown_own_key(code)}, now=now)


def check_staff_code(*, municipality: Municipality, email: str, typed: str, now: datetime) -> Person | None:
    """The person, if these are the digits that were mailed last. A code works once. Raises TooOften."""
    person = _staff_with(municipality, email)
    if person is None:
        return None
    ticket = _open_ticket(person, now)
    if ticket is None:
        return None
    if ticket.tries >= Ticket.MOST_TRIES:
        raise TooOften
    code = codes.normalise_own_key(typed)
    if code is None or _code_hash(code) != ticket.code_hash:
        Ticket.objects.filter(pk=ticket.pk).update(tries=F("tries") + 1)
        return None
    used = Ticket.objects.filter(pk=ticket.pk, used_at=None).update(used_at=now)
    return person if used else None


def has_app(person: Person) -> bool:
    return Authenticator.objects.filter(user=person, type=Authenticator.Type.TOTP).exists()


def new_set_up(person: Person, *, secret: str = "") -> SetUp:
    """A secret and its otpauth address, to be shown as a QR code and as text."""
    secret = secret or str(generate_totp_secret())
    label = quote(f"Stoep {person.municipality.name}:{person.name}")
    return SetUp(secret, f"otpauth://totp/{label}?{urlencode({'secret': secret, 'issuer': 'Stoep'})}")


@transaction.atomic
def finish_set_up(*, person: Person, secret: str, typed: str) -> list[str] | None:
    """Keep the app if it shows the right digits; answers the recovery codes, to be shown once. None: wrong digits."""
    if has_app(person) or not validate_totp_code(secret, "".join(typed.split())):
        return None
    TOTP.activate(person, secret)
    found: list[str] = RecoveryCodes.activate(person).generate_codes()
    return found


def check_app_code(*, person: Person, typed: str, now: datetime) -> bool:
    """Whether the digits are the app's, or a recovery code that was not used yet. Raises TooOften."""
    if is_reached(WRONG, str(person.pk), now=now):
        raise TooOften
    code = "".join(typed.split())
    for kept in Authenticator.objects.filter(user=person).order_by("type"):
        if kept.wrap().validate_code(code):
            kept.record_usage()
            return True
    hit(WRONG, str(person.pk), now=now)
    return False


def _staff_with(municipality: Municipality, email: str) -> Person | None:
    return Person.objects.with_email(municipality, email).filter(kind=Person.Kind.STAFF).first()


def _open_ticket(person: Person, now: datetime) -> Ticket | None:
    return (
        Ticket.objects.filter(person=person, purpose=Ticket.Purpose.SIGN_IN, used_at=None, expires_at__gt=now)
        .order_by("-created_at", "-id")
        .first()
    )


def _code_hash(code: str) -> str:
    return keyed_hash("joining.staff_code", code)
