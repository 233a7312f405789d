"""The photo beside somebody's name: shown only to those who see the whole name, taken away as easily as given."""

from collections.abc import Collection
from datetime import datetime
from typing import IO
from uuid import UUID

from django.db import transaction

from stoep.access.gate import require
from stoep.access.models import Grant, moderates
from stoep.media.actions import add_photo, remove_photo
from stoep.media.models import Photo
from stoep.media.owners import Owner
from stoep.media.queries import photos_of
from stoep.people.models import Consent, Membership, Person

# One that is shown, and those that are still being made.
MOST = 4
# Of the words beside the button.
VERSION = "2026-11"


def set_profile_photo(*, person: Person, file: IO[bytes], now: datetime) -> Photo:
    """Show this photo beside the name; pressing the button is the consent. Raises ImageRefused, TooManyPhotos."""
    require(person, "neighbours:person:change", person, now=now)
    photo = add_photo(author=person, kind="person", owner_id=person.pk, most=MOST, file=file, now=now)
    Consent.objects.get_or_create(
        person=person,
        purpose=Consent.Purpose.PROFILE_PHOTO,
        withdrawn_at=None,
        defaults={"version": VERSION, "form": "me/photo", "given_at": now},
    )
    return photo


@transaction.atomic
def remove_profile_photo(*, person: Person, now: datetime) -> None:
    """Gone at once, and the consent with it."""
    require(person, "neighbours:person:change", person, now=now)
    for photo in photos_of("person", person.pk):
        remove_photo(person=person, photo=photo, now=now)
    given = Consent.objects.filter(person=person, purpose=Consent.Purpose.PROFILE_PHOTO, withdrawn_at=None)
    given.update(withdrawn_at=now)


def own_photo(person: Person) -> Photo | None:
    """The newest, made or still being made."""
    return next(iter(reversed(photos_of("person", person.pk))), None)


def _is_seen_by(viewer: Person, person_id: UUID) -> bool:
    """As `people.naming` shows the whole name: to full members of a neighbourhood where this person lives or wrote.

    And to a moderator while a report about this person is open.
    """
    if viewer.pk == person_id:
        return True
    reported = Grant.objects.open_to(viewer.standing, "person").filter(subject_id=person_id)
    if moderates(viewer.standing) and reported.exists():
        return True
    here = viewer.standing.neighbourhood_id
    if here is None or viewer.standing.is_provisional or person_id in viewer.standing.apart:
        return False
    return Membership.objects.filter(person=person_id, neighbourhood=here, person__left_at=None).exists()


def _existing(ids: Collection[UUID]) -> set[UUID]:
    return set(Person.objects.filter(pk__in=ids).values_list("pk", flat=True))


OWNER = Owner("person", _is_seen_by, _existing, lambda _person_id: "/settings/")
