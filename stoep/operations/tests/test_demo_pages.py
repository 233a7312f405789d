"""The demo's own pages exist in the demo only; the health page tells machines how the installation is."""

import json
from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from stoep.common import clock
from stoep.delivery.models import OutboxEntry
from stoep.operations import demo_register
from stoep.operations.cast import CAST, JOINED_AT, Cast
from stoep.operations.demo_register import Register, TryCode
from stoep.people.models import Person

SignIn = Callable[[Client, Person], Client]
HOST = {"host": "buurt.hasselt.example"}
MAIL = "20261124-101500-000001"


@pytest.fixture
def in_demo(settings: Settings) -> Settings:
    settings.IS_DEMO = True
    return settings


@pytest.fixture
def register(cast: Cast) -> Register:
    codes = [TryCode("482917365501", "Koorstraat", "Kermt")]
    made = Register(people={key: str(person.pk) for key, person in cast.people.items()}, codes=codes)
    demo_register.write(made)
    return made


def keep_mail(settings: Settings, name: str = MAIL, **headers: str) -> None:
    message = EmailMessage()
    facts = {"To": "marie@demo.invalid", "Subject": "Ahmed antwoordde", "Date": "Tue, 24 Nov 2026 10:15:00 +0000"}
    for header, value in {**facts, **headers}.items():
        message[header] = value
    message.set_content("Dag Marie, http://127.0.0.1:8000/posts/1/")
    message.add_alternative("<p style='color: red'>Dag Marie</p><script>alert(1)</script>", subtype="html")
    folder = Path(settings.STOEP_VAR) / "mailbox"
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.eml").write_bytes(message.as_bytes())


PAGES = [
    ("demo", []),
    ("demo_mailbox", []),
    ("demo_mail", [MAIL]),
    ("demo_mail_page", [MAIL]),
    ("styleguide", []),
]


@pytest.mark.parametrize(("name", "words"), PAGES, ids=[name for name, _ in PAGES])
def test_the_demos_pages_exist_in_the_demo_only(
    name: str, words: list[str], settings: Settings, cast: Cast, sign_in: SignIn
) -> None:
    keep_mail(settings)
    page = reverse(name, args=words)
    inside = sign_in(Client(headers=HOST), cast["neighbour"])
    assert inside.get(page).content == inside.get("/no-such-page/").content
    for client in (inside, Client(headers=HOST)):
        assert client.get(page).status_code == 404
    settings.IS_DEMO = True
    assert Client(headers=HOST).get(page).status_code == 200


def test_nobody_becomes_somebody_else_outside_the_demo(register: Register) -> None:
    del register
    client = Client(headers=HOST)
    assert client.post(reverse("demo_session"), {"person": "neighbour"}).status_code == 404
    assert "_auth_user_id" not in client.session


@pytest.mark.usefixtures("in_demo")
def test_the_demo_lists_the_cast_and_the_codes(register: Register) -> None:
    page = Client(headers={**HOST, "accept-language": "en"}).get(reverse("demo")).content.decode()
    for member in CAST:
        assert member.name in page
        assert f'value="{member.key}"' in page
    assert "4829 1736 5501" in page
    assert register.codes[0].street in page


@pytest.mark.usefixtures("in_demo", "cast")
def test_before_the_city_is_built_the_page_says_so() -> None:
    page = Client(headers={**HOST, "accept-language": "en"}).get(reverse("demo")).content.decode()
    assert "still being built" in page


@pytest.mark.usefixtures("in_demo", "register")
@pytest.mark.parametrize("key", [member.key for member in CAST])
def test_each_of_the_cast_can_be_signed_in(key: str, cast: Cast) -> None:
    client = Client(headers=HOST, enforce_csrf_checks=True)
    answer = client.post(reverse("demo_session"), {"person": key})
    assert answer.status_code == 302
    assert answer.headers["Location"] == reverse("city" if cast[key].is_staff_member else "feed")
    assert client.session["_auth_user_id"] == str(cast[key].pk)
    shown = client.get(answer.headers["Location"], follow=True)
    assert shown.status_code == 200


