"""Staff come in with their organisation's own account, at a real provider here; whom the city did not appoint does not.

The provider runs in a thread of its own on this machine; the browser is played by hand, so that each step can be wrong.
"""

import re
import warnings
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from stoep.access.gate import INSTALLATION
from stoep.common import clock
from stoep.joining.models import StaffProvider
from stoep.joining.staff_providing import ProviderNotPossible, connect_provider, disconnect_provider
from stoep.joining.tests.staff_browser import another_browser, is_inside
from stoep.operations.cast import JOINED_AT, Cast
from stoep.people.models import Person, Role
from stoep.people.models import RoleName as R

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # of the provider's own libraries, while they load
    from oidc_provider_mock import User, run_server_in_thread

SignIn = Callable[[Client, Person], Client]

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore::DeprecationWarning")]


def user(email: str, *, verified: object = True) -> User:
    return User(sub=email, claims={"email": email, "email_verified": verified})


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    people = (
        user("editor@hasselt.example"),
        user("analyst@hasselt.example", verified=False),
        user("approver@hasselt.example", verified="true"),
        user("moderator@hasselt.example"),
        user("operator@hasselt.example"),
        user("neighbour@hasselt.example"),
        user("stranger@hasselt.example"),
    )
    with run_server_in_thread(user_claims=people) as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture
def provider(cast: Cast, issuer: str) -> StaffProvider:
    Person.objects.update(language="en")
    return connect(cast, issuer)


def connect(cast: Cast, issuer: str, city: str = "hasselt") -> StaffProvider:
    return connect_provider(
        person=INSTALLATION,
        municipality=cast.cities[city],
        name="Stad Hasselt",
        issuer=issuer,
        client_id="stoep",
        client_secret="a secret",
        now=clock.now(),
    )


def go_out(browser: Client) -> str:
    answer = browser.get(reverse("staff_provider"))
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def agree(address: str, email: str) -> str:
    """What the person does at the provider; answers the way back to us, with its query."""
    answer = requests.post(address, data={"sub": email}, allow_redirects=False, timeout=5)
    assert answer.status_code == 302, answer.text
    back = urlsplit(answer.headers["Location"])
    assert back.path == reverse("staff_provider_back")
    return f"{back.path}?{back.query}"


def come_back(browser: Client, email: str) -> Any:
    return browser.get(agree(go_out(browser), email))


def test_an_appointed_editor_comes_in_for_twelve_hours(provider: StaffProvider) -> None:
    browser = another_browser()
    assert f"Sign in with {provider.name}" in browser.get(reverse("staff_sign_in")).content.decode()

    answer = come_back(browser, "editor@hasselt.example")

    assert (answer.status_code, answer["Location"]) == (302, reverse("city"))
    assert is_inside(browser)
    ends = Session.objects.get(session_key=browser.session.session_key).expire_date
    assert ends - clock.now() <= timedelta(hours=12)


@pytest.mark.parametrize(
    "who",
    [
        "stranger@hasselt.example",
        "analyst@hasselt.example",
        "approver@hasselt.example",
        "neighbour@hasselt.example",
        "moderator@hasselt.example",
        "operator@hasselt.example",
    ],
    ids=["unknown", "not-verified", "verified-in-words-only", "a-neighbour", "the-moderator", "the-operator"],
)
@pytest.mark.usefixtures("provider")
def test_others_are_told_alike_that_they_have_no_task_here_and_no_account_is_made(who: str) -> None:
    before = Person.objects.count()
    browser = another_browser()

    answer = come_back(browser, who)

    assert answer.status_code == 403
    assert "Nobody with this e-mail address has a task here." in answer.content.decode()
    assert not is_inside(browser)
    assert Person.objects.count() == before


@pytest.mark.usefixtures("provider")
def test_somebody_whose_task_ended_stays_outside(cast: Cast) -> None:
    Role.objects.filter(person=cast["editor"]).update(ended_at=JOINED_AT)
    assert come_back(another_browser(), "editor@hasselt.example").status_code == 403


