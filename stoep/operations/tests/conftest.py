"""The demo city, built once for all the tests that look at it, and swept away after them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.core.management import call_command
from django.test import override_settings

from stoep.operations.tests.installation import Place, database_name

if TYPE_CHECKING:
    from pytest_django import DjangoDbBlocker

    from stoep.operations.demo_register import Register
    from stoep.people.models import Person
    from stoep.places.models import Neighbourhood

NOW = datetime.now(tz=UTC)  # noqa: TID251  codes must still be good when the pages are asked


@dataclass(frozen=True)
class DemoCityBuilt:
    """What the tests ask about; `register` is what the demo pages read."""

    now: datetime
    var: Path
    register: "Register"

    def person(self, key: str) -> "Person":
        from stoep.people.models import Person

        return Person.objects.get(pk=self.register.people[key])

    def place(self, name: str) -> "Neighbourhood":
        from stoep.places.models import Neighbourhood

        return Neighbourhood.objects.get(name=name)


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """What `stoep migrate` leaves, made once: whoever needs it begins with a copy of its database."""
    place = Place(tmp_path_factory.mktemp("migrated") / "var", database_name("migrated"))
    place.create_database()
    place.var.mkdir()
    place.done("migrate")
    yield place
    place.drop_database()


@pytest.fixture(scope="module")
def demo_city(
    django_db_setup: None, django_db_blocker: "DjangoDbBlocker", tmp_path_factory: pytest.TempPathFactory
) -> Iterator[DemoCityBuilt]:
    """Committed, as in real use: a city in one transaction would be another thing, and slower."""
    del django_db_setup
    from stoep.operations import demo_city as builder
    from stoep.operations import demo_register

    var = tmp_path_factory.mktemp("demo-city")
    with django_db_blocker.unblock():
        try:
            with override_settings(STOEP_VAR=var):
                builder.build(now=NOW)
                register = demo_register.read()
            yield DemoCityBuilt(NOW, var, register)
        finally:
            _sweep()


def _sweep() -> None:
    from stoep.delivery import queue

    call_command("flush", interactive=False, verbosity=0)
    queue.forget_waiting()
