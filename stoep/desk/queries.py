"""Reads: a member of staff's own sessions, and for a resident who acted for them."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Prefetch, QuerySet

from stoep.desk.models import DeskAct, DeskSession
from stoep.people.models import Person

# So long after a session its slip can still be printed.
SLIP_KEPT_FOR = timedelta(minutes=30)


def session_of(staff: Person, session_id: UUID) -> DeskSession | None:
    """Their own, whatever its state; a colleague's does not exist for them."""
    found = DeskSession.objects.filter(pk=session_id, staff=staff, municipality=staff.municipality_id)
    return found.select_related("person", "staff", "municipality").first()


def running_session(staff: Person, *, now: datetime) -> DeskSession | None:
    found = DeskSession.objects.filter(staff=staff, ended_at=None, ends_at__gt=now)
    return found.select_related("person").first()


def done_lately(staff: Person, *, now: datetime) -> QuerySet[DeskSession]:
    """What this member of staff did in a month: when and how much, and for whom nobody."""
    mine = DeskSession.objects.filter(staff=staff, started_at__gt=now - timedelta(days=31))
    return mine.annotate(done=Count("acts")).order_by("-started_at", "-id")[:20]


def is_slip_open(session: DeskSession, *, now: datetime) -> bool:
    return not session.is_running(now) and now < session.over_at + SLIP_KEPT_FOR


def acts_of(session: DeskSession) -> list[DeskAct]:
    return list(session.acts.order_by("at", "id"))


def sessions_for(person: Person) -> QuerySet[DeskSession]:
    """Who acted for this person, when, and what they did: the newest first."""
    acts = Prefetch("acts", DeskAct.objects.order_by("at", "id"))
    found = DeskSession.objects.filter(person=person).select_related("staff", "municipality").prefetch_related(acts)
    return found.order_by("-started_at", "-id")


def first_name(session: DeskSession) -> str:
    """By which staff is known to residents; empty where they work here no more."""
    return session.staff.name.split()[0] if session.staff and session.staff.name.split() else ""
