"""What stands before every page: nothing in the clear, nothing too large."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django.fixtures import Settings

from stoep.operations.cast import Cast
from stoep.people.models import Person

HOST = {"host": "buurt.hasselt.example"}
SignIn = Callable[[Client, Person], Client]
MUCH = 2_100_000


@pytest.fixture
def _in_production(settings: Settings) -> None:
    settings.SECURE_SSL_REDIRECT = True


@pytest.mark.usefixtures("_in_production")
def test_nothing_is_said_in_the_clear(cast: Cast) -> None:
    del cast
    answer = Client(headers=HOST).get("/sign-in/?next=/posts/new/")
    assert answer.status_code == 301
    assert answer.headers["Location"] == "https://buurt.hasselt.example/sign-in/?next=/posts/new/"
    assert Client(headers=HOST).post("/sign-in/", {"email": "a@b.be"}).status_code == 301
    assert Client(headers=HOST).get("/sign-in/", secure=True).status_code == 200


@pytest.mark.usefixtures("_in_production")
@pytest.mark.django_db
def test_machines_beside_us_may_ask_for_health() -> None:
    assert Client().get("/health/").status_code == 200


def test_a_visitor_can_fill_no_disk(cast: Cast) -> None:
    del cast
    large = SimpleUploadedFile("large.bin", b"x" * MUCH)
    answer = Client(headers=HOST).post("/sign-in/", {"email": "a@b.be", "file": large})
    assert answer.status_code == 413
    assert Client(headers=HOST).post("/sign-in/", {"email": "a@b.be"}).status_code == 302


def test_what_does_not_say_how_long_it_is_is_not_read(cast: Cast) -> None:
    del cast
    answer = Client(headers=HOST).post(
        "/sign-in/", b"", content_type="text/plain", CONTENT_LENGTH="", HTTP_TRANSFER_ENCODING="chunked"
    )
    assert answer.status_code == 411


def test_only_staff_sends_large_files_and_only_to_the_imports(cast: Cast, sign_in: SignIn) -> None:
    def sent(client: Client, path: str) -> int:
        large = SimpleUploadedFile("large.csv", b"x" * MUCH)
        return client.post(path, {"kind": "addresses", "file": large, "request_key": str(uuid4())}).status_code

    rollout, neighbour = sign_in(Client(), cast["rollout"]), sign_in(Client(), cast["neighbour"])
    assert sent(rollout, "/city/imports/") in {302, 422}
    assert sent(rollout, "/city/letters/") == 413
    assert sent(neighbour, "/city/imports/") == 413
    assert sent(Client(headers=HOST), "/city/imports/") == 413
