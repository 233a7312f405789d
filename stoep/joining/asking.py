"""A letter is asked for: whatever is typed, the answer is the same. The next letter run takes the doors along."""

import re
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from stoep.access.visitors import Visitor
from stoep.common.ids import new_id
from stoep.delivery import queue
from stoep.joining.limits import LETTERS_ASKED, spend
from stoep.joining.models import LetterRequest
from stoep.places.models import Address, Municipality, Neighbourhood

KEPT_FOR = timedelta(days=180)
# A smaller number of doors would say where somebody wants to come in.
SHOWN_FROM = 10
_DOOR = re.compile(r"(\d+\s*[A-Za-z]?)(?:\s*(?:[/,-]|bus|bte|boîte|box|bt)\s*(\w{1,10}))?", re.IGNORECASE)


@dataclass(frozen=True)
class Asked:
    """How many doors of a neighbourhood wait for a letter; None: fewer than `SHOWN_FROM`."""

    neighbourhood: Neighbourhood
    doors: int | None


def ask_letter(*, municipality: Municipality, street: str, number: str, visitor: Visitor, now: datetime) -> None:
    """Keep what was typed, sealed; whether there is such a door is looked up later. Raises limits.TooMany."""
    spend(LETTERS_ASKED, visitor.network, now=now)
    with transaction.atomic():
        asked = LetterRequest.objects.create(
            id=new_id(), municipality=municipality, street=street.strip(), number=number.strip(), created_at=now
        )
        queue.later("joining.place_letter_request", request_id=str(asked.pk))


def place_request(request_id: UUID) -> None:
    """Find the door. Asked twice, one request waits; one that fits no door is forgotten."""
    with transaction.atomic():
        asked = LetterRequest.objects.select_for_update().filter(pk=request_id, address=None).first()
        door = door_at(asked.municipality, asked.street, asked.number) if asked is not None else None
        if asked is None:
            return
        Municipality.objects.select_for_update().get(pk=asked.municipality_id)
        if door is None or LetterRequest.objects.filter(address=door).exists():
            asked.delete()
            return
        LetterRequest.objects.filter(pk=asked.pk).update(address=door, street="", number="")


def asked_doors(municipality: Municipality) -> list[Address]:
    """The doors that wait, where letters can go."""
    doors = Address.objects.filter(letter_requests__municipality=municipality, retired_at=None)
    found = doors.filter(neighbourhood__isnull=False).select_related("neighbourhood")
    return list(found.order_by("neighbourhood__name", "street__name", "number", "box", "id"))


def forget_asked(municipality: Municipality, doors: Collection[UUID]) -> None:
    """Their letters are on the way."""
    LetterRequest.objects.filter(municipality=municipality, address__in=doors).delete()


def asked_by_neighbourhood(municipality: Municipality) -> list[Asked]:
    """For the rollout manager: where a round of letters is waited for."""
    doors = asked_doors(municipality)
    places = {door.neighbourhood_id: door.neighbourhood for door in doors}
    counts = Counter(door.neighbourhood_id for door in doors)
    return [Asked(place, counts[key] if counts[key] >= SHOWN_FROM else None) for key, place in places.items() if place]


def forget_old_requests(*, now: datetime) -> int:
    gone, _by_model = LetterRequest.objects.filter(created_at__lt=now - KEPT_FOR).delete()
    return gone


def door_at(municipality: Municipality, street: str, number: str) -> Address | None:
    """As somebody typed it: "12", "12 bus 3", "12 A/3"."""
    read = _DOOR.fullmatch(number.strip())
    if read is None:
        return None
    house, box = "".join(read[1].split()), read[2] or ""
    doors = Address.objects.filter(municipality=municipality, retired_at=None).select_related("street")
    named = doors.filter(street__name__iexact=" ".join(street.split()), number__iexact=house, box__iexact=box)
    return named.order_by("id").first()
