"""A post office that listens, the settings that lead to it, and mails that wait."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from stoep.common import clock
from stoep.delivery.tests.post_office import HOST, PostOffice, free_port, opened

if TYPE_CHECKING:
    from pytest_django.fixtures import Settings

    from stoep.delivery.models import Mail
    from stoep.operations.cast import Cast

MakeMails = Callable[..., "list[Mail]"]


@pytest.fixture
def smtp_settings(settings: "Settings") -> Callable[..., None]:
    """`smtp_settings(port=…)`: where mails go from now on."""

    def point(**changes: Any) -> None:
        settings.SMTP = {
            "host": HOST,
            "port": free_port(),
            "user": "",
            "password": "",
            "security": "none",
            "timeout": 5,
            **changes,
        }

    return point


@pytest.fixture
def office(smtp_settings: Callable[..., None]) -> Iterator[PostOffice]:
    with opened() as one:
        smtp_settings(port=one.port)
        yield one


@pytest.fixture
def english(cast: "Cast") -> None:
    """Everybody reads English, so that a test can quote the sources."""
    from stoep.people.models import Person

    Person.objects.update(language="en")
    for person in cast.values():
        person.language = "en"


@pytest.fixture
def waiting_mails(cast: "Cast") -> MakeMails:
    """`waiting_mails(3)`: to 1@…, 2@…, 3@…, made one second after the other."""
    from stoep.delivery.letterbox import Envelope, keep_mail
    from stoep.delivery.models import Mail

    def make(count: int = 1, *, start: datetime | None = None, **facts: Any) -> "list[Mail]":
        first = start or clock.now() - timedelta(minutes=1)
        city = cast.cities["hasselt"]
        ids = [
            keep_mail(
                Envelope(city, f"{number}@reader.example", "nl", **facts),
                template="joining/mail/staff_code",
                context={"code": "123 456"},
                now=first + timedelta(seconds=number),
            )
            for number in range(1, count + 1)
        ]
        return list(Mail.objects.filter(pk__in=filter(None, ids)).order_by("made_at"))

    return make


@pytest.fixture
def no_jobs(db: None) -> None:
    """The queue is empty: its tables are not Django's to empty after a test that commits."""
    from django.db import connection

    del db
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers, procrastinate_periodic_defers CASCADE")
