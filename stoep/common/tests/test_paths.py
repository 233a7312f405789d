"""An address with a sign that no database takes is no address: for a visitor as any other that is not there."""

import pytest
from django.test import Client


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/q/%00/", "/e-mail/change%00/", "/sign-in/link/%0a/", "/notice/x%00/", "/i/%7f/"])
def test_an_address_with_a_control_sign_is_none(path: str) -> None:
    for answer in (Client().get(path), Client().post(path)):
        assert (answer.status_code, answer.headers["Location"].split("?")[0]) == (302, "/sign-in/")


@pytest.mark.django_db
def test_one_without_still_is() -> None:
    assert Client().get("/sign-in/link/x/").status_code == 410
