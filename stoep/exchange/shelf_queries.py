"""Reads of the shelf: which things a neighbour finds there, in which state, with their picture."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from stoep.exchange.lending_words import thing_state
from stoep.exchange.models import OUT, Item, Loan
from stoep.exchange.shelf_kinds import CATEGORIES, Category
from stoep.feed.reading import WITH_WRITER, writer_of
from stoep.media.models import Photo
from stoep.people.models import Person
from stoep.people.naming import ShownPerson

PAGE = 24


@dataclass(frozen=True)
class Shown:
    """A thing on the shelf, as one neighbour sees it. `state`: free, or when it is."""

    item: Item
    category: Category
    owner: ShownPerson
    state: str
    is_free: bool
    photo: Photo | None


@dataclass(frozen=True)
class Wanted:
    """What somebody looks for on the shelf: a kind of thing, to lend or to give; empty for everything."""

    category: str = ""
    kind: str = ""


def items_for(person: Person) -> QuerySet[Item]:
    found: QuerySet[Item] = Item.objects.visible_to(person).select_related(*WITH_WRITER, "told_by")
    return found


def with_state(items: QuerySet[Item], today: date) -> QuerySet[Item]:
    """Each with `is_promised` (today; a gift: at all) and `back_on`."""
    mine = Loan.objects.promised().filter(item=OuterRef("pk"))
    now = mine.filter(Q(kind=Item.Kind.GIVE) | Q(from_on__lte=today, to_on__gte=today) | OUT)
    ahead = now.filter(to_on__gte=today).order_by("-to_on").values("to_on")[:1]
    return items.annotate(is_promised=Exists(now), back_on=Subquery(ahead))


def shelf(person: Person, wanted: Wanted, *, today: date, before: UUID | None = None) -> list[Shown]:
    """The newest things of others and one's own, without those that are past their last day; one more than a page."""
    found = items_for(person).exclude(author__in=person.standing.muted)
    found = found.filter(Q(until_on=None) | Q(until_on__gte=today))
    if wanted.category:
        found = found.filter(category=wanted.category)
    if wanted.kind:
        found = found.filter(kind=wanted.kind)
    if before is not None:
        found = found.filter(pk__lt=before)
    return shown_things(person, with_state(found, today).order_by("-id")[: PAGE + 1])


def shown_things(person: Person, items: Iterable[Any]) -> list[Shown]:
    """Items that `with_state` has annotated."""
    there = list(items)
    photos = _first_photos(there)
    return [
        Shown(
            item=item,
            category=CATEGORIES.get(item.category, CATEGORIES["other"]),
            owner=writer_of(person, item),
            state=thing_state(item.kind, item.back_on, is_promised=item.is_promised),
            is_free=not item.is_promised,
            photo=photos.get(item.told_by_id or item.pk),
        )
        for item in there
    ]


def _first_photos(items: Collection[Item]) -> dict[UUID, Photo]:
    """By the message that tells of a thing, or by the thing."""
    if not items:
        return {}
    told = Q(owner_kind="post", owner_id__in=[item.told_by_id for item in items if item.told_by_id])
    alone = Q(owner_kind="item", owner_id__in=[item.pk for item in items if not item.told_by_id])
    found = Photo.objects.filter(told | alone, state=Photo.State.READY)
    return {photo.owner_id: photo for photo in found.order_by("-position", "-id")}


def taken_days(item: Item, *, today: date) -> list[Loan]:
    """The days on which somebody has it or will have it, soonest first."""
    promised = Loan.objects.promised().filter(item=item, kind=Item.Kind.LEND)
    return list(promised.filter(Q(to_on__gte=today) | OUT).order_by("from_on", "id"))


def own_things(person: Person, *, today: date) -> list[Shown]:
    """Everything of one's own on the shelf."""
    return shown_things(person, with_state(items_for(person).filter(author=person), today).order_by("-id")[:200])


def ticked(person: Person) -> set[str]:
    """Which of the common things stand on the shelf by this neighbour."""
    here = person.standing.membership_id
    mine = Item.objects.visible_to(person).filter(author=person, membership=here).exclude(common="")
    return set(mine.values_list("common", flat=True))


def has_taken_off(person: Person, item_id: UUID) -> bool:
    """Whether it was theirs and they took it off the shelf."""
    return Item.objects.filter(pk=item_id, author=person, removed_by=person).exists()