@pytest.mark.usefixtures("provider")
def test_who_also_moderates_uses_the_other_door(cast: Cast) -> None:
    Role.objects.create(person=cast["editor"], role=R.MODERATOR, granted_at=JOINED_AT)
    assert come_back(another_browser(), "editor@hasselt.example").status_code == 403


@pytest.mark.usefixtures("provider")
def test_a_way_back_works_once_and_only_in_the_browser_that_went_out() -> None:
    browser = another_browser()
    back = agree(go_out(browser), "editor@hasselt.example")

    assert another_browser().get(back).status_code == 403
    assert browser.get(back).status_code == 302
    thief = another_browser()
    go_out(thief)
    again = thief.get(back)
    assert again.status_code == 403
    assert "begun too long ago, or elsewhere" in again.content.decode()
    assert not is_inside(thief)


@pytest.mark.parametrize(
    "change",
    [
        lambda back: re.sub(r"state=[^&]+", "state=guessed", back),
        lambda back: re.sub(r"code=[^&]+", "code=guessed", back),
        lambda back: re.sub(r"code=[^&]+", "error=access_denied", back),
        lambda back: back + "&iss=https://evil.example",
        lambda back: back.partition("?")[0],
    ],
    ids=["other-state", "other-code", "said-no", "other-issuer-named", "nothing"],
)
@pytest.mark.usefixtures("provider")
def test_a_way_back_that_was_touched_leads_nowhere(change: Callable[[str], str]) -> None:
    browser = another_browser()
    assert browser.get(change(agree(go_out(browser), "editor@hasselt.example"))).status_code == 403
    assert not is_inside(browser)


def test_a_provider_that_calls_itself_otherwise_is_none(cast: Cast, issuer: str) -> None:
    """Known by another name of the same machine: what answers there says it is somebody else."""
    connect(cast, issuer.replace("localhost", "127.0.0.1") + "/")
    browser = another_browser()
    StaffProvider.objects.update(issuer=issuer.replace("localhost", "LOCALHOST"))
    answer = browser.get(reverse("staff_provider"))
    assert answer.status_code == 403
    assert not is_inside(browser)


def test_a_provider_that_does_not_answer_is_said_plainly(cast: Cast) -> None:
    Person.objects.update(language="en")
    connect(cast, "http://localhost:9")
    answer = another_browser().get(reverse("staff_provider"))
    assert answer.status_code == 403
    assert "does not answer" in answer.content.decode()


def test_a_token_for_somebody_else_is_refused(provider: StaffProvider) -> None:
    """Begun for one client, brought back to another: the token says for whom it is."""
    browser = another_browser()
    back = agree(go_out(browser), "editor@hasselt.example")
    StaffProvider.objects.filter(pk=provider.pk).update(client_id="another client")
    assert browser.get(back).status_code == 403


def test_the_code_is_bound_to_the_browser_by_a_proof(provider: StaffProvider) -> None:
    asked = parse_qs(urlsplit(go_out(another_browser())).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["client_id"] == [provider.client_id]
    assert set(asked["scope"][0].split()) >= {"openid", "email"}
    assert provider.client_secret not in str(asked)


def test_only_the_operator_connects_a_provider_and_the_secret_lies_sealed(
    cast: Cast, provider: StaffProvider, sign_in: SignIn
) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT client_secret FROM joining_staffprovider")
        assert "a secret" not in str(cursor.fetchall())
    page = sign_in(Client(), cast["city-admin"]).get(reverse("staff")).content.decode()
    assert provider.issuer in page
    assert "a secret" not in page
    with pytest.raises(ProviderNotPossible):
        connect(cast, "ftp://login.example")
    disconnect_provider(person=INSTALLATION, municipality=cast.cities["hasselt"], now=clock.now())
    assert another_browser().get(reverse("staff_provider"))["Location"] == reverse("staff_sign_in")
