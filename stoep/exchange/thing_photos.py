"""A photo of a thing that no message tells of: seen by whoever finds the thing, gone when it left the shelf."""

from collections.abc import Collection
from datetime import datetime
from typing import IO
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q

from stoep.access.gate import require
from stoep.exchange.models import Item
from stoep.media.actions import add_photo, describe_photo, remove_photo
from stoep.media.models import Photo
from stoep.media.owners import Owner
from stoep.media.queries import photos_of
from stoep.people.models import Person

KIND = "item"
# One that is shown, and those that are still being made.
MOST = 4


def set_thing_photo(*, person: Person, item: Item, file: IO[bytes], alt: str, now: datetime) -> Photo:
    """Show the thing so; once it is made, it takes the place of the one before.

    `alt`: clean, and without a national number. Raises ImageRefused, TooManyPhotos.
    """
    require(person, "exchange:item:change", item, now=now)
    photo = add_photo(author=person, kind=KIND, owner_id=item.pk, most=MOST, file=file, now=now)
    describe_photo(person=person, photo=photo, alt=alt, now=now)
    return photo


@transaction.atomic
def remove_thing_photo(*, person: Person, item: Item, now: datetime) -> None:
    """Gone at once."""
    require(person, "exchange:item:change", item, now=now)
    for photo in photos_of(KIND, item.pk):
        remove_photo(person=person, photo=photo, now=now)


def thing_photos(item: Item) -> list[Photo]:
    """Those of the message that tells of it, or its own. Whoever asks has made sure that the reader may see it."""
    return photos_of("post", item.told_by_id) if item.told_by_id else photos_of(KIND, item.pk)


def _is_seen_by(person: Person, item_id: UUID) -> bool:
    return Item.objects.all().visible_to(person).filter(pk=item_id).exists()


def _existing(ids: Collection[UUID]) -> set[UUID]:
    """On the shelf, or kept from it by a moderator for a time: what its owner took off comes back without a photo."""
    kept = Q(removed_at=None) | ~Q(removed_by=F("author"))
    return set(Item.objects.filter(kept, pk__in=ids).values_list("pk", flat=True))


OWNER = Owner(KIND, _is_seen_by, _existing, lambda item_id: f"/share/{item_id}/")
