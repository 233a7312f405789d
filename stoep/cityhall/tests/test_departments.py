"""The city's administrator opens and closes departments; nobody else does."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from stoep.operations.cast import JOINED_AT, Cast
from stoep.people.models import Department, Person

SignIn = Callable[[Client, Person], Client]

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(cast: Cast, sign_in: SignIn, client: Client) -> Client:
    Person.objects.update(language="en")
    return sign_in(client, cast["city-admin"])


def names(cast: Cast, city: str = "hasselt") -> set[str]:
    return set(Department.objects.filter(municipality=cast.cities[city]).values_list("name", flat=True))


def test_a_department_is_added_and_can_speak(cast: Cast, admin: Client) -> None:
    answer = admin.post(reverse("departments"), {"name": "  Groen\u200b  en  water "})

    assert (answer.status_code, answer["Location"]) == (302, reverse("departments"))
    assert names(cast) == {"Communicatie", "Openbare werken", "Groen en water"}
    assert "Groen en water" in admin.get(reverse("new_announcement")).content.decode()


@pytest.mark.parametrize("again", ["Communicatie", "communicatie", " Communicatie "])
def test_the_same_name_twice_is_one_department(cast: Cast, admin: Client, again: str) -> None:
    admin.post(reverse("departments"), {"name": again})
    assert names(cast) == {"Communicatie", "Openbare werken"}


@pytest.mark.parametrize("name", ["", "   ", "\u200b", "x" * 101, "a\x00b"])
def test_a_name_that_is_none_is_refused(cast: Cast, admin: Client, name: str) -> None:
    answer = admin.post(reverse("departments"), {"name": name})
    assert answer.status_code == 422
    assert "Something is not right yet" in answer.content.decode()
    assert names(cast) == {"Communicatie", "Openbare werken"}


def test_a_closed_department_sends_nothing_and_opens_again(cast: Cast, admin: Client) -> None:
    works = cast.departments["Openbare werken"]
    for _twice in range(2):
        assert admin.post(reverse("department_closure", args=[works.pk])).status_code == 302
    assert "Openbare werken" not in admin.get(reverse("new_announcement")).content.decode()
    page = admin.get(reverse("departments")).content.decode()
    assert "What it sent keeps its name" in page
    assert "Open again" in page

    admin.post(reverse("departments"), {"name": "Openbare werken"})
    assert "Openbare werken" in admin.get(reverse("new_announcement")).content.decode()


def test_closing_twice_keeps_the_first_moment(cast: Cast, admin: Client) -> None:
    works = cast.departments["Openbare werken"]
    Department.objects.filter(pk=works.pk).update(closed_at=JOINED_AT)
    admin.post(reverse("department_closure", args=[works.pk]))
    works.refresh_from_db()
    assert works.closed_at == JOINED_AT


def test_another_citys_department_does_not_exist(cast: Cast, admin: Client) -> None:
    theirs = Department.objects.create(municipality=cast.cities["diepenbeek"], name="Burgerzaken")
    assert admin.post(reverse("department_closure", args=[theirs.pk])).status_code == 404
    assert "Burgerzaken" not in admin.get(reverse("departments")).content.decode()
    theirs.refresh_from_db()
    assert theirs.closed_at is None


@pytest.mark.parametrize(
    ("key", "expected"),
    [("neighbour", 404), ("other-city", 404), ("editor", 403), ("rollout", 403), ("operator", 403), ("dpo", 403)],
)
def test_who_is_not_the_administrator_is_refused(
    cast: Cast, sign_in: SignIn, client: Client, key: str, expected: int
) -> None:
    sign_in(client, cast[key])
    works = cast.departments["Openbare werken"]
    assert client.get(reverse("departments")).status_code == expected
    assert client.post(reverse("departments"), {"name": "Van mij"}).status_code == expected
    assert client.post(reverse("department_closure", args=[works.pk])).status_code == expected
    works.refresh_from_db()
    assert works.closed_at is None
    assert "Van mij" not in names(cast)


def test_a_visitor_is_sent_to_sign_in(cast: Cast, client: Client) -> None:
    works = cast.departments["Openbare werken"]
    for answer in (
        client.get(reverse("departments")),
        client.post(reverse("departments"), {"name": "Van mij"}),
        client.post(reverse("department_closure", args=[works.pk])),
    ):
        assert answer.status_code == 302
        assert answer["Location"].startswith(reverse("sign_in"))
    assert "Van mij" not in names(cast)
