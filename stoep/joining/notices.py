"""What joining tells people: somebody joined with a letter of your address, never who; a guest came; you are in."""

from collections.abc import Iterable
from typing import Any

from stoep.delivery.links import site_url
from stoep.delivery.notices import Notice, Told
from stoep.joining.vouching import progress_of
from stoep.people.models import Membership, Person


def _household(told: Told) -> Iterable[Person]:
    """Who lives behind the same letterbox and was there before."""
    new = Membership.objects.filter(pk=told.subject_id).first()
    if new is None or new.household_id is None:
        return []
    earlier = Membership.objects.filter(household=new.household_id, ended_at=None, started_at__lte=told.told_at)
    return Person.objects.filter(pk__in=earlier.exclude(person=new.person_id).values("person"), left_at=None)


def _nothing_more(_told: Told, _reader: Person) -> dict[str, Any]:
    return {}


def _inviter(told: Told) -> Iterable[Person]:
    return Person.objects.filter(invited__pk=told.subject_id, left_at=None)


def _guest(told: Told, _reader: Person) -> dict[str, Any] | None:
    """The inviter hears who came on their invitation, and is asked for the first yes."""
    guest = Membership.objects.filter(pk=told.subject_id, ended_at=None).select_related("person__municipality").first()
    if guest is None:
        return None
    link = site_url(guest.person.municipality, f"/know/{guest.pk}/")
    return {"guest": guest.person.name, "link": link}


def _member(told: Told) -> Iterable[Person]:
    return Person.objects.filter(memberships__pk=told.subject_id, memberships__ended_at=None, left_at=None)


def _home(_told: Told, reader: Person) -> dict[str, Any]:
    return {"link": site_url(reader.municipality, "/")}


def _waiting(told: Told) -> Iterable[Person]:
    newcomers = Person.objects.filter(memberships__pk=told.subject_id, memberships__ended_at=None, left_at=None)
    return newcomers.filter(memberships__standing=Membership.Standing.PROVISIONAL)


def _progress(told: Told, reader: Person) -> dict[str, Any]:
    membership = Membership.objects.get(pk=told.subject_id)
    link = site_url(reader.municipality, "/me/known/")
    return {"progress": progress_of(membership), "link": link}


def _former(told: Told) -> Iterable[Person]:
    return Person.objects.filter(memberships__pk=told.subject_id, left_at=None)


def _way_back(_told: Told, reader: Person) -> dict[str, Any]:
    return {"link": site_url(reader.municipality, "/me/home/")}


def _disputed(told: Told) -> Iterable[Person]:
    return Person.objects.filter(disputes__pk=told.subject_id, disputes__decided_at=None, left_at=None)


NOTICES = (
    Notice(
        "joining.household_joined",
        _household,
        "joining/mail/household_joined",
        _nothing_more,
        text="joining/sms/household_joined",
    ),
    Notice("joining.guest_joined", _inviter, "joining/mail/guest_joined", _guest),
    Notice("joining.let_in", _member, "joining/mail/let_in", _home),
    Notice("joining.disputed", _disputed, "joining/mail/disputed", _nothing_more, text="joining/sms/disputed"),
    Notice("joining.newcomer_waits", _waiting, "joining/mail/newcomer_waits", _progress),
    Notice("joining.newcomer_ended", _former, "joining/mail/newcomer_ended", _way_back),
)
