"""The demo's cities, made as real ones are: added, staffed, files imported, neighbourhoods opened, letters printed."""

import csv
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from stoep.access.gate import INSTALLATION, Actor
from stoep.cityhall.actions import add_department, appoint_staff
from stoep.joining import codes
from stoep.joining.models import LetterCode
from stoep.operations.cast import CAST, Member
from stoep.operations.demo.facts import DemoMunicipality
from stoep.operations.demo.people import DemoPerson, people
from stoep.operations.demo.places import addresses_csv, borders_geojson
from stoep.operations.demo.texts import announcement_texts
from stoep.operations.installing import add_municipality
from stoep.people.models import Department, Person, RoleName
from stoep.places.models import Municipality, Neighbourhood, Street
from stoep.rollout import letter_files
from stoep.rollout.actions import open_neighbourhood
from stoep.rollout.imports import apply_import, show_import
from stoep.rollout.letter_runs import finish, make_batch, order_letters, receive_letters
from stoep.rollout.models import ImportRun, LetterRun

# How long before the demo's now each step was taken.
ADDED, STAFFED, IMPORTED, OPENED, POSTED = (timedelta(days=days) for days in (70, 69, 63, 53, 52))
PRINTED = timedelta(hours=3)
POSTCODES = {"hasselt": "3500", "diepenbeek": "3590"}
PHONES = {"hasselt": "011 23 99 99", "diepenbeek": "011 35 99 99"}
HOME_OF_EDITOR = "Communicatie"


@dataclass
class DemoCity:
    """A city of the demo while it is being made. `staff` by key of the cast, `codes` by address."""

    facts: DemoMunicipality
    municipality: Municipality
    places: dict[str, Neighbourhood] = field(default_factory=dict)
    staff: dict[str, Person] = field(default_factory=dict)
    departments: dict[str, Department] = field(default_factory=dict)
    editors: dict[str, Person] = field(default_factory=dict)
    codes: dict[UUID, str] = field(default_factory=dict)

    @property
    def rollout_manager(self) -> Actor:
        """Who imports and orders letters: in a city without staff in the cast, the operator."""
        return self.staff.get("rollout", INSTALLATION)


def found_city(facts: DemoMunicipality, *, now: datetime) -> DemoCity:
    """From nothing to letters in every letterbox of the neighbourhoods that admit people."""
    city = DemoCity(facts, _added(facts, now=now - ADDED))
    if not facts.invented:
        _appoint(city, now=now - STAFFED)
    _import_places(city, now=now - IMPORTED)
    admitting = _open(city, now=now - OPENED)
    for state in dict.fromkeys(place.state for place in admitting):
        run = print_letters(city, neighbourhoods=[place for place in admitting if place.state == state], now=now)
        city.codes |= codes_of(run)
        receive_letters(person=city.rollout_manager, run=run, now=now - POSTED + PRINTED)
    return city


def email_of(member: Member) -> str:
    """The address of one of the cast, on a domain that can never exist."""
    return demo_person(member).email


def demo_person(member: Member) -> DemoPerson:
    return DemoPerson(*member.name.split(" ", 1))


def print_letters(
    city: DemoCity,
    *,
    neighbourhoods: Collection[Neighbourhood] = (),
    streets: Collection[Street] = (),
    now: datetime,
    before: timedelta = POSTED,
) -> LetterRun:
    """A letter run, made here and now as the worker makes it; it waits to be fetched."""
    run = order_letters(
        person=city.rollout_manager,
        municipality=city.municipality,
        neighbourhoods=neighbourhoods,
        streets=streets,
        now=now - before,
    )
    for batch in run.batches.order_by("number"):
        make_batch(batch, now=now - before)
    finish(run, now=now - before)
    run.refresh_from_db()
    return run


