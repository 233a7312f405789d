"""The city's rollout manager, at the desk."""

from collections.abc import Callable

import pytest
from django.test import Client

from stoep.operations.cast import Cast
from stoep.people.models import Person


@pytest.fixture
def manager(cast: Cast, sign_in: Callable[[Client, Person], Client], client: Client) -> Client:
    """A browser in which the rollout manager is signed in and reads English, the language of the source."""
    Person.objects.update(language="en")
    return sign_in(client, cast["rollout"])
