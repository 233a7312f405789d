"""What all tests share: the settings of a rehearsal, a PostgreSQL of our own, and the cast."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

# Before Django reads its settings.
os.environ["STOEP_TEST"] = "1"
for _name in ("STOEP_DEMO", "STOEP_LIVE_PORT", "STOEP_PORT"):
    os.environ.pop(_name, None)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from stoep.operations import postgres  # noqa: E402  the line above comes first
from stoep.operations.preparing import folder_for_data  # noqa: E402  as above

os.environ.setdefault("DATABASE_URL", postgres.ensure_running(folder_for_data(), purpose="test"))

import pytest  # noqa: E402  as above

if TYPE_CHECKING:
    from django.test import Client
    from pytest_django.fixtures import Settings

    from stoep.operations.cast import Cast
    from stoep.people.models import Person


@pytest.fixture
def cast(db: None) -> "Cast":
    """The cast in a small city: see `stoep/operations/cast.py`."""
    from stoep.operations.cast import make_cast  # models load only after Django is set up

    del db
    return make_cast()


@pytest.fixture
def sign_in() -> Callable[["Client", "Person"], "Client"]:
    """Signs a person in the way a finished sign-in leaves a session: `sign_in(client, cast["neighbour"])`."""

    def signed_in(client: "Client", person: "Person") -> "Client":
        client.force_login(person, backend="stoep.people.backend.PersonBackend")
        return client

    return signed_in


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, settings: "Settings") -> Iterator[None]:
    """Files that a test writes lie in its own folder, and nothing remembers another test's city."""
    from stoep.places.queries import forget_municipalities  # as above

    settings.STOEP_VAR = tmp_path
    forget_municipalities()
    yield
    forget_municipalities()