@pytest.mark.usefixtures("in_demo", "register")
def test_another_of_the_cast_takes_the_place_of_the_first(cast: Cast) -> None:
    client = Client(headers=HOST)
    client.post(reverse("demo_session"), {"person": "neighbour"})
    first = client.session.session_key
    client.post(reverse("demo_session"), {"person": "editor"})
    assert client.session["_auth_user_id"] == str(cast["editor"].pk)
    assert client.session.session_key != first


@pytest.mark.usefixtures("in_demo", "register")
@pytest.mark.parametrize("key", ["", "mayor", "../register"])
def test_somebody_who_is_not_of_the_cast_is_nobody(key: str) -> None:
    client = Client(headers=HOST)
    assert client.post(reverse("demo_session"), {"person": key}).status_code == 404
    assert client.get(reverse("demo_session")).status_code == 405
    assert "_auth_user_id" not in client.session


@pytest.mark.usefixtures("cast")
def test_the_mailbox_shows_the_newest_mail_first_and_opens_it(in_demo: Settings) -> None:
    keep_mail(in_demo, "20261124-101500-000001", Subject="De eerste")
    keep_mail(in_demo, "20261124-111500-000001", Subject="De tweede")
    client = Client(headers=HOST)
    listed = client.get(reverse("demo_mailbox")).content.decode()
    assert listed.index("De tweede") < listed.index("De eerste")
    opened = client.get(reverse("demo_mail", args=["20261124-111500-000001"])).content.decode()
    assert 'href="http://127.0.0.1:8000/posts/1/"' in opened


@pytest.mark.usefixtures("cast")
def test_a_mail_as_its_program_shows_it_can_do_nothing(in_demo: Settings) -> None:
    keep_mail(in_demo)
    page = Client(headers=HOST).get(reverse("demo_mail_page", args=[MAIL]))
    assert "Dag Marie" in page.content.decode()
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy


@pytest.mark.usefixtures("in_demo", "cast")
@pytest.mark.parametrize("name", ["20261124-101500-999999", "register", ".."])
def test_only_mails_are_read_from_the_mailbox(name: str) -> None:
    assert Client(headers=HOST).get(f"/demo/mailbox/{name}/").status_code == 404


@pytest.mark.django_db
def test_a_healthy_installation_says_so() -> None:
    answer = Client().get("/health/")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/json"
    assert json.loads(answer.content) == {
        "status": "ok",
        "database": True,
        "migrations": True,
        "erasures": True,
        "work_is_late": False,
    }


@pytest.mark.django_db
def test_tables_that_do_not_fit_the_program_are_trouble() -> None:
    MigrationRecorder.Migration.objects.filter(app="feed").delete()
    answer = Client().get("/health/")
    assert answer.status_code == 503
    assert json.loads(answer.content) == {
        "status": "trouble",
        "database": True,
        "migrations": False,
        "erasures": False,
        "work_is_late": False,
    }


@pytest.mark.django_db(transaction=True)
def test_a_database_that_is_away_is_trouble() -> None:
    name = connection.settings_dict["NAME"]
    connection.close()
    try:
        connection.settings_dict["NAME"] = "no_such_database"
        answer = Client().get("/health/")
    finally:
        connection.close()
        connection.settings_dict["NAME"] = name
    assert answer.status_code == 503
    assert json.loads(answer.content)["database"] is False


def test_late_work_is_said_but_pages_are_still_served(cast: Cast) -> None:
    told = {"municipality": cast.cities["hasselt"], "subject_id": Person.objects.values_list("pk", flat=True)[0]}
    OutboxEntry.objects.create(notice="feed.new_post", told_at=clock.now() - timedelta(minutes=1), **told)
    assert json.loads(Client().get("/health/").content)["work_is_late"] is False
    OutboxEntry.objects.create(notice="feed.new_post", told_at=JOINED_AT, **told)
    answer = Client().get("/health/")
    assert answer.status_code == 200
    assert json.loads(answer.content)["work_is_late"] is True
