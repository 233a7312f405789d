"""Building audiences: the same set of places is the same row, whoever asks for it."""

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from django.db import transaction

from stoep.access.models import Audience, AudienceAtom
from stoep.people.models import Group
from stoep.people.queries import Standing
from stoep.places.models import Municipality, Neighbourhood, Street


@dataclass(frozen=True, order=True)
class Place:
    """An atom before it is a row: neighbourhood, street, both (the part of a street), or neither (everybody).

    `group_id`: of that neighbourhood only who is in the group.
    """

    neighbourhood_id: UUID | None = None
    street_id: UUID | None = None
    group_id: UUID | None = None

    @property
    def key(self) -> str:
        return f"{self.neighbourhood_id or '*'}/{self.street_id or '*'}{f'/{self.group_id}' if self.group_id else ''}"


class Home(NamedTuple):
    """Where a member lives, and all that an audience asks of them. Small, for thousands of open streams."""

    municipality_id: UUID
    neighbourhood_id: UUID | None
    street_id: UUID | None
    groups: frozenset[UUID] = frozenset()


@dataclass(frozen=True)
class KnownAudience:
    """An audience read once: its places never change, so that it can be kept in memory."""

    municipality_id: UUID
    places: frozenset[Place]

    def includes(self, home: Home) -> bool:
        """The same question as `Audience.includes`, asked without the database; a test compares the answers."""
        return self.municipality_id == home.municipality_id and any(
            place.neighbourhood_id in (None, home.neighbourhood_id)
            and place.street_id in (None, home.street_id)
            and (place.group_id is None or place.group_id in home.groups)
            for place in self.places
        )


class NoPlace(ValueError):
    """An audience needs at least one place."""


def audience_of(
    municipality: Municipality | UUID, places: Iterable[Place], *, shared_with_city: bool = False
) -> Audience:
    """The audience row for these places, made when it is new."""
    municipality_id = municipality.pk if isinstance(municipality, Municipality) else municipality
    atoms = sorted(set(places), key=lambda place: place.key)
    if not atoms:
        raise NoPlace
    digest = _digest([atom.key for atom in atoms], shared_with_city=shared_with_city)
    found = Audience.objects.filter(municipality_id=municipality_id, digest=digest).first()
    return found or _create(municipality_id, atoms, digest, shared_with_city=shared_with_city)


def home_audience(
    neighbourhood: Neighbourhood, *, adjacent: Collection[Neighbourhood] = (), shared_with_city: bool = False
) -> Audience:
    """A neighbour's audience: the own neighbourhood, and those next to it that the author opened the post to."""
    places = [Place(neighbourhood_id=place.pk) for place in (neighbourhood, *adjacent)]
    return audience_of(neighbourhood.municipality_id, places, shared_with_city=shared_with_city)


def group_audience(group: Group) -> Audience:
    """The members of a group: never wider, and never the city."""
    place = Place(neighbourhood_id=group.neighbourhood_id, group_id=group.pk)
    return audience_of(group.neighbourhood.municipality_id, [place])


def city_audience(
    municipality: Municipality,
    *,
    neighbourhoods: Iterable[Neighbourhood] = (),
    streets: Iterable[Street] = (),
    everybody: bool = False,
) -> Audience:
    """A department's audience: the city, neighbourhoods, streets, or a mix of the last two."""
    if everybody:
        return audience_of(municipality, [Place()])
    places = [Place(neighbourhood_id=place.pk) for place in neighbourhoods]
    places += [Place(street_id=street.pk) for street in streets]
    return audience_of(municipality, places)


def home_of(standing: Standing) -> Home | None:
    """None for who is no member, or no longer: no audience includes them."""
    if not standing.is_member:
        return None
    return Home(standing.municipality_id, standing.neighbourhood_id, standing.street_id, standing.groups)


def known_audience(audience_id: UUID) -> KnownAudience | None:
    """Read it, to be kept. None: there is none."""
    atoms = AudienceAtom.objects.filter(audience=audience_id)
    rows = list(atoms.values_list("audience__municipality_id", "neighbourhood_id", "street_id", "group_id"))
    if not rows:
        return None
    return KnownAudience(rows[0][0], frozenset(Place(*place) for _city, *place in rows))


def _digest(keys: list[str], *, shared_with_city: bool) -> str:
    text = "|".join([*keys, "city" if shared_with_city else ""])
    return hashlib.sha256(text.encode()).hexdigest()


def _create(municipality_id: UUID, atoms: list[Place], digest: str, *, shared_with_city: bool) -> Audience:
    # get_or_create waits for a writer of the same digest, so two posts at one moment still share the row.
    with transaction.atomic():
        audience, is_new = Audience.objects.get_or_create(
            municipality_id=municipality_id, digest=digest, defaults={"shared_with_city": shared_with_city}
        )
        if is_new:
            AudienceAtom.objects.bulk_create(
                AudienceAtom(
                    audience=audience,
                    neighbourhood_id=atom.neighbourhood_id,
                    street_id=atom.street_id,
                    group_id=atom.group_id,
                )
                for atom in atoms
            )
    return audience
