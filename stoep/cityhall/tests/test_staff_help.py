"""Who is appointed gets a mail; who lost app and recovery codes gets a way back from the city's administrator."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse

from stoep.access.gate import INSTALLATION
from stoep.access.models import AccessLog
from stoep.cityhall.actions import reset_second_factor
from stoep.delivery.models import Mail
from stoep.joining.tests.staff_browser import (
    NOW,
    another_browser,
    answer,
    is_inside,
    pass_mail,
    set_up,
    shown_secret,
)
from stoep.operations.cast import JOINED_AT, Cast
from stoep.people.models import Person, Role
from stoep.people.models import RoleName as R

SignIn = Callable[[Client, Person], Client]

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(cast: Cast, sign_in: SignIn, client: Client) -> Client:
    Person.objects.update(language="en")
    return sign_in(client, cast["city-admin"])


def test_who_gets_a_task_gets_a_mail_with_the_way_in(cast: Cast, admin: Client) -> None:
    admin.post(
        reverse("staff"), {"name": "Nele Nieuw", "email": "nele@hasselt.example", "role": "editor", "department": ""}
    )
    mail = Mail.objects.get(kind="cityhall/mail/appointed")
    assert mail.recipient == "nele@hasselt.example"
    assert "/staff/" in mail.text
    assert Person.objects.get(name="Nele Nieuw").language == cast.cities["hasselt"].default_language

    admin.post(
        reverse("staff"), {"name": "Nele Nieuw", "email": "nele@hasselt.example", "role": "editor", "department": ""}
    )
    assert Mail.objects.filter(kind="cityhall/mail/appointed").count() == 1, "the same task twice is said once"


def test_a_colleague_who_lost_everything_starts_anew_and_is_told(cast: Cast, admin: Client) -> None:
    secret, codes = set_up(cast["editor"])
    session = another_browser()
    pass_mail(session, cast["editor"])
    answer(session, "staff_app", codes[0])
    assert is_inside(session)

    answered = admin.post(reverse("staff_reset", args=[cast["editor"].pk]))

    assert answered.status_code == 302
    assert not is_inside(session)
    told = Mail.objects.get(kind="cityhall/mail/second_factor_reset")
    assert told.person == cast["editor"]
    logged = AccessLog.objects.get(action="cityhall:staff:reset")
    assert (logged.person, logged.subject_id) == (cast["city-admin"], cast["editor"].pk)
    later = NOW + timedelta(hours=1)
    again = another_browser()
    assert pass_mail(again, cast["editor"], later)["Location"] == reverse("staff_app_set_up")
    assert shown_secret(again, later) != secret


@pytest.mark.parametrize("who", ["moderator", "operator", "neighbour", "other-city", "city-admin"])
def test_nobody_else_is_reset_by_the_city(cast: Cast, admin: Client, who: str) -> None:
    set_up(cast["moderator"])
    assert admin.post(reverse("staff_reset", args=[cast[who].pk])).status_code == 404
    assert Authenticator.objects.filter(user=cast["moderator"]).exists()


def test_an_editor_who_also_moderates_is_reset_by_the_operator_only(cast: Cast, admin: Client) -> None:
    Role.objects.create(person=cast["editor"], role=R.MODERATOR, granted_at=JOINED_AT)
    set_up(cast["editor"])

    refused = admin.post(reverse("staff_reset", args=[cast["editor"].pk]))

    assert refused.status_code == 422
    assert "Only the operator" in refused.content.decode()
    assert Authenticator.objects.filter(user=cast["editor"]).exists()
    reset_second_factor(person=INSTALLATION, colleague=cast["editor"], now=NOW)
    assert not Authenticator.objects.filter(user=cast["editor"]).exists()


def test_who_moderates_gets_no_task_of_the_city_that_would_end_it(cast: Cast, admin: Client) -> None:
    task = {"name": "Somebody Else", "email": cast["moderator"].email, "role": "analyst", "department": ""}
    refused = admin.post(reverse("staff"), task)
    assert refused.status_code == 422
    assert "Only the operator" in refused.content.decode()
    assert set(cast["moderator"].roles.values_list("role", flat=True)) == {R.MODERATOR}
