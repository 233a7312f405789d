"""One cast for tests, demo city, docs and screenshots: who they are, and a small city for the tests to put them in."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

import shapely
from django.contrib.auth.hashers import make_password
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from stoep.people.models import Department, Household, Membership, Person, Role, Suspension
from stoep.people.models import RoleName as R
from stoep.places.models import Address, Municipality, Neighbourhood, Street, StreetPart

# The tests' "now"; the demo's people joined before the real one.
JOINED_AT = datetime(2026, 9, 1, 9, 0, tzinfo=UTC)
OWN_KEY = "482913"


@dataclass(frozen=True)
class Member:
    """One of the cast. `home`: the neighbourhood of a neighbour; staff has none."""

    key: str
    name: str
    who: Promise
    home: str = ""
    role: str = ""
    city: str = "hasselt"

    @property
    def is_staff(self) -> bool:
        return not self.home


CAST: tuple[Member, ...] = (
    Member("neighbour", "Marie Peeters", _("Neighbour in Kermt"), "Kermt"),
    Member("second-neighbour", "Ahmed El Amrani", _("Neighbour in Kermt, another street"), "Kermt"),
    Member("next-neighbourhood", "Sofie Claes", _("Neighbour next door: sees nothing of Kermt"), "Tuilt"),
    Member("ambassador", "Jos Vandersmissen", _("Neighbour with a task in Kermt"), "Kermt", R.AMBASSADOR),
    Member("newcomer", "Lucia Romano", _("Invited by Marie, not yet vouched for"), "Kermt", R.PROVISIONAL),
    Member("suspended", "Karel Wouters", _("Neighbour whose access is paused"), "Kermt", R.SUSPENDED),
    Member("editor", "Els Jacobs", _("Writes for the city"), role=R.EDITOR),
    Member("approver", "Bart Lemmens", _("Approves urgent messages"), role=R.APPROVER),
    Member("analyst", "Nele Geerts", _("Reads the city's figures"), role=R.ANALYST),
    Member("rollout", "Tom Nijs", _("Imports borders, orders letters"), role=R.ROLLOUT),
    Member("city-admin", "Greet Moons", _("Runs the city's side"), role=R.CITY_ADMIN),
    Member("moderator", "Ingrid Maes", _("Decides on reports, works for the operator"), role=R.MODERATOR),
    Member("desk", "Hilde Thijs", _("Helps residents at the desk and by phone"), role=R.DESK),
    Member("dpo", "Pieter Hermans", _("Data-protection officer"), role=R.DPO),
    Member("operator", "Wim Aerts", _("Runs the installation"), role=R.OPERATOR),
    Member("other-city", "Rita Martens", _("Neighbour in another municipality"), "Rooierheide", city="diepenbeek"),
)


@dataclass(frozen=True)
class Cast(Mapping[str, Person]):
    """The tests' city: `cast["neighbour"]`, and the places by name."""

    people: dict[str, Person]
    cities: dict[str, Municipality]
    neighbourhoods: dict[str, Neighbourhood]
    streets: dict[str, Street]
    departments: dict[str, Department] = field(default_factory=dict)

    def __getitem__(self, key: str) -> Person:
        return self.people[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self.people)

    def __len__(self) -> int:
        return len(self.people)


# name → (city, column on the map, streets with their number of addresses)
NEIGHBOURHOODS: dict[str, tuple[str, int, dict[str, int]]] = {
    "Kermt": ("hasselt", 0, {"Diestersteenweg": 14, "Koorstraat": 12, "Heerstraat": 4}),
    "Tuilt": ("hasselt", 1, {"Zolderse kiezel": 12, "Heerstraat": 11}),
    "Stevoort": ("hasselt", 2, {"Alkenstraat": 12}),
    "Rooierheide": ("diepenbeek", 5, {"Heidestraat": 12}),
}
STREET_OF = {"second-neighbour": "Koorstraat", "suspended": "Heerstraat"}
CITIES = {"hasselt": ("Hasselt", "3510"), "diepenbeek": ("Diepenbeek", "3590")}


