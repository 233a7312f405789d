"""What people decide about their own data: agree, take back, download, leave."""

from datetime import datetime, timedelta

from django.db import transaction

from stoep.access.gate import require
from stoep.delivery import queue
from stoep.delivery.letterbox import Envelope, post_mail
from stoep.delivery.links import site_url
from stoep.people.data_map import taken_back
from stoep.people.models import Consent, Person, Role, RoleName
from stoep.people.terms import agree_to_house_rules
from stoep.places.models import Municipality
from stoep.privacy.leaving import hide
from stoep.privacy.models import Download

# One download a day is enough for anybody; asked again, the same one is made once.
ASKED_AGAIN_AFTER = timedelta(days=1)


class LastAdministratorError(Exception):
    """A city would be left without anybody who can appoint its staff."""


class NotTakenBackError(Exception):
    """The house rules hold for as long as somebody is here: whoever does not agree any more leaves."""


@transaction.atomic
def agree_to_new_rules(*, person: Person, now: datetime) -> None:
    """The button under house rules that changed; pressed twice, it is noted once."""
    require(person, "privacy:consent:change", person, now=now)
    agree_to_house_rules(person, form="house-rules", now=now)


@transaction.atomic
def take_back(*, person: Person, purpose: str, now: datetime) -> None:
    """From now on it is not done any more; done twice, it is done once. Raises NotTakenBackError."""
    require(person, "privacy:consent:change", person, now=now)
    if purpose == Consent.Purpose.HOUSE_RULES:
        raise NotTakenBackError
    Consent.objects.filter(person=person, purpose=purpose, withdrawn_at=None).update(withdrawn_at=now)
    if purpose in taken_back():
        taken_back()[purpose](person, now)


@transaction.atomic
def ask_download(*, person: Person, now: datetime) -> Download:
    """Ask for everything that is held; a job makes it. Asked twice a day, it is the same one."""
    require(person, "privacy:download:create", person, now=now)
    Person.objects.select_for_update().get(pk=person.pk)
    lately = Download.objects.filter(person=person, asked_at__gt=now - ASKED_AGAIN_AFTER).first()
    if lately is not None:
        return lately
    made = Download.objects.create(person=person, asked_at=now)
    queue.later("privacy.make_download", download_id=str(made.pk))
    return made


@transaction.atomic
def leave(*, person: Person, is_aside: bool = False, now: datetime) -> None:
    """Hidden at once everywhere; for 14 days they may come back, then all is erased. Raises LastAdministratorError.

    `is_aside`: a neighbour's data are put aside (GDPR art. 18): hidden and unused in the same way, and kept for longer.
    """
    require(person, "privacy:person:leave", person, now=now)
    there = Person.objects.select_for_update().get(pk=person.pk)
    if there.left_at is not None:
        return
    # One after the other: of two last administrators who leave at one moment, the second hears it.
    Municipality.objects.select_for_update(no_key=True).get(pk=there.municipality_id)
    if _is_last_administrator(there):
        raise LastAdministratorError
    hide(there, now, is_aside=is_aside and not there.is_staff_member)
    if there.email and there.email_confirmed_at is not None:
        _say_goodbye(there, now=now)


def _is_last_administrator(person: Person) -> bool:
    admins = Role.objects.filter(
        role=RoleName.CITY_ADMIN, ended_at=None, person__municipality=person.municipality_id, person__left_at=None
    )
    return admins.filter(person=person).exists() and not admins.exclude(person=person).exists()


def _say_goodbye(person: Person, *, now: datetime) -> None:
    context = {
        "reader": person,
        "until": person.back_until,
        "is_aside": person.is_aside,
        "link": site_url(person.municipality, "/sign-in/"),
        "may_come_back": not person.is_staff_member,
    }
    envelope = Envelope(person.municipality, person.email, person.language, person=person)
    post_mail(envelope, template="privacy/mail/left", context=context, now=now)
