"""Adding, describing, moving and removing photos. The request only keeps what came, sealed; a job makes it anew."""

from collections.abc import Collection
from datetime import datetime, timedelta
from functools import partial
from typing import IO
from uuid import UUID

from django.db import transaction

from stoep.access.gate import require
from stoep.access.limits import Limit, hit
from stoep.common.ids import new_id
from stoep.common.images import measure
from stoep.common.text import clean_name, contains_national_number
from stoep.delivery import queue
from stoep.media import files
from stoep.media.models import ALT_LENGTH, Photo
from stoep.media.owners import tell_changed
from stoep.people.models import Person

MOST_A_DAY = Limit("media.photos", 120, timedelta(days=1))
# Making a picture takes up to a hundred megabytes: one at a time.
LOCK = "media.make"


class TooManyPhotos(ValueError):
    """There is no room for another one at this thing, or not today."""


class AltRefused(ValueError):
    """The words about a picture hold a national register number."""


def add_photo(*, author: Person, kind: str, owner_id: UUID, most: int, file: IO[bytes], now: datetime) -> Photo:
    """Take a photo in, at the end of what is there. Raises images.ImageRefused, TooManyPhotos.

    Not inside a transaction: what was counted stays counted.
    """
    require(author, "media:photo:create", author, now=now)
    width, height = measure(file)
    if not hit(MOST_A_DAY, str(author.pk), now=now):
        raise TooManyPhotos
    photo = Photo(id=new_id(now), municipality_id=author.municipality_id, author=author, owner_kind=kind)
    photo.owner_id, photo.width, photo.height, photo.created_at = owner_id, width, height, now
    files.keep_upload(photo.pk, file.read())
    try:
        _insert(photo, most)
    except BaseException:
        files.forget_upload(photo.pk)
        raise
    return photo


@transaction.atomic
def _insert(photo: Photo, most: int) -> None:
    """Somebody who adds from two windows at once waits here for themselves."""
    Person.objects.select_for_update(no_key=True).get(pk=photo.author_id)
    there = list(Photo.objects.filter(owner_kind=photo.owner_kind, owner_id=photo.owner_id))
    if len(there) >= most:
        raise TooManyPhotos
    photo.position = max((one.position for one in there), default=-1) + 1
    photo.save(force_insert=True)
    queue.later("media.make", lock=LOCK, photo_id=str(photo.pk))


@transaction.atomic
def describe_photo(*, person: Person, photo: Photo, alt: str, now: datetime) -> None:
    """Say what is in the picture, for who cannot see it. Raises AltRefused."""
    require(person, "media:photo:change", photo, now=now)
    words = clean_name(alt)[:ALT_LENGTH]
    if contains_national_number(words):
        raise AltRefused
    if words != photo.alt:
        Photo.objects.filter(pk=photo.pk).update(alt=words)
        photo.alt = words
        tell_changed(photo.owner_kind, photo.owner_id)


@transaction.atomic
def remove_photo(*, person: Person, photo: Photo, now: datetime) -> None:
    """Gone at once, files and all."""
    require(person, "media:photo:change", photo, now=now)
    forget_photos([photo])
    tell_changed(photo.owner_kind, photo.owner_id)


def give_photos(*, author: Person, of: tuple[str, UUID], to: tuple[str, UUID], now: datetime) -> None:
    """Let photos of a thing of one's own belong to another one, as a draft's to the post that it becomes.

    `of` and `to`: kind and id.
    """
    require(author, "media:photo:create", author, now=now)
    there = Photo.objects.filter(author=author, owner_kind=of[0], owner_id=of[1])
    there.update(owner_kind=to[0], owner_id=to[1])


def forget_photos(photos: Collection[Photo]) -> None:
    """Rows now, files with the commit. Where the machine stops in between, the nightly sweep finds them."""
    Photo.objects.filter(pk__in=[photo.pk for photo in photos]).delete()
    for photo in photos:
        transaction.on_commit(partial(files.remove, photo.municipality_id, photo.pk))
