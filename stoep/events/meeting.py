"""Who met whom is nobody's business: a meeting is two keyed hashes, of who and of which letterbox, to be counted."""

from stoep.access.small_numbers import Figure, people_figure
from stoep.common.crypto import keyed_hash
from stoep.events.models import Meeting, Occurrence
from stoep.people.models import Membership, Person


def meeting_of(person: Person, day: Occurrence) -> Meeting:
    """Not kept yet. Of who has no letterbox, the person stands for it."""
    home = Membership.objects.filter(person=person, ended_at=None).values_list("household", flat=True).first()
    return Meeting(occurrence=day, who=_hash(day, person.pk), home=_hash(day, home or person.pk))


def has_met(person: Person, day: Occurrence) -> bool:
    return Meeting.objects.filter(occurrence=day, who=_hash(day, person.pk)).exists()


def met_figure(day: Occurrence) -> Figure | None:
    """How many; None where they are too few to be told."""
    figure = people_figure("events.met", Meeting.objects.filter(occurrence=day).values_list("who", "home"))
    return figure if figure.is_shown else None


def _hash(day: Occurrence, of: object) -> str:
    return keyed_hash("events.met", f"{day.pk}:{of}")
