"""What stands on the shelf: the things that messages tell of, and those that somebody ticked or named by themselves."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef

from stoep.access.audience import home_audience
from stoep.access.gate import NotAllowed, require
from stoep.access.models import Audience
from stoep.common.ids import new_id
from stoep.exchange.models import Item, Loan, Wish
from stoep.exchange.shelf_kinds import COMMON
from stoep.feed.models import Post
from stoep.people.models import Membership, Person


def write_thing(post: Post, /, *, answers: Mapping[str, Any], now: datetime) -> None:
    """The thing that this message tells of; in the transaction, and after the gate, of who places or changes it."""
    facts = {"category": answers["category"], "until_on": answers["until_on"]}
    first = {"id": new_id(now), "kind": post.kind, "author_id": post.author_id, "audience_id": post.audience_id}
    first |= {"membership_id": post.membership_id, "created_at": post.created_at}
    Item.objects.update_or_create(told_by=post, defaults=facts, create_defaults={**first, **facts})


def write_wish(post: Post, /, *, answers: Mapping[str, Any], now: datetime) -> None:
    """When it is needed; as `write_thing`."""
    del now
    days: dict[str, date | None] = {"from_on": answers["from_on"], "to_on": answers["to_on"]}
    Wish.objects.update_or_create(post=post, defaults=days)


@transaction.atomic
def tick_things(*, person: Person, chosen: Collection[str], now: datetime) -> None:
    """Of the common things these stand on the shelf of the own neighbourhood, and no others.

    One that is promised to somebody stays until it is back.
    """
    audience = audience_at_home(person)
    require(person, "exchange:item:create", audience, now=now)
    Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    mine = Item.objects.filter(author=person, removed_at=None).exclude(common="")
    promised = Loan.objects.promised().filter(item=OuterRef("pk"))
    elsewhere = mine.exclude(membership=person.standing.membership_id)  # where they lived before
    elsewhere.exclude(Exists(promised)).update(removed_at=now, removed_by=person)
    mine.exclude(common__in=chosen).exclude(Exists(promised)).update(removed_at=now, removed_by=person)
    there = set(mine.values_list("common", flat=True))
    for key in COMMON:
        if key in chosen and key not in there:
            _put_down(person, audience, now, common=key, category=COMMON[key].category)


def put_on_shelf(*, person: Person, name: str, now: datetime) -> Item:
    """A thing to lend by its own name, for the own neighbourhood."""
    audience = audience_at_home(person)
    require(person, "exchange:item:create", audience, now=now)
    return _put_down(person, audience, now, own_name=name, category="other")


@transaction.atomic
def take_off_shelf(*, person: Person, item: Item, now: datetime) -> None:
    """A thing that no message tells of. Raises StillPromised."""
    require(person, "exchange:item:remove", item, now=now)
    Item.objects.select_for_update(of=("self",)).get(pk=item.pk)
    if Loan.objects.promised().filter(item=item).exists():
        raise StillPromised
    Item.objects.filter(pk=item.pk).update(removed_at=now, removed_by=person)


class StillPromised(ValueError):
    """Somebody has it, or will: first it comes back, or the loan is cancelled."""


def audience_at_home(person: Person) -> Audience:
    home = Membership.objects.filter(person=person, ended_at=None).select_related("neighbourhood").first()
    if home is None:
        raise NotAllowed
    return home_audience(home.neighbourhood)


def _put_down(person: Person, audience: Audience, now: datetime, **facts: str) -> Item:
    key: UUID = new_id(now)
    home = person.standing.membership_id
    return Item.objects.create(id=key, author=person, audience=audience, membership_id=home, created_at=now, **facts)
