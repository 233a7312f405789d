"""The cast reads English here, as the sources are written."""

import pytest

from stoep.operations.cast import Cast
from stoep.people.models import Person


@pytest.fixture
def cast(cast: Cast) -> Cast:
    Person.objects.update(language="en")
    for person in cast.people.values():
        person.language = "en"
    return cast
