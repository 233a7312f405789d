"""The one function that says how a person is shown to whom: name and street, never a house number.

The name of somebody who is protected is the one they chose: their own stands in no row that a page reads.
"""

from dataclasses import dataclass
from uuid import UUID

from stoep.common.text import first_name_and_initial, initials
from stoep.people.queries import Standing


@dataclass(frozen=True)
class ShownPerson:
    """What the viewer may see of somebody: a name, a place (street or neighbourhood, may be empty), two letters.

    `photo_id`: the photo beside the name, for those who see the whole name.
    """

    name: str
    place: str
    initials: str
    photo_id: UUID | None = None


def shown_to(
    viewer: Standing,
    *,
    name: str,
    neighbourhood_id: UUID | None,
    neighbourhood_name: str,
    street_name: str | None,
    photo_id: UUID | None = None,
) -> ShownPerson:
    """A neighbour as `viewer` may see them.

    Own neighbourhood: full name, and the street where it is long enough to hide in (`Membership.shown_street`).
    Anybody else, the city included, and provisional members: first name and initial, and the neighbourhood.
    """
    is_own = viewer.neighbourhood_id is not None and viewer.neighbourhood_id == neighbourhood_id
    if not is_own or viewer.is_provisional:
        return ShownPerson(first_name_and_initial(name), neighbourhood_name, initials(name))
    return ShownPerson(name, street_name or neighbourhood_name, initials(name), photo_id)


def shown_outside(name: str) -> str:
    """A neighbour's name to who stands outside, as on an invitation: first name and initial."""
    return first_name_and_initial(name)
