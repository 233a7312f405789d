"""Reads for the city's pages: whom an audience reaches, what was announced, who works here."""

from django.db.models import Q, QuerySet

from stoep.access.models import Audience
from stoep.access.small_numbers import Reach, people_figure
from stoep.cityhall.models import Announcement
from stoep.people.models import Membership, Person, Role
from stoep.places.models import Address


def reach_of(audience: Audience) -> Reach:
    """Letterboxes (exact, the city's own register) and members (a published figure: trust.md 3.2) of an audience."""
    homes, members = Q(pk__in=[]), Q(pk__in=[])
    for atom in audience.atoms.all():
        homes |= _addresses_of(atom.neighbourhood_id, atom.street_id)
        members |= atom.lived_in()
    boxes = Address.objects.filter(homes, municipality=audience.municipality_id, retired_at=None).count()
    inside = Membership.objects.filter(members, ended_at=None, person__left_at=None)
    pairs = list(inside.values_list("person_id", "household__address_id"))
    return Reach(households=boxes, members=people_figure("reach", pairs))
