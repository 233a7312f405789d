"""The real files of Hasselt, imported into the database: the figures that a city would check."""

from pathlib import Path

import pytest

from stoep.access.gate import INSTALLATION
from stoep.operations.cast import JOINED_AT
from stoep.places.models import Address, Municipality, Neighbourhood
from stoep.rollout.imports import apply_import, show_import
from stoep.rollout.models import ImportRun

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "hasselt"
BORDERS = DATA / "hasselt-wijken-2024.geojson"

pytestmark = [pytest.mark.real_data, pytest.mark.django_db]


@pytest.fixture
def hasselt() -> Municipality:
    assert DATA.is_dir(), f"These tests read the real files of a city: put them at {DATA}"
    city = Municipality.objects.create(slug="hasselt", name="Hasselt", host="hasselt.example", created_at=JOINED_AT)
    _import(city, ImportRun.Kind.BORDERS, BORDERS)
    return city


def _show(city: Municipality, kind: ImportRun.Kind, path: Path) -> ImportRun:
    return show_import(person=INSTALLATION, municipality=city, kind=kind, path=path, file_name=path.name, now=JOINED_AT)


def _import(city: Municipality, kind: ImportRun.Kind, path: Path) -> ImportRun:
    return apply_import(person=INSTALLATION, run=_show(city, kind, path), now=JOINED_AT)


def _placed(city: Municipality) -> int:
    return Address.objects.filter(municipality=city, retired_at=None, neighbourhood__isnull=False).count()


def test_two_years_of_addresses_and_new_borders_give_the_real_figures(hasselt: Municipality) -> None:
    assert Neighbourhood.objects.filter(municipality=hasselt).count() == 22

    first = _import(hasselt, ImportRun.Kind.ADDRESSES, DATA / "hasselt-adressen-crab-2013.csv")
    assert (first.summary["placed"], first.summary["refused"]) == (26_636, 5)
    assert _placed(hasselt) == 26_636
    again = _show(hasselt, ImportRun.Kind.ADDRESSES, DATA / "hasselt-adressen-crab-2013.csv")
    assert (again.summary["added"], again.summary["changed"], again.summary["gone"]) == (0, 0, 0)

    redrawn = _show(hasselt, ImportRun.Kind.BORDERS, DATA / "hasselt-wijken-2025.geojson")
    assert redrawn.summary["neighbourhoods"] == 27
    assert (redrawn.summary["moving"], redrawn.summary["outside"]) == (338, 1)

    second = _import(hasselt, ImportRun.Kind.ADDRESSES, DATA / "hasselt-adressen-crab-2014.csv")
    assert (second.summary["added"], second.summary["gone"]) == (2_386, 3)
    assert (second.summary["placed"], second.summary["waiting"]) == (27_060, 1_964)
    assert _placed(hasselt) == 27_060
    assert Address.objects.filter(municipality=hasselt, retired_at__isnull=False).count() == 3