def make_cast(now: datetime = JOINED_AT) -> Cast:
    """A city of four small neighbourhoods, of which the first two and the next two touch, with everybody in it."""
    cities = {slug: _make_city(slug, now) for slug in CITIES}
    streets: dict[str, Street] = {}
    neighbourhoods = {
        name: _make_neighbourhood(name, cities[city], column, named, streets)
        for name, (city, column, named) in NEIGHBOURHOODS.items()
    }
    neighbourhoods["Kermt"].adjacent.add(neighbourhoods["Tuilt"])
    neighbourhoods["Tuilt"].adjacent.add(neighbourhoods["Stevoort"])
    hasselt = cities["hasselt"]
    departments = {
        name: Department.objects.create(municipality=hasselt, name=name) for name in ("Communicatie", "Openbare werken")
    }
    people: dict[str, Person] = {}
    for member in CAST:
        person = people[member.key] = _make_person(member, cities[member.city], now)
        if member.is_staff:
            department = departments["Communicatie"] if member.role == R.EDITOR else None
            Role.objects.create(person=person, role=member.role, department=department, granted_at=now)
        else:
            _settle(person, member, neighbourhoods[member.home], people, now)
    for neighbourhood in neighbourhoods.values():
        members = Membership.objects.filter(neighbourhood=neighbourhood, ended_at=None).count()
        Neighbourhood.objects.filter(pk=neighbourhood.pk).update(member_count=members)
        neighbourhood.member_count = members
    return Cast(people, cities, neighbourhoods, streets, departments)


def _make_city(slug: str, now: datetime) -> Municipality:
    name, postcode = CITIES[slug]
    return Municipality.objects.create(
        slug=slug,
        name=name,
        host=f"buurt.{slug}.example",
        postcode=postcode,
        languages=["nl", "fr", "en", "de"],
        help_phone="011 23 99 99",
        help_hours="werkdagen 9-17 u",
        help_place=f"Stadhuis van {name}",
        controller=f"Stad {name}",
        dpo_contact=f"gegevens@{slug}.example",
        created_at=now,
    )


def _make_neighbourhood(
    name: str, city: Municipality, column: int, named: dict[str, int], streets: dict[str, Street]
) -> Neighbourhood:
    west, south = 5.20 + column * 0.02, 50.93
    made = Neighbourhood.objects.create(
        municipality=city,
        code=f"W{column:02}",
        name=name,
        polygon=shapely.to_wkb(shapely.MultiPolygon([shapely.box(west, south, west + 0.02, south + 0.02)])),
        state=Neighbourhood.State.OPEN,
        address_count=sum(named.values()),
    )
    for row, (street_name, count) in enumerate(named.items()):
        street = streets.get(street_name) or Street.objects.create(municipality=city, name=street_name)
        streets[street_name] = street
        StreetPart.objects.create(street=street, neighbourhood=made, address_count=count)
        offset = 0 if street.addresses.count() == 0 else 100
        Address.objects.bulk_create(
            Address(
                municipality=city,
                street=street,
                neighbourhood=made,
                postcode=city.postcode,
                number=str(offset + number),
                longitude=west + 0.001 + number * 0.001,
                latitude=south + 0.002 + row * 0.004,
                placed_by=Address.PlacedBy.POINT,
            )
            for number in range(1, count + 1)
        )
    return made


def _make_person(member: Member, city: Municipality, now: datetime) -> Person:
    person = Person(
        municipality=city,
        kind=Person.Kind.STAFF if member.is_staff else Person.Kind.NEIGHBOUR,
        name=member.name,
        joined_at=now,
        password=make_password(OWN_KEY),
    )
    person.set_email(f"{member.key}@{city.slug}.example")
    person.email_confirmed_at = now
    person.save()
    return person


def _settle(
    person: Person, member: Member, neighbourhood: Neighbourhood, people: dict[str, Person], now: datetime
) -> None:
    """Gives a neighbour a house of their own, with the standing that their part in the cast has."""
    is_provisional = member.role == R.PROVISIONAL
    wanted = STREET_OF.get(member.key)
    free = Address.objects.filter(neighbourhood=neighbourhood, household=None).order_by("street__name", "id")
    address = (free.filter(street__name=wanted) if wanted else free).first()
    household = Household.objects.create(address=address, created_at=now) if address else None
    part = StreetPart.objects.get(street=address.street, neighbourhood=neighbourhood) if address else None
    Membership.objects.create(
        person=person,
        neighbourhood=neighbourhood,
        household=None if is_provisional else household,
        shown_street=part.street if part and part.may_be_shown and not is_provisional else None,
        standing=Membership.Standing.PROVISIONAL if is_provisional else Membership.Standing.FULL,
        proof=Membership.Proof.INVITATION if is_provisional else Membership.Proof.LETTER,
        invited_by=people["neighbour"] if is_provisional else None,
        started_at=now,
    )
    if member.role == R.AMBASSADOR:
        Role.objects.create(person=person, role=R.AMBASSADOR, granted_at=now)
    if member.role == R.SUSPENDED:
        Suspension.objects.create(person=person, reason="Test of the pause", started_at=now)
