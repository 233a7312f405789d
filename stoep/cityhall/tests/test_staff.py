"""The city's administrator gives tasks and ends them; what a city may not give, it does not give."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from stoep.access.models import AccessLog
from stoep.operations.cast import Cast
from stoep.people.models import Department, Person, Role
from stoep.people.models import RoleName as R

SignIn = Callable[[Client, Person], Client]
AN = {"name": "An Willems", "email": "an.willems@hasselt.example", "role": "editor", "department": ""}

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(cast: Cast, sign_in: SignIn, client: Client) -> Client:
    Person.objects.update(language="en")
    return sign_in(client, cast["city-admin"])


def an(cast: Cast) -> Person:
    return Person.objects.get(municipality=cast.cities["hasselt"], name="An Willems")


def tasks(person: Person) -> set[str]:
    return set(Role.objects.filter(person=person, ended_at=None).values_list("role", flat=True))


def test_somebody_new_gets_a_task_and_can_do_it(cast: Cast, admin: Client, sign_in: SignIn) -> None:
    answer = admin.post(reverse("staff"), AN)

    assert (answer.status_code, answer["Location"]) == (302, reverse("staff"))
    assert (an(cast).kind, an(cast).email, tasks(an(cast))) == (Person.Kind.STAFF, AN["email"], {"editor"})
    assert "An Willems" in admin.get(reverse("staff")).content.decode()
    assert sign_in(Client(), an(cast)).get(reverse("new_announcement")).status_code == 200
    assert AccessLog.objects.filter(person=cast["city-admin"], action="cityhall:staff:appoint").exists()


def test_a_double_click_makes_one_account_and_one_task(cast: Cast, admin: Client) -> None:
    for _twice in range(2):
        assert admin.post(reverse("staff"), AN).status_code == 302
    assert Role.objects.filter(person=an(cast)).count() == 1


def test_a_second_task_is_the_same_account(cast: Cast, admin: Client) -> None:
    admin.post(reverse("staff"), AN)
    admin.post(reverse("staff"), AN | {"role": "analyst", "email": "AN.Willems@hasselt.example"})
    assert tasks(an(cast)) == {"editor", "analyst"}


def test_a_task_may_be_bound_to_a_department(cast: Cast, admin: Client) -> None:
    works = cast.departments["Openbare werken"]
    admin.post(reverse("staff"), AN | {"department": str(works.pk)})
    assert Role.objects.get(person=an(cast)).department == works


def test_a_neighbours_address_becomes_a_second_account_and_never_the_same(cast: Cast, admin: Client) -> None:
    email = cast["neighbour"].email
    admin.post(reverse("staff"), AN | {"email": email})
    assert (an(cast).kind, an(cast).email) == (Person.Kind.STAFF, email)
    assert an(cast).pk != cast["neighbour"].pk
    assert tasks(cast["neighbour"]) == set()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"role": "moderator"}, "Select a valid choice"),
        ({"role": "operator"}, "Select a valid choice"),
        ({"role": "neighbour"}, "Select a valid choice"),
        ({"role": ""}, "This field is required"),
        ({"name": "An"}, "Give a first and a last name"),
        ({"name": "\u200b"}, "Give a first and a last name"),
        ({"name": "x" * 81}, "at most 80"),
        ({"email": "nowhere"}, "valid email"),
        ({"email": ""}, "This field is required"),
        ({"email": "a\x00b@x.be"}, "valid email"),
        ({"department": "x"}, "not a valid"),
    ],
)
def test_bad_input_is_explained_and_kept(cast: Cast, admin: Client, changes: dict[str, Any], said: str) -> None:
    before = Person.objects.count()
    answer = admin.post(reverse("staff"), AN | changes)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert AN["email"] in page or "email" in changes
    assert (Person.objects.count(), Role.objects.filter(granted_by=cast["city-admin"]).count()) == (before, 0)


def test_another_citys_department_binds_nobody(cast: Cast, admin: Client) -> None:
    theirs = Department.objects.create(municipality=cast.cities["diepenbeek"], name="Burgerzaken")
    assert admin.post(reverse("staff"), AN | {"department": str(theirs.pk)}).status_code == 422


def test_a_task_ends_and_works_no_longer_on_the_next_request(cast: Cast, admin: Client, sign_in: SignIn) -> None:
    role = Role.objects.get(person=cast["editor"])
    theirs = sign_in(Client(), cast["editor"])
    assert theirs.get(reverse("announcements")).status_code == 200

    assert admin.post(reverse("role_end", args=[role.pk])).status_code == 302

    assert theirs.get(reverse("announcements")).status_code == 403
    assert "Els Jacobs" not in admin.get(reverse("staff")).content.decode()
    assert admin.post(reverse("role_end", args=[role.pk])).status_code == 404


def test_nobody_ends_their_own_task_as_administrator(cast: Cast, admin: Client) -> None:
    role = Role.objects.get(person=cast["city-admin"])
    answer = admin.post(reverse("role_end", args=[role.pk]))
    assert answer.status_code == 422
    assert "Ask a colleague" in answer.content.decode()
    assert tasks(cast["city-admin"]) == {R.CITY_ADMIN}


def test_who_works_for_the_operator_is_not_the_citys_to_see_or_to_end(cast: Cast, admin: Client) -> None:
    page = admin.get(reverse("staff")).content.decode()
    for key in ("moderator", "operator"):
        assert cast[key].name not in page
        assert admin.post(reverse("role_end", args=[Role.objects.get(person=cast[key]).pk])).status_code == 404
        assert tasks(cast[key])


def test_another_citys_staff_is_not_to_be_seen(cast: Cast, admin: Client) -> None:
    admin.post(reverse("staff"), AN)
    Person.objects.filter(name="An Willems").update(municipality=cast.cities["diepenbeek"])
    role = Role.objects.get(person__name="An Willems")
    assert "An Willems" not in admin.get(reverse("staff")).content.decode()
    assert admin.post(reverse("role_end", args=[role.pk])).status_code == 404


@pytest.mark.parametrize(
    ("key", "expected"),
    [("neighbour", 404), ("other-city", 404), ("editor", 403), ("rollout", 403), ("operator", 403), ("dpo", 403)],
)
def test_who_is_not_the_administrator_is_refused(
    cast: Cast, sign_in: SignIn, client: Client, key: str, expected: int
) -> None:
    sign_in(client, cast[key])
    role = Role.objects.get(person=cast["approver"])
    assert client.get(reverse("staff")).status_code == expected
    assert client.post(reverse("staff"), AN).status_code == expected
    assert client.post(reverse("role_end", args=[role.pk])).status_code == expected
    assert tasks(cast["approver"]) == {R.APPROVER}
    assert not Person.objects.filter(name="An Willems").exists()


def test_a_visitor_is_sent_to_sign_in(cast: Cast, client: Client) -> None:
    role = Role.objects.get(person=cast["approver"])
    for answer in (
        client.get(reverse("staff")),
        client.post(reverse("staff"), AN),
        client.post(reverse("role_end", args=[role.pk])),
    ):
        assert answer.status_code == 302
        assert answer["Location"].startswith(reverse("sign_in"))


@pytest.mark.parametrize(
    ("key", "page"),
    [
        ("editor", "announcements"),
        ("approver", "announcements"),
        ("city-admin", "announcements"),
        ("rollout", "rollout"),
        ("analyst", "rollout"),
        ("dpo", "rollout"),
        ("moderator", "moderation"),
    ],
)
def test_everybody_begins_the_day_where_their_task_is(
    cast: Cast, sign_in: SignIn, client: Client, key: str, page: str
) -> None:
    answer = sign_in(client, cast[key]).get(reverse("city"))
    assert (answer.status_code, answer["Location"]) == (302, reverse(page))