def codes_of(run: LetterRun) -> dict[UUID, str]:
    """Read the codes back from the sealed lists, the only place where they stand: address → code."""
    addresses = dict(LetterCode.objects.filter(run_id=run.pk).values_list("code_hash", "address_id"))
    found = {}
    for number in run.batches.order_by("number").values_list("number", flat=True):
        listed = letter_files.fetch(run.pk, number, "letters.csv").decode("utf-8-sig").splitlines()
        for row in csv.DictReader(listed, delimiter=";"):
            code = codes.normalise(row["code"])
            assert code is not None  # noqa: S101  our own list
            found[addresses[codes.code_hash(code)]] = code
    return {address: code for address, code in found.items() if address is not None}


def _added(facts: DemoMunicipality, *, now: datetime) -> Municipality:
    return add_municipality(
        name=facts.name,
        slug=facts.slug,
        host=f"buurt.{facts.slug}.example",
        postcode=POSTCODES[facts.slug],
        help_phone=PHONES[facts.slug],
        help_hours="werkdagen van 9 tot 17 uur",
        help_place=f"Stadhuis van {facts.name}" if not facts.invented else f"Gemeentehuis van {facts.name}",
        controller=f"{'Gemeente' if facts.invented else 'Stad'} {facts.name}",
        dpo_contact=f"gegevens@{facts.slug}.example",
        now=now,
    )


def _appoint(city: DemoCity, *, now: datetime) -> None:
    """Departments as the announcements name them; the cast's staff; an editor for every other department."""
    for name in sorted({HOME_OF_EDITOR, *(text.department for text in announcement_texts())}):
        city.departments[name] = add_department(person=INSTALLATION, municipality=city.municipality, name=name, now=now)
    for member in (one for one in CAST if one.is_staff):
        home = HOME_OF_EDITOR if member.role == RoleName.EDITOR else ""
        city.staff[member.key] = _appointed(city, demo_person(member), RoleName(member.role), home, now=now)
    city.editors[HOME_OF_EDITOR] = city.staff["editor"]
    others = [name for name in city.departments if name != HOME_OF_EDITOR]
    for name, person in zip(others, people(len(others), seed="editors", taken=_cast_names()), strict=True):
        city.editors[name] = _appointed(city, person, RoleName.EDITOR, name, now=now)


def _appointed(city: DemoCity, person: DemoPerson, role: RoleName, department: str, *, now: datetime) -> Person:
    return appoint_staff(
        person=INSTALLATION,
        municipality=city.municipality,
        name=person.name,
        email=person.email,
        role=role,
        department=city.departments.get(department),
        now=now,
    )


def _cast_names() -> frozenset[str]:
    return frozenset(member.name for member in CAST)


def _import_places(city: DemoCity, *, now: datetime) -> None:
    slug = city.facts.slug
    _import(city, ImportRun.Kind.BORDERS, f"{slug}-wijken.geojson", borders_geojson(city.facts), now=now)
    _import(city, ImportRun.Kind.ADDRESSES, f"{slug}-adressen.csv", addresses_csv(city.facts), now=now)
    living = Neighbourhood.objects.filter(municipality=city.municipality, retired_at=None)
    city.places = {place.name: place for place in living}


def _import(city: DemoCity, kind: ImportRun.Kind, name: str, content: bytes, *, now: datetime) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        run = show_import(
            person=city.rollout_manager,
            municipality=city.municipality,
            kind=kind,
            path=path,
            file_name=name,
            now=now,
        )
    apply_import(person=city.rollout_manager, run=run, now=now + timedelta(minutes=10))


def _open(city: DemoCity, *, now: datetime) -> list[Neighbourhood]:
    """Give each neighbourhood the state that the facts tell; answers those that admit people."""
    for facts in city.facts.neighbourhoods:
        place = city.places[facts.name]
        if facts.state != place.state:
            state = Neighbourhood.State(facts.state)
            open_neighbourhood(person=city.rollout_manager, neighbourhood=place, state=state, now=now)
            place.state = state
    return _admitting(city.places.values())


def _admitting(places: Iterable[Neighbourhood]) -> list[Neighbourhood]:
    return sorted((place for place in places if place.admits), key=lambda place: place.name)
