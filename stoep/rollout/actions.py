"""What the city decides about its places: a municipality joins, a neighbourhood opens, an address gets its place."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from stoep.access.gate import Actor, require
from stoep.people.models import Person
from stoep.places.models import Address, Municipality, Neighbourhood, Street
from stoep.places.queries import forget_municipalities
from stoep.rollout.known_places import recount
from stoep.rollout.letter_words import EDITABLE, layout_of
from stoep.rollout.letters import text_size
from stoep.rollout.models import Opening
from stoep.rollout.writing import let_members_follow


class ElsewhereError(ValueError):
    """An address and its neighbourhood lie in different municipalities."""


class AlreadyPlacedError(ValueError):
    """The address has a neighbourhood, or is retired: a hand moves no house, and so nobody who lives in it."""


@transaction.atomic
def open_neighbourhood(
    *, person: Actor, neighbourhood: Neighbourhood, state: Neighbourhood.State, now: datetime
) -> Opening:
    """Change the state; who decided it and when is kept."""
    require(person, "rollout:neighbourhood:open", neighbourhood, now=now)
    Neighbourhood.objects.filter(pk=neighbourhood.pk).update(state=state)
    decided_by = person if isinstance(person, Person) else None
    return Opening.objects.create(neighbourhood=neighbourhood, state=state, decided_by=decided_by, decided_at=now)


@transaction.atomic
def place_address(*, person: Actor, address: Address, neighbourhood: Neighbourhood, now: datetime) -> None:
    """Say by hand where an address that waits lies. The next import leaves it there.

    Raises AlreadyPlacedError and ElsewhereError.
    """
    require(person, "rollout:address:place", address, now=now)
    if not _place(_waiting().filter(pk=address.pk), address.municipality, neighbourhood, now=now):
        raise AlreadyPlacedError


@transaction.atomic
def place_street(
    *,
    person: Actor,
    street: Street,
    neighbourhood: Neighbourhood,
    only: Collection[UUID] | None = None,
    now: datetime,
) -> int:
    """Place every address of a street that waits for a hand, or `only` these of them; answers how many.

    What has its place already is left there, also when `only` names it.
    """
    require(person, "rollout:address:place", street, now=now)
    waiting = _waiting().filter(street=street)
    wanted = waiting if only is None else waiting.filter(pk__in=only)
    return _place(wanted, street.municipality, neighbourhood, now=now)


def _waiting() -> QuerySet[Address]:
    return Address.objects.filter(neighbourhood=None, retired_at=None)


def _place(
    addresses: QuerySet[Address], municipality: Municipality, neighbourhood: Neighbourhood, *, now: datetime
) -> int:
    if neighbourhood.municipality_id != municipality.pk:
        raise ElsewhereError
    count = addresses.update(neighbourhood=neighbourhood, placed_by=Address.PlacedBy.HAND)
    let_members_follow(municipality, now=now)
    recount(municipality)
    return count


def edit_letter_text(*, person: Actor, municipality: Municipality, words: dict[str, str], now: datetime) -> None:
    """Keep the city's own words for its letters. Raises letters.LetterRefusedError when they do not fit."""
    require(person, "rollout:letters:edit_text", municipality, now=now)
    kept = {name: words[name].strip() for name in EDITABLE if words.get(name, "").strip()}
    text_size(layout_of(municipality, edits=kept))
    Municipality.objects.filter(pk=municipality.pk).update(letter_text=kept)
    forget_municipalities()
