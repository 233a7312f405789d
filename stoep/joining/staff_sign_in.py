"""The second half of the staff's door: a code from an app, or a recovery code. The only home of allauth.

What was used or guessed is counted in the database: it holds over all workers, also after a restart.
"""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote, urlencode

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from allauth.mfa.utils import decrypt
from django.db import transaction

from stoep.access.limits import Limit
from stoep.joining.limits import guarded
from stoep.people.models import Person

# A staff session ends after a working day (docs/trust.md 2.1).
SESSION_VALID = timedelta(hours=12)
# Only who has shown the mailed code gets so far: no stranger can use this up.
WRONG = Limit("staff wrong codes of a person", 5, timedelta(minutes=30))
# The app shows a code for so long; the one before is taken too, for slow typists and phones whose clock is behind.
STEP_SECONDS = 30
STEPS_BACK = 1


@dataclass(frozen=True)
class SetUp:
    """A new authenticator before it is proven: its secret, and the address that its QR code holds."""

    secret: str
    address: str


def has_app(person: Person) -> bool:
    return bool(Authenticator.objects.filter(user=person, type=Authenticator.Type.TOTP).exists())


def forget_second_factors(person: Person) -> None:
    """The app, passkeys and recovery codes of somebody who lost them. Who may do that, the caller asks."""
    Authenticator.objects.filter(user=person).delete()


def new_set_up(person: Person, *, secret: str = "") -> SetUp:
    """A secret and its otpauth address, to be shown as a QR code and as text."""
    secret = secret or str(generate_totp_secret())
    label = quote(f"Stoep {person.municipality.name}:{person.name}")
    return SetUp(secret, f"otpauth://totp/{label}?{urlencode({'secret': secret, 'issuer': 'Stoep'})}")


@transaction.atomic
def finish_set_up(*, person: Person, secret: str, typed: str, now: datetime) -> list[str] | None:
    """Keep the app if it shows the right digits; answers the recovery codes, to be shown once. None: wrong digits."""
    Person.objects.select_for_update().get(pk=person.pk)
    step = _step_of(secret, typed, now)
    if has_app(person) or step is None:
        return None
    app = TOTP.activate(person, secret).instance
    _remember(app, step, now)
    found: list[str] = RecoveryCodes.activate(person).generate_codes()
    return found


def check_app_code(*, person: Person, typed: str, now: datetime) -> bool:
    """Whether the digits are the app's and new, or a recovery code that was not used yet. Raises TooMany."""
    with guarded((WRONG, str(person.pk)), now=now) as guess:
        if not (_use_app_code(person, typed, now) or _use_recovery_code(person, typed, now)):
            return False
        guess.right()
    return True


@transaction.atomic
def _use_app_code(person: Person, typed: str, now: datetime) -> bool:
    """Each code once: a later step than the last one that was used (RFC 6238, 5.2), whichever worker is asked."""
    app = Authenticator.objects.select_for_update().filter(user=person, type=Authenticator.Type.TOTP).first()
    step = None if app is None else _step_of(decrypt(app.data["secret"]), typed, now)
    if app is None or step is None or step <= app.data.get("last_step", 0):
        return False
    _remember(app, step, now)
    return True


def _use_recovery_code(person: Person, typed: str, now: datetime) -> bool:
    kept = Authenticator.objects.filter(user=person, type=Authenticator.Type.RECOVERY_CODES).first()
    is_right = kept is not None and bool(kept.wrap().validate_code("".join(typed.split()).lower()))
    if is_right:
        Authenticator.objects.filter(user=person, type=kept.type).update(last_used_at=now)
    return is_right


def _step_of(secret: str, typed: str, now: datetime) -> int | None:
    """The step to which these digits belong, the present one or the one before."""
    digits = "".join(typed.split())
    present = int(now.timestamp()) // STEP_SECONDS
    for step in range(present, present - STEPS_BACK - 1, -1):
        expected = format_hotp_value(hotp_value(secret, step))
        if hmac.compare_digest(digits.encode(), expected.encode()):
            return step
    return None


def _remember(app: Authenticator, step: int, now: datetime) -> None:
    app.data["last_step"], app.last_used_at = step, now
    app.save(update_fields=["data", "last_used_at"])
