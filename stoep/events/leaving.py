"""What leaving ends: whoever leaves comes no more, and what they planned is told to those who would have come."""

from datetime import datetime

from django.db import transaction

from stoep.events.models import Event, Occurrence
from stoep.events.planning import when_removed
from stoep.events.seats import give_up
from stoep.people.models import Person


@transaction.atomic
def end_attendances(person: Person, now: datetime) -> None:
    """Their seats are free at once; others may be waiting."""
    days = Occurrence.objects.filter(starts_at__gt=now, attendances__person=person).select_related("event")
    give_up(person, list(days), now)


def nothing_comes_back(_person: Person, _left_at: datetime) -> None:
    """A seat that was given away is somebody else's: whoever comes back says anew that they come."""


def tell_who_comes(person: Person, now: datetime) -> None:
    """As if its author deleted each event; the posts themselves are hidden by the feed."""
    for event in Event.objects.filter(post__author=person, post__speaking_for=None).select_related("post"):
        when_removed(event.post, now)
