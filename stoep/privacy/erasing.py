"""Erasing for good: what the declarations say, in one transaction, with the ledger as its last word.

`reapply_ledger` does it again after a backup was put back, before the site opens.
"""

from datetime import datetime
from pathlib import Path
from uuid import UUID

import structlog
from django.contrib.sessions.models import Session
from django.db import transaction

from stoep.people.data_map import declarations
from stoep.people.models import Person, may_enter
from stoep.privacy import ledger
from stoep.privacy.leaving import hide
from stoep.privacy.models import ErasedPerson

log = structlog.get_logger(__name__)


def erase_due(now: datetime) -> int:
    """Everybody who can come back no more. One that fails stops no other. Answers how many."""
    due = Person.objects.exclude(may_enter(now)).exclude(kind=Person.Kind.GONE)
    erased = 0
    for person_id in due.order_by("left_at").values_list("pk", flat=True):
        try:
            erased += erase(person_id, now=now)
        except Exception:
            log.exception("somebody could not be erased", person=str(person_id))
    return erased


def erase(person_id: UUID, *, now: datetime) -> bool:
    """Nothing stays but what docs/trust.md says. Run twice, it does no more. Answers whether there was anybody.

    The ledger is written before the commit: a crash in between leaves somebody in it who is still there, and the next
    try erases them; the other way round a backup could bring them back.
    """
    with transaction.atomic():
        person = Person.objects.select_for_update().filter(pk=person_id).exclude(kind=Person.Kind.GONE).first()
        if person is None:
            return False
        if person.left_at is None:
            hide(person, now)
        for declaration in reversed(declarations()):
            for step in declaration.erased:
                step.run(declaration.model, person, now)
        ErasedPerson.objects.get_or_create(person_id=person_id, defaults={"erased_at": now})
        _end_sessions(person_id)
        ledger.append(person_id, at=now)
    return True


def reapply(path: Path, *, now: datetime) -> int:
    """Erase whoever stands in this ledger and is here again. Answers how many."""
    found = set(ledger.erased_ids(path))
    back = Person.objects.filter(pk__in=found).exclude(kind=Person.Kind.GONE).values_list("pk", flat=True)
    erased = sum(erase(person_id, now=now) for person_id in list(back))
    known = set(ErasedPerson.objects.filter(pk__in=found).values_list("pk", flat=True))
    ErasedPerson.objects.bulk_create(ErasedPerson(person_id=each, erased_at=now) for each in found - known)
    return erased


def reapply_ledger(*, now: datetime) -> int:
    """As `reapply`, from the ledger of this installation."""
    return reapply(ledger.ledger_path(), now=now)


def _end_sessions(person_id: UUID) -> None:
    """They opened nothing since the leaving; now they are gone. A session tells only when it is opened."""
    for session in Session.objects.iterator():
        if session.get_decoded().get("_auth_user_id") == str(person_id):
            session.delete()
