"""From what came to what is shown: the job's work, and the sweeps that find what was lost, orphaned or spoiled."""

import logging
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import TypeVar
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q

from stoep.common.images import ImageRefused, Rendition, renditions
from stoep.delivery import queue
from stoep.media import files, owners
from stoep.media.actions import LOCK, forget_photos
from stoep.media.models import ONE_EACH, SQUARES, WIDTHS, Photo

logger = logging.getLogger(__name__)
Thing = TypeVar("Thing")

# A file that ends the worker so often is not tried again.
MOST_TRIES = 3
LOST_AFTER = timedelta(minutes=5)
ORPHAN_AFTER = timedelta(days=1)
PAGE = 500


def make(photo_id: UUID) -> None:
    """Run twice, it makes it once. Its tries are counted before the decoder starts: it may never come back."""
    if not Photo.objects.filter(pk=photo_id, state=Photo.State.WAITING).update(tries=F("tries") + 1):
        return
    photo = Photo.objects.get(pk=photo_id)
    try:
        made = _made(photo)
    except (ImageRefused, FileNotFoundError, files.FileSpoiledError) as error:
        logger.info("A photo is refused: %s", getattr(error, "reason", type(error).__name__))
        _finish(photo, state=Photo.State.REFUSED)
    else:
        files.keep_renditions(photo.municipality_id, photo_id, made)
        _finish(photo, state=Photo.State.READY, renditions={size: _facts(each) for size, each in made.items()})
    files.forget_upload(photo_id)


def _made(photo: Photo) -> dict[str, Rendition]:
    if photo.tries > MOST_TRIES:
        raise ImageRefused("unreadable")
    return renditions(files.read_upload(photo.pk), WIDTHS, SQUARES)


@transaction.atomic
def _finish(photo: Photo, **facts: object) -> None:
    """It may have been removed meanwhile; of what has one photo, a new one takes the place of the one before."""
    there = Photo.objects.select_for_update().filter(pk=photo.pk).first()
    if there is None:
        files.remove(photo.municipality_id, photo.pk)
        return
    if there.owner_kind in ONE_EACH and facts["state"] == Photo.State.READY:
        of_it = Photo.objects.filter(owner_kind=there.owner_kind, owner_id=there.owner_id)
        forget_photos(list(of_it.filter(Q(pk__lt=there.pk) | Q(state=Photo.State.READY))))
    Photo.objects.filter(pk=photo.pk).update(**facts)
    owners.tell_changed(there.owner_kind, there.owner_id)


def _facts(rendition: Rendition) -> dict[str, object]:
    return {"width": rendition.width, "height": rendition.height, "digest": rendition.digest}


def ask_again(*, now: datetime) -> None:
    """Whatever waits for long has lost its job."""
    for photo in Photo.objects.filter(state=Photo.State.WAITING, created_at__lt=now - LOST_AFTER)[:PAGE]:
        queue.later("media.make", lock=LOCK, photo_id=str(photo.pk))


def sweep(*, now: datetime) -> None:
    """Photos whose owner is gone, and files of which no photo knows: within a day nothing of them is left."""
    for kind in owners.kinds():
        _forget_orphans(kind)
    for found in _batches(files.on_disk(now - ORPHAN_AFTER)):
        known = set(Photo.objects.filter(pk__in=[pk for pk, _city in found]).values_list("pk", flat=True))
        for photo_id, municipality_id in found:
            if photo_id not in known:
                files.remove(municipality_id or UUID(int=0), photo_id)


def _forget_orphans(kind: str) -> None:
    owner = owners.owner_of(kind)
    ids = Photo.objects.filter(owner_kind=kind).order_by("owner_id").values_list("owner_id", flat=True).distinct()
    for some in _batches(ids.iterator(chunk_size=PAGE)):
        gone = set(some) - (owner.existing(some) if owner else set(some))
        with transaction.atomic():
            forget_photos(list(Photo.objects.filter(owner_kind=kind, owner_id__in=gone)))


def spoiled() -> list[UUID]:
    """Photos of which a file is missing or was changed since it was written."""
    found = []
    for photo in Photo.objects.filter(state=Photo.State.READY).iterator(chunk_size=PAGE):
        for size, facts in photo.renditions.items():
            if not files.is_sound(files.path_of(photo.municipality_id, photo.pk, size), facts["digest"]):
                found.append(photo.pk)
                break
    return found


def _batches(things: Iterable[Thing]) -> Iterator[list[Thing]]:
    left = iter(things)
    while some := list(islice(left, PAGE)):
        yield some
