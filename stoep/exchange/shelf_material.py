"""What moderation is handed of a thing that no message tells of: its name and its photo."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from stoep.exchange.models import Item
from stoep.exchange.shelf_queries import items_for
from stoep.feed.reading import WITH_WRITER, writer_of
from stoep.moderation.materials import Found, Material, Piece
from stoep.people.models import Person


def _find(reader: Person, subject_id: UUID) -> Found | None:
    item = items_for(reader).filter(pk=subject_id, told_by=None).first()
    return _found(item, writer_of(reader, item).name) if item else None


def _load(subject_id: UUID) -> Found | None:
    found = Item.objects.filter(pk=subject_id, told_by=None, removed_at=None)
    item = found.select_related(*WITH_WRITER).first()
    return _found(item, item.author.name) if item else None


def _found(item: Item, writer: str) -> Found:
    home = item.membership
    place = home.neighbourhood_id if home else None
    link = reverse("thing", args=[item.pk])
    return Found(item.audience.municipality_id, place, item.author_id, item.name, "", writer, link)


def _nothing(_reader: Person, _ids: Sequence[UUID]) -> list[Piece]:
    return []


def _hide(subject_id: UUID, by: Person, now: datetime) -> bool:
    """What its owner took off the shelf already stays off. Loans of it go on: the two still find each other there."""
    item = Item.objects.select_for_update(of=("self",)).filter(pk=subject_id).first()
    if item is None:
        return False
    Item.objects.filter(pk=subject_id).update(removed_at=item.removed_at or now, removed_by=by)
    return bool(item.removed_at is None)


def _restore(subject_id: UUID, was_live: bool) -> None:
    """As it was, unless its owner ticked the same anew meanwhile: then that one stays."""
    item = Item.objects.filter(pk=subject_id, removed_at__isnull=False).select_related("author").first()
    if item is None:
        return
    same = Item.objects.filter(author=item.author_id, removed_at=None, common=item.common).exclude(common="")
    left_at = item.author.left_at
    back: dict[str, Any] = {"removed_at": left_at, "removed_by": item.author_id if left_at else None}
    if not was_live or same.exists():
        back = {"removed_by": item.author_id}
    Item.objects.filter(pk=subject_id).update(**back)


ITEM = Material(
    kind="item",
    label=_("Thing to lend"),
    find=_find,
    load=_load,
    near=lambda _subject_id: (),
    show=_nothing,
    hide=_hide,
    restore=_restore,
)
