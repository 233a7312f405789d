"""What the city does: announcements to exactly the right streets, departments, staff and their roles."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from stoep.access.audience import Place, audience_of
from stoep.access.gate import Actor, NotAllowed, require
from stoep.access.models import Audience
from stoep.cityhall.models import Announcement
from stoep.cityhall.queries import NOT_OF_CITY, departments_answered_for, departments_for
from stoep.cityhall.reach import reach_of
from stoep.common.text import clean_name
from stoep.delivery.letterbox import Envelope, post_mail
from stoep.delivery.links import site_url
from stoep.events.planning import plan_event
from stoep.feed.actions import publish_post
from stoep.feed.editing import remove_official_post
from stoep.joining.staff_sign_in import forget_second_factors
from stoep.people.models import Department, Person, Role, RoleName
from stoep.places.models import Municipality, Neighbourhood, Street, StreetPart

# Whoever moderates a city's neighbours, or runs the installation, is never appointed by that city (docs/trust.md 2.1).
APPOINTED_BY_CITY = {
    RoleName.EDITOR,
    RoleName.APPROVER,
    RoleName.ANALYST,
    RoleName.ROLLOUT,
    RoleName.CITY_ADMIN,
    RoleName.DESK,
    RoleName.DPO,
}


class StaffRefused(ValueError):
    """Why somebody cannot be added; the text is for the person who asked."""


class NobodyAddressed(ValueError):
    """An announcement needs the whole city, a neighbourhood or a street."""


@dataclass(frozen=True)
class Places:
    """Where an announcement goes: the whole city, or some neighbourhoods, whole streets, and parts of streets."""

    everybody: bool = False
    neighbourhoods: Collection[Neighbourhood] = ()
    streets: Collection[Street] = ()
    parts: Collection[StreetPart] = ()

    def audience(self, municipality: Municipality) -> Audience:
        """Raises NobodyAddressed."""
        atoms = [Place()] if self.everybody else [*self._atoms(municipality)]
        if not atoms:
            raise NobodyAddressed
        return audience_of(municipality, atoms)

    @property
    def names(self) -> list[str]:
        """In words, as in `_audience.html`; empty for everybody."""
        if self.everybody:
            return []
        parts = [f"{part.street.name} ({part.neighbourhood.name})" for part in self.parts]
        return [*(place.name for place in self.neighbourhoods), *(street.name for street in self.streets), *parts]

    def _atoms(self, municipality: Municipality) -> Iterator[Place]:
        """A part of a street in a neighbourhood that is addressed anyway adds nobody; another city's place neither."""
        whole = {place.pk for place in self.neighbourhoods if place.municipality_id == municipality.pk}
        yield from (Place(neighbourhood_id=place) for place in whole)
        yield from (Place(street_id=one.pk) for one in self.streets if one.municipality_id == municipality.pk)
        for part in self.parts:
            if part.neighbourhood_id not in whole and part.street.municipality_id == municipality.pk:
                yield Place(neighbourhood_id=part.neighbourhood_id, street_id=part.street_id)


@transaction.atomic
def announce(
    *,
    author: Person,
    department: Department,
    title: str,
    body: str,
    places: Places,
    comments_open: bool,
    plan: Mapping[str, Any] | None = None,
    request_key: UUID,
    now: datetime,
) -> Announcement:
    """Say something to a place, in the name of a department. Asked twice with one key, it is said once.

    `plan`: when and where something takes place, as `events.planning.plan_event` takes it.

    Raises NobodyAddressed, TextRefused, and NotAllowed for another department than the author's own.
    """
    require(author, "cityhall:announcement:create", department, now=now)
    if not departments_for(author).filter(pk=department.pk).exists():
        raise NotAllowed
    audience = places.audience(department.municipality)
    reach = reach_of(audience, now=now)
    post = publish_post(
        author=author,
        audience=audience,
        kind="announcement",
        title=title,
        body=body,
        comments_open=comments_open,
        speaking_for=department,
        also=partial(plan_event, answers=plan, now=now) if plan else None,
        request_key=request_key,
        now=now,
    )
    announcement, _is_new = Announcement.objects.get_or_create(
        post=post,
        defaults={
            "department": department,
            "households_reached": reach.households,
            "members_reached": reach.members.value,
            "members_left_out": reach.members.leaves_out,
            "sent_at": now,
        },
    )
    return announcement


def withdraw_announcement(*, person: Person, announcement: Announcement, now: datetime) -> None:
    """Take it out of every feed; it stays in the city's own list.

    Raises NotAllowed for another department than the person's own, as `announce` does.
    """
    require(person, "cityhall:announcement:withdraw", announcement.post, now=now)
    if not departments_answered_for(person).filter(pk=announcement.department_id).exists():
        raise NotAllowed
    remove_official_post(person=person, post=announcement.post, now=now)


