"""What all tests share: the cast, signing in, and a folder of their own. `tests/environment.py` comes before it."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest

# The same examples on every run, and never a judgement by seconds: a red test tells of the change, not of luck or of a
# busy machine. HYPOTHESIS_PROFILE=explore looks further.
hypothesis.settings.register_profile("stoep", deadline=None, derandomize=True)
hypothesis.settings.register_profile("explore", deadline=None)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "stoep"))

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
    from stoep.places.queries import forget_municipalities  # models load only after Django is set up

    settings.STOEP_VAR = tmp_path
    forget_municipalities()
    yield
    forget_municipalities()
