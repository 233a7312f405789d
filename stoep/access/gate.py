"""The gate: `require` before every write, `may` for buttons, `who_may` for recipients. All read the one table."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404

from stoep.access.models import AccessLog
from stoep.access.rules import ACTIONS
from stoep.access.scopes import municipality_id_of
from stoep.people.models import Person
from stoep.people.queries import people_with_standing


class NotAllowed(PermissionDenied):
    """You see it, but it is not yours to change: answered with 403."""


class NotVisible(Http404):
    """For you it does not exist: answered with 404."""


class _Installation:
    """Stands for the operator's command line, which acts on the server itself and passes every rule."""


INSTALLATION = _Installation()
Actor = Person | _Installation


def may(person: Person, action: str, subject: Any) -> bool:
    """Whether the rule for `action` lets this person do it to `subject`, in the state in which it is."""
    rule = ACTIONS[action]
    if rule.when is not None and not rule.when(subject):
        return False
    standing = person.standing
    if not standing.roles and rule.everybodys is not None:
        return person.left_at is None and rule.everybodys.holds(standing, subject)
    return any(role in standing.roles and scope.holds(standing, subject) for role, scope in rule.roles.items())


def require(person: Actor, action: str, subject: Any, *, now: datetime) -> None:
    """Raise unless `may`; note privileged actions in the access log. The first line of every action."""
    rule = ACTIONS[action]
    if isinstance(person, Person) and not may(person, action, subject):
        is_visible = not rule.reads or may(person, rule.reads, subject)
        raise NotAllowed(action) if is_visible else NotVisible(action)
    is_staff = isinstance(person, Person) and person.is_staff_member
    if rule.logged or (rule.logged_of_staff and is_staff):
        municipality_id = municipality_id_of(subject)
        if municipality_id is None:
            raise LookupError(f"{action}: {subject!r} belongs to no municipality, so nobody would read of it.")
        AccessLog.objects.create(
            municipality_id=municipality_id,
            person=person if isinstance(person, Person) else None,
            action=action,
            subject_kind=type(subject).__name__.lower(),
            subject_id=subject.pk,
            at=now,
        )


def who_may(action: str, subject: Any) -> QuerySet[Person]:
    """Everybody whom `may` would let through: for recipients, moderators and tests."""
    rule = ACTIONS[action]
    if rule.when is not None and not rule.when(subject):
        return Person.objects.none()
    condition = Q(pk__in=[])
    for role, scope in rule.roles.items():
        reachable = scope.people(subject).values("pk")
        condition |= Q(pk__in=Person.objects.holding(role).filter(pk__in=reachable).values("pk"))
    if rule.everybodys is not None:
        reachable = rule.everybodys.people(subject).values("pk")
        condition |= Q(pk__in=Person.objects.get_queryset().without_role().filter(pk__in=reachable).values("pk"))
    return Person.objects.filter(condition)


def those_who_may(action: str, subject: Any, person_ids: Collection[UUID]) -> list[Person]:
    """As `who_may`, among a handful, in no order: each is asked, which costs far less than asking about everybody."""
    return [person for person in people_with_standing(person_ids) if may(person, action, subject)]