def add_department(*, person: Actor, municipality: Municipality, name: str, now: datetime) -> Department:
    """A sender inside the city. The same name twice is the same department, open again if it was closed."""
    require(person, "cityhall:department:add", municipality, now=now)
    name = clean_name(name)
    known = Department.objects.filter(municipality=municipality, name__iexact=name).first()
    department, _is_new = Department.objects.update_or_create(
        municipality=municipality, name=known.name if known else name, defaults={"closed_at": None}
    )
    return department


def close_department(*, person: Actor, department: Department, now: datetime) -> None:
    """It sends nothing from now on; what it sent keeps its name."""
    require(person, "cityhall:department:add", department, now=now)
    Department.objects.filter(pk=department.pk, closed_at=None).update(closed_at=now)


@transaction.atomic
def appoint_staff(
    *,
    person: Actor,
    municipality: Municipality,
    name: str,
    email: str,
    role: RoleName,
    department: Department | None = None,
    now: datetime,
) -> Person:
    """Give a task to a member of staff, whose account is made when it is new; a mail says so. Raises StaffRefused."""
    require(person, "cityhall:staff:appoint", municipality, now=now)
    if isinstance(person, Person) and role not in APPOINTED_BY_CITY:
        raise StaffRefused(_("Only the operator of this installation can give that role."))
    if department is not None and department.municipality_id != municipality.pk:
        raise StaffRefused(_("That department belongs to another city."))
    member = _account(municipality, name=clean_name(name), email=_checked(email), now=now)
    # A task for the city takes the task of a moderator away: that is not the city's to do.
    if isinstance(person, Person) and member.roles.filter(role__in=NOT_OF_CITY, ended_at=None).exists():
        raise StaffRefused(_("Only the operator of this installation can do this for them."))
    given_by = person if isinstance(person, Person) else None
    given, is_new = Role.objects.update_or_create(
        person=member,
        role=role,
        ended_at=None,
        defaults={"department": department},
        create_defaults={"department": department, "granted_by": given_by, "granted_at": now},
    )
    if is_new:
        _mail(member, "appointed", {"task": given, "link": site_url(municipality, "/staff/")}, now=now)
    return member


def release_staff(*, person: Actor, role: Role, now: datetime) -> None:
    """End a task. It works on that person's next request."""
    require(person, "cityhall:staff:appoint", role.person, now=now)
    if isinstance(person, Person) and role.role not in APPOINTED_BY_CITY:
        raise StaffRefused(_("Only the operator of this installation can end that task."))
    if isinstance(person, Person) and role.person_id == person.pk and role.role == RoleName.CITY_ADMIN:
        raise StaffRefused(_("You cannot end your own task as administrator. Ask a colleague."))
    Role.objects.filter(pk=role.pk, ended_at=None).update(ended_at=now)


@transaction.atomic
def reset_second_factor(*, person: Actor, colleague: Person, now: datetime) -> None:
    """For who lost the app and the recovery codes: their next sign-in connects an app anew, after a code by mail.

    Their sessions end, and a mail tells them. Raises StaffRefused for oneself, and for whom the city did not appoint.
    """
    require(person, "cityhall:staff:reset", colleague, now=now)
    if isinstance(person, Person) and person.pk == colleague.pk:
        raise StaffRefused(_("You cannot do this for yourself. Ask a colleague."))
    if isinstance(person, Person) and colleague.roles.filter(role__in=NOT_OF_CITY, ended_at=None).exists():
        raise StaffRefused(_("Only the operator of this installation can do this for them."))
    forget_second_factors(colleague)
    Person.objects.filter(pk=colleague.pk).update(session_version=F("session_version") + 1)
    _mail(colleague, "second_factor_reset", {"link": site_url(colleague.municipality, "/staff/")}, now=now)


def _mail(member: Person, name: str, facts: dict[str, Any], *, now: datetime) -> None:
    envelope = Envelope(member.municipality, member.email, member.language, person=member)
    post_mail(envelope, template=f"cityhall/mail/{name}", context={"reader": member, **facts}, now=now)


def _checked(email: str) -> str:
    try:
        validate_email(email.strip())
    except ValidationError as error:
        raise StaffRefused(_("This is not an e-mail address.")) from error
    return email.strip()


def _account(municipality: Municipality, *, name: str, email: str, now: datetime) -> Person:
    """The staff account with this address. A neighbour's account is never made one: they are two."""
    known = Person.objects.with_email(municipality, email).filter(kind=Person.Kind.STAFF).first()
    if known is not None:
        return known
    language = municipality.default_language
    member = Person(municipality=municipality, kind=Person.Kind.STAFF, name=name, language=language, joined_at=now)
    member.set_email(email)
    member.email_confirmed_at = now
    member.save()
    return member
