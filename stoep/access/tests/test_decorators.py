"""The doors: whom each lets in, what it says to the others, and that a visitor learns nothing."""

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.test import RequestFactory

from stoep.access.decorators import (
    neighbours_only,
    public,
    readers_only,
    signed_in_only,
    signed_in_person,
    staff_only,
    to_sign_in,
)
from stoep.common import clock
from stoep.operations.cast import Cast
from stoep.people.models import Membership, Person
from stoep.people.models import RoleName as R

LIVING = {"neighbour", "second-neighbour", "next-neighbourhood", "ambassador", "newcomer", "other-city"}
STAFF = {"editor", "approver", "analyst", "rollout", "city-admin", "moderator", "desk", "dpo", "operator"}


def inside(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("inside")


def knock(door: Any, person: Person | None) -> str:
    """What the door says: `inside`, the page it sends to, or the refusal."""
    request = RequestFactory().get("/somewhere/?x=1")
    request.user = person or AnonymousUser()
    try:
        response = door(request)
    except Http404:
        return "not there"
    except PermissionDenied:
        return "refused"
    return str(response.headers.get("Location", response.content.decode()))


@pytest.mark.parametrize(
    ("door", "inside_are", "suspended", "others"),
    [
        (public(inside), LIVING | STAFF, "inside", ""),
        (signed_in_only(inside), LIVING | STAFF, "inside", ""),
        (readers_only(inside), LIVING | STAFF, "/paused/", ""),
        (neighbours_only(inside), LIVING, "/paused/", "not there"),
    ],
)
def test_each_lets_in_whom_it_should(door: Any, inside_are: set[str], suspended: str, others: str, cast: Cast) -> None:
    said = {key: knock(door, person) for key, person in cast.items()}
    assert said.pop("suspended") == suspended
    assert {key for key, word in said.items() if word == "inside"} == inside_are
    assert {word for word in said.values() if word != "inside"} <= {others}


def test_staff_pass_by_their_role_and_neighbours_find_nothing(cast: Cast) -> None:
    by_role, any_role = staff_only(R.EDITOR, R.CITY_ADMIN)(inside), staff_only()(inside)
    for key, person in cast.items():
        if key not in STAFF:
            assert knock(by_role, person) == knock(any_role, person) == "not there", key
            continue
        assert knock(any_role, person) == "inside", key
        assert knock(by_role, person) == ("inside" if key in {"editor", "city-admin"} else "refused"), key


def test_a_visitor_is_sent_to_sign_in_and_comes_back_to_the_page(cast: Cast) -> None:
    del cast
    for door in (signed_in_only(inside), readers_only(inside), neighbours_only(inside), staff_only()(inside)):
        assert knock(door, None) == "/sign-in/?next=%2Fsomewhere%2F%3Fx%3D1"
    assert knock(public(inside), None) == "inside"


def test_a_form_and_the_start_page_are_not_come_back_to() -> None:
    factory = RequestFactory()
    assert to_sign_in(factory.post("/somewhere/")).headers["Location"] == "/sign-in/"
    assert to_sign_in(factory.get("/")).headers["Location"] == "/sign-in/"


def test_who_left_is_a_visitor(cast: Cast) -> None:
    cast["neighbour"].left_at = clock.now()
    request = RequestFactory().get("/")
    request.user = cast["neighbour"]
    assert signed_in_person(request) is None


def test_who_lives_nowhere_is_told_how_to_come_in(cast: Cast) -> None:
    Membership.objects.filter(person=cast["neighbour"]).update(ended_at=clock.now())
    person = Person.objects.get(pk=cast["neighbour"].pk)
    assert knock(neighbours_only(inside), person) == "/me/home/"


def test_each_door_says_on_itself_whom_it_lets_in() -> None:
    marks = [door.door for door in (public(inside), signed_in_only(inside), readers_only(inside))]  # type: ignore[attr-defined]
    assert marks == ["public", "signed in", "readers"]
    assert staff_only(R.DPO, R.EDITOR)(inside).door == "staff: dpo, editor"  # type: ignore[attr-defined]  # the mark
