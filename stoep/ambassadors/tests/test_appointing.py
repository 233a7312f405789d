"""A neighbour becomes an ambassador by a link that the city hands over: once, knowing who will know, and for a time."""

import re
from datetime import timedelta
from typing import Any

import pytest

from stoep.access.models import AccessLog
from stoep.ambassadors.models import AppointmentLink
from stoep.common import clock
from stoep.feed.tests.visits import Visit, page
from stoep.operations.cast import Cast
from stoep.people.models import Role


@pytest.fixture
def admin(cast: Cast) -> Visit:
    return Visit(cast["city-admin"])


def _link(admin: Visit, cast: Cast, place: str = "Kermt") -> str:
    html = page(admin.send("city_ambassadors", neighbourhood=str(cast.neighbourhoods[place].pk)))
    found = re.search(r"/ambassador/accept/([\w-]+)/", html)
    assert found
    return found[1]


def _is_ambassador(who: Visit) -> bool:
    return bool(who.get("ambassador").status_code == 200)


def test_accepted_it_is_a_task_and_only_then_the_city_sees_the_name(admin: Visit, cast: Cast) -> None:
    marie, token = Visit(cast["neighbour"]), _link(admin, cast)
    assert "Peeters" not in page(admin.get("city_ambassadors"))
    asked = page(marie.get("ambassador_acceptance", token))
    assert "The city then sees your name" in asked
    assert not _is_ambassador(marie)
    assert marie.send("ambassador_acceptance", token).status_code == 302
    assert _is_ambassador(marie)
    assert "Marie Peeters" in page(admin.get("city_ambassadors"))
    assert 'href="/ambassador/"' in marie.feed()
    assert 'href="/ambassador/"' not in Visit(cast["second-neighbour"]).feed()


def test_of_other_members_the_city_sees_nothing(admin: Visit, cast: Cast) -> None:
    html = page(admin.get("city_ambassadors"))
    assert "Jos Vandersmissen" in html
    for key in ("neighbour", "second-neighbour", "newcomer", "suspended"):
        assert cast[key].name not in html


@pytest.mark.parametrize("key", ["next-neighbourhood", "newcomer", "other-city"])
def test_a_link_works_only_for_who_lives_there_with_a_letter(key: str, admin: Visit, cast: Cast) -> None:
    who, token = Visit(cast[key]), _link(admin, cast)
    assert who.get("ambassador_acceptance", token).status_code == 410
    assert who.send("ambassador_acceptance", token).status_code == 410
    assert not _is_ambassador(who)
    assert AppointmentLink.objects.get().accepted_by is None


def test_a_link_works_once_and_not_when_it_is_old_or_withdrawn(admin: Visit, cast: Cast) -> None:
    marie, ahmed = Visit(cast["neighbour"]), Visit(cast["second-neighbour"])
    used = _link(admin, cast)
    marie.send("ambassador_acceptance", used)
    assert ahmed.send("ambassador_acceptance", used).status_code == 410
    old = _link(admin, cast)
    with clock.frozen(clock.now() + timedelta(days=31)):
        assert ahmed.send("ambassador_acceptance", old).status_code == 410
    withdrawn = _link(admin, cast)
    link = AppointmentLink.objects.order_by("-made_at").first()
    assert link is not None
    admin.send("appointment_withdrawal", link.pk)
    assert ahmed.send("ambassador_acceptance", withdrawn).status_code == 410
    assert not _is_ambassador(ahmed)


def test_the_link_itself_is_kept_nowhere(admin: Visit, cast: Cast) -> None:
    token = _link(admin, cast)
    assert token not in page(admin.get("city_ambassadors"))
    assert token not in str(AppointmentLink.objects.values())


def test_the_city_ends_a_task_on_the_next_request_and_it_is_written_down(admin: Visit, cast: Cast) -> None:
    jos = Visit(cast["ambassador"])
    role = Role.objects.get(person=cast["ambassador"], ended_at=None)
    assert admin.send("ambassador_release", role.pk).status_code == 302
    assert not _is_ambassador(jos)
    assert AccessLog.objects.filter(action="ambassadors:ambassador:release").exists()


def test_the_city_ends_no_other_task_that_way(admin: Visit, cast: Cast) -> None:
    role = Role.objects.get(person=cast["moderator"], ended_at=None)
    admin.send("ambassador_release", role.pk)
    role.refresh_from_db()
    assert role.ended_at is None


def test_an_ambassador_stops_without_asking_anybody(cast: Cast) -> None:
    jos = Visit(cast["ambassador"])
    assert jos.send("ambassador_end").status_code == 302
    assert not _is_ambassador(jos)
    assert jos.send("ambassador_end").status_code == 404


@pytest.mark.parametrize("key", ["editor", "rollout", "moderator", "operator"])
def test_only_the_administrator_appoints(key: str, cast: Cast) -> None:
    who: Any = Visit(cast[key])
    place = str(cast.neighbourhoods["Kermt"].pk)
    assert who.send("city_ambassadors", neighbourhood=place).status_code == 403
    assert not AppointmentLink.objects.exists()


def test_no_link_is_made_for_a_neighbourhood_of_another_city(admin: Visit, cast: Cast) -> None:
    place = str(cast.neighbourhoods["Rooierheide"].pk)
    assert admin.send("city_ambassadors", neighbourhood=place).status_code == 422
    assert not AppointmentLink.objects.exists()
