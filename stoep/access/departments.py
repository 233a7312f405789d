"""Scopes of what is said in somebody's name: a department's, for those who speak for it, or one's own."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from stoep.access.scopes import Official, Own
from stoep.people.models import Person, Role, RoleName
from stoep.people.queries import Standing


@dataclass(frozen=True)
class OurDepartment:
    """What a department of the own municipality said; for an editor who is bound to departments, one of these."""

    sign: str = "d"

    def holds(self, standing: Standing, subject: Any) -> bool:
        if not Official().holds(standing, subject):
            return False
        bound = set(_bindings().filter(person=standing.person_id).values_list("department", flat=True))
        return not bound or subject.speaking_for_id in bound

    def people(self, subject: Any) -> QuerySet[Person]:
        bound, ours = _bindings(), _bindings().filter(department=getattr(subject, "speaking_for_id", None))
        speaks_for_it = ~Q(pk__in=bound.values("person")) | Q(pk__in=ours.values("person"))
        return Official().people(subject).filter(speaks_for_it)


def _bindings() -> QuerySet[Role]:
    """A binding of another task binds no editor, as in `people.queries.departments_bound_to`."""
    return Role.objects.filter(role=RoleName.EDITOR, ended_at=None, department__isnull=False)


@dataclass(frozen=True)
class InOwnName(Own):
    """What one wrote oneself, and not for a department: what a department says is nobody's."""

    def holds(self, standing: Standing, subject: Any) -> bool:
        return _is_in_own_name(subject) and super().holds(standing, subject)

    def people(self, subject: Any) -> QuerySet[Person]:
        return super().people(subject) if _is_in_own_name(subject) else Person.objects.none()


def _is_in_own_name(subject: Any) -> bool:
    return getattr(subject, "speaking_for_id", None) is None
