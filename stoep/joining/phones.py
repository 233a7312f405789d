"""Phone numbers: to be reached at and to come in by, and one for emergencies. Asked about once, deleted at any time."""

import secrets
from datetime import datetime, timedelta

import phonenumbers
from django.db import transaction
from django.db.models import QuerySet
from phonenumbers import PhoneNumberType

from stoep.access.gate import require
from stoep.access.limits import hit
from stoep.common.ids import new_id
from stoep.delivery.links import site_url
from stoep.delivery.texts import Slip, post_text
from stoep.joining.confirming import token_hash
from stoep.joining.limits import CHANGES_OF_ADDRESS, QUESTIONS_TO_NUMBER, TEXTS_OF_CITY, spend, together
from stoep.joining.models import Ticket
from stoep.people.models import Consent, Person, Phone, number_hash

ASKED_FOR = timedelta(days=14)
# A text to the other end of the world costs a city a euro: only here and next door.
REGIONS = {"BE", "NL", "FR", "DE", "LU"}
MOBILE = {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}
EMERGENCY_WORDS = "2026-11"
REACH, EMERGENCY = Phone.Purpose.REACH, Phone.Purpose.EMERGENCY


class NumberRefused(ValueError):
    """Why a number cannot be used: `reason` is number (it is none), region, or mobile (nobody can be texted there)."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def read_number(typed: str, country: str, *, is_mobile: bool = True) -> str:
    """`0470 12 34 56` in Belgium as +32470123456. Raises NumberRefused."""
    try:
        found = phonenumbers.parse(typed[:40], country)
    except phonenumbers.NumberParseException as error:
        raise NumberRefused("number") from error
    if not phonenumbers.is_valid_number(found):
        raise NumberRefused("number")
    if phonenumbers.region_code_for_number(found) not in REGIONS:
        raise NumberRefused("region")
    if is_mobile and phonenumbers.number_type(found) not in MOBILE:
        raise NumberRefused("mobile")
    return phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.E164)


def shown_number(number: str) -> str:
    """As people of that country write it for others: +32 470 12 34 56."""
    return phonenumbers.format_number(phonenumbers.parse(number), phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def phone_of(person: Person, purpose: str) -> Phone | None:
    return Phone.objects.filter(person=person, purpose=purpose).first()


def change_number(*, person: Person, number: str, now: datetime) -> None:
    """Ask the new number; a confirmed one goes on working until the new one is. Raises limits.TooMany.

    A number that was asked often gets no more texts, and nobody is told: what others do is not theirs to learn.
    """
    require(person, "neighbours:person:change", person, now=now)
    spend(CHANGES_OF_ADDRESS, f"number {person.pk}", now=now)
    is_asked = hit(QUESTIONS_TO_NUMBER, together(person.municipality_id, number_hash(number)), now=now)
    with transaction.atomic():
        known = phone_of(person, REACH)
        if known is None or known.confirmed_at is None:
            keep_number(person, number, now=now)
        if is_asked:
            ask_number(person, number, now=now)


def keep_number(person: Person, number: str, *, purpose: str = REACH, now: datetime) -> None:
    """One of each kind; a new one takes the place of the old."""
    facts = {"number": number, "number_hash": number_hash(number), "confirmed_at": None, "created_at": now}
    Phone.objects.update_or_create(
        person=person, purpose=purpose, defaults=facts, create_defaults=facts | {"id": new_id()}
    )


def ask_number(person: Person, number: str, *, now: datetime) -> None:
    """Text "Is this your number?" with a link; earlier questions lose their button."""
    if not hit(TEXTS_OF_CITY, str(person.municipality_id), now=now):
        return
    token = secrets.token_urlsafe(12)
    Ticket.objects.filter(person=person, purpose=Ticket.Purpose.CONFIRM_PHONE).delete()
    Ticket.objects.create(
        person=person,
        purpose=Ticket.Purpose.CONFIRM_PHONE,
        token_hash=token_hash(token),
        number=number,
        created_at=now,
        expires_at=now + ASKED_FOR,
    )
    slip = Slip(person.municipality, number, person.language, person=person, expires_at=now + ASKED_FOR)
    context = {"link": site_url(person.municipality, f"/phone/{token}/")}
    post_text(slip, template="joining/sms/confirm_phone", context=context, now=now)


def open_number_question(token: str, *, now: datetime) -> Ticket | None:
    """The question behind a link, without answering it."""
    found = Ticket.objects.filter(purpose=Ticket.Purpose.CONFIRM_PHONE, token_hash=token_hash(token))
    return found.filter(expires_at__gt=now, person__left_at=None).select_related("person__municipality").first()


@transaction.atomic
def confirm_number(*, token: str, now: datetime) -> Person | None:
    """The button was pressed; pressed twice, it answers the same. None: too old, or not a token."""
    ticket = open_number_question(token, now=now)
    if ticket is None:
        return None
    person = ticket.person
    if Ticket.objects.filter(pk=ticket.pk, used_at=None).update(used_at=now):
        _let_reach(person, ticket.number, now=now)
    return person


def forget_number(*, person: Person, purpose: str, now: datetime) -> None:
    """Gone at once, and with it what it opened."""
    require(person, "neighbours:person:change", person, now=now)
    with transaction.atomic():
        Phone.objects.filter(person=person, purpose=purpose).delete()
        if purpose == EMERGENCY:
            _emergency_consents(person).update(withdrawn_at=now)
        else:
            Ticket.objects.filter(person=person, purpose=Ticket.Purpose.CONFIRM_PHONE).delete()


def keep_emergency_number(*, person: Person, number: str, now: datetime) -> None:
    """For word in an emergency and nothing else: the button under those words is the consent."""
    require(person, "neighbours:person:change", person, now=now)
    with transaction.atomic():
        keep_number(person, number, purpose=EMERGENCY, now=now)
        given = _emergency_consents(person)
        given.exclude(version=EMERGENCY_WORDS).update(withdrawn_at=now)
        if not given.exists():
            Consent.objects.create(
                person=person,
                purpose=Consent.Purpose.EMERGENCY_PHONE,
                version=EMERGENCY_WORDS,
                form="my_phone",
                given_at=now,
            )


def take_back_emergency_number(person: Person, _now: datetime) -> None:
    """The consent was taken back elsewhere: the number goes with it."""
    Phone.objects.filter(person=person, purpose=EMERGENCY).delete()


def _emergency_consents(person: Person) -> QuerySet[Consent]:
    return Consent.objects.filter(person=person, purpose=Consent.Purpose.EMERGENCY_PHONE, withdrawn_at=None)


def _let_reach(person: Person, number: str, *, now: datetime) -> None:
    """A number that takes another's place ends the sessions that the old one opened, as an address does."""
    known = phone_of(person, REACH)
    if known is not None and known.confirmed_at is not None and known.number_hash != number_hash(number):
        Person.objects.filter(pk=person.pk).update(session_version=person.session_version + 1)
        person.session_version += 1
        Ticket.objects.filter(person=person, purpose=Ticket.Purpose.SIGN_IN).delete()
    keep_number(person, number, now=now)
    Phone.objects.filter(person=person, purpose=REACH).update(confirmed_at=now)
