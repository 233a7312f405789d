"""Reads for the pages about one's own data."""

from datetime import datetime
from uuid import UUID

from stoep.people.models import Consent, Person
from stoep.privacy.downloads import KEPT
from stoep.privacy.models import Download


def downloads_of(person: Person, *, now: datetime) -> list[Download]:
    """Those that can still be fetched, or will be; the newest first."""
    return list(Download.objects.filter(person=person, asked_at__gt=now - KEPT))


def download_for(person: Person, download_id: UUID, *, now: datetime) -> Download | None:
    return Download.objects.filter(person=person, pk=download_id, asked_at__gt=now - KEPT).first()


def consents_of(person: Person) -> list[Consent]:
    return list(Consent.objects.filter(person=person))
