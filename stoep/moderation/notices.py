"""What moderation tells by mail: a decision to both sides, and what came of looking again."""

from collections.abc import Iterable
from typing import Any

from stoep.delivery.links import site_url
from stoep.delivery.notices import Notice, Told
from stoep.moderation.models import Appeal, Decision
from stoep.people.models import Person


def _concerned(told: Told) -> Iterable[Person]:
    found = Decision.objects.filter(pk=told.subject_id).select_related("case").first()
    return Person.objects.filter(pk__in=found.concerned) if found else []


def _decided(told: Told, reader: Person) -> dict[str, Any] | None:
    found = Decision.objects.filter(pk=told.subject_id).select_related("case__municipality").first()
    if found is None:
        return None
    is_author = found.case.author_id == reader.pk
    return {"decision": found, "is_author": is_author, "link": site_url(found.case.municipality, "/me/reports/")}


def _concerned_again(told: Told) -> Iterable[Person]:
    """Who objected, and the writer where something changed for them."""
    found = Appeal.objects.filter(pk=told.subject_id).select_related("decision__case").first()
    if found is None:
        return []
    people = {found.person_id, found.decision.case.author_id if found.is_granted else None}
    return Person.objects.filter(pk__in=people - {None})


def _looked_again(told: Told, _reader: Person) -> dict[str, Any] | None:
    found = Appeal.objects.filter(pk=told.subject_id).select_related("decision__case__municipality").first()
    return {"appeal": found, "link": site_url(found.decision.case.municipality, "/me/reports/")} if found else None


NOTICES = (
    Notice("moderation.decided", _concerned, "moderation/mail/decided", _decided),
    Notice("moderation.looked_again", _concerned_again, "moderation/mail/looked_again", _looked_again),
)
