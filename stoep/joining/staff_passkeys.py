"""Passkeys of staff, by allauth: instead of the app after the mailed code, or alone, because they prove two things.

A passkey is something one has, opened by something one is or knows. It works only on the address it was made for.
"""

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from stoep.access.limits import Limit
from stoep.access.visitors import Visitor
from stoep.common.text import clean_name
from stoep.joining.limits import guarded
from stoep.joining.staff_sign_in import WRONG
from stoep.people.models import Person
from stoep.places.models import Municipality

MOST_PASSKEYS = 10
LONGEST_NAME, LARGEST_ANSWER = 60, 20_000
# What reading an answer can end in, whatever stands in it: also lists within lists within lists.
MALFORMED = (ValidationError, ValueError, TypeError, KeyError, AttributeError, RecursionError)
WRONG_OF_NETWORK = Limit("staff wrong passkeys of a network", WRONG.most * 4, WRONG.window)


def passkeys_of(person: Person) -> QuerySet[Authenticator]:
    found: QuerySet[Authenticator] = Authenticator.objects.filter(
        user=person, type=Authenticator.Type.WEBAUTHN
    ).order_by("created_at", "id")
    return found


def question_for_new(person: Person) -> str:
    """What the browser asks the device to make, as JSON. The challenge stays in this session."""
    return json.dumps(_plain(auth.begin_registration(person, passwordless=True)))


def add_passkey(*, person: Person, name: str, answer: str) -> bool:
    """Keep the passkey that the device made. False: the answer does not fit the question, or there are enough."""
    if passkeys_of(person).count() >= MOST_PASSKEYS:
        return False
    try:
        credential = _read(answer)
        auth.complete_registration(credential)
    except MALFORMED:
        return False
    auth.WebAuthn.add(person, clean_name(name)[:LONGEST_NAME] or "Passkey", credential)
    return True


def remove_passkey(*, person: Person, passkey_id: int) -> None:
    """It opens nothing any more. The app stays, so nobody locks themselves out."""
    passkeys_of(person).filter(pk=passkey_id).delete()


def question_for(person: Person | None) -> str:
    """What the browser asks the device to show: a passkey of this person, or of whoever sits there."""
    return json.dumps(_plain(auth.begin_authentication(person)))


def check_passkey(
    *, municipality: Municipality, pending: Person | None, answer: str, visitor: Visitor, now: datetime
) -> Person | None:
    """Whose passkey answered, if they are staff here, and the one who is `pending` if somebody is. Raises TooMany."""
    limits = ((WRONG_OF_NETWORK, visitor.network), (WRONG, str(pending.pk) if pending else ""))
    with guarded(*limits, now=now) as guess:
        person = _who_answered(municipality, answer, now)
        if person is None or (pending is not None and person.pk != pending.pk):
            return None
        guess.right()
    return person


def _who_answered(municipality: Municipality, answer: str, now: datetime) -> Person | None:
    try:
        credential = _read(answer)
        claimed = auth.extract_user_from_response(credential)
        used = auth.complete_authentication(claimed, credential)
    except MALFORMED:
        return None
    Authenticator.objects.filter(pk=used.pk).update(last_used_at=now)
    staff = Person.objects.filter(municipality=municipality, kind=Person.Kind.STAFF, left_at=None)
    return staff.filter(pk=UUID(str(claimed.pk))).first()


def _read(answer: str) -> dict[str, Any]:
    if len(answer) > LARGEST_ANSWER:
        raise ValueError("too long")
    found = json.loads(answer)
    if not isinstance(found, dict):
        raise TypeError("no credential")
    return found


def _plain(question: Any) -> Any:
    """As JSON knows it: bytes have become text already, mappings and lists of the library have not."""
    if isinstance(question, dict) or hasattr(question, "items"):
        return {str(name): _plain(value) for name, value in question.items() if value is not None}
    if isinstance(question, list | tuple):
        return [_plain(each) for each in question]
    return question if isinstance(question, str | int | bool) else str(question)
