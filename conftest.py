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
    from pytest_django import DjangoDbBlocker
    from pytest_django.fixtures import Settings

    from stoep.operations.cast import Cast
    from stoep.people.models import Person
    from tests.casting import Casting


@pytest.fixture(scope="session", autouse=True)
def _files_of_their_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Photos and imports of the tests lie where pytest cleans up."""
    from django.test import override_settings

    with override_settings(STOEP_VAR=tmp_path_factory.mktemp("var")):
        yield


@pytest.fixture(scope="session", autouse=True)
def _statements_stay_prepared() -> None:
    from tests import statements  # signals load only after Django is set up

    statements.last()


@pytest.fixture(scope="session")
def _casting() -> "Casting":
    from tests.casting import Casting  # models load only after Django is set up

    return Casting()


@pytest.fixture
def cast(db: None, _casting: "Casting") -> "Cast":
    """The cast in a small city: see `stoep/operations/cast.py`."""
    del db
    return _casting.cast()


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
    from stoep.access.limits import forget_used_up  # models load only after Django is set up
    from stoep.places.queries import forget_municipalities

    settings.STOEP_VAR = tmp_path
    forget_municipalities()
    forget_used_up()
    yield
    forget_municipalities()


@pytest.fixture(autouse=True)
def _no_work_left_over(request: pytest.FixtureRequest, django_db_blocker: "DjangoDbBlocker") -> Iterator[None]:
    """A test that commits leaves no jobs to the next: the tables of the queue are not Django's to empty."""
    yield
    marker = request.node.get_closest_marker("django_db")
    if marker is not None and marker.kwargs.get("transaction"):
        from stoep.delivery import queue  # models load only after Django is set up

        with django_db_blocker.unblock():
            queue.forget_waiting()
