"""What somebody can help with: chosen by themselves, asked once in their second week, never again."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from stoep.access.gate import may, require
from stoep.access.slots import Slot
from stoep.people.models import Person, PersonSkill
from stoep.people.skills import SKILLS

ASKED_AFTER = timedelta(days=7)


@transaction.atomic
def choose_skills(*, person: Person, skills: Collection[str], now: datetime) -> None:
    """These and no others. What is not on the list is left out."""
    require(person, "neighbours:person:change", person, now=now)
    chosen = [key for key in SKILLS if key in skills]
    PersonSkill.objects.filter(person=person).exclude(skill__in=chosen).delete()
    rows = [PersonSkill(person=person, skill=key, created_at=now) for key in chosen]
    PersonSkill.objects.bulk_create(rows, ignore_conflicts=True)
    Person.objects.filter(pk=person.pk).update(skills_asked_at=now)


def leave_skills_unasked(*, person: Person, now: datetime) -> None:
    """Not now: the question does not come back; the page stays in their menu."""
    require(person, "neighbours:person:change", person, now=now)
    Person.objects.filter(pk=person.pk, skills_asked_at=None).update(skills_asked_at=now)


def _question(person: Person, now: datetime) -> dict[str, Any] | None:
    """From the person's own row alone: it is asked with every feed."""
    is_due = person.skills_asked_at is None and now - person.joined_at >= ASKED_AFTER
    return {} if is_due and may(person, "neighbours:directory:read", person) else None


QUESTION = Slot("feed.top", 50, _question, "neighbours/_skills_question.html")
