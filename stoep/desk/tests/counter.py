"""What the desk's tests share: Marie, who has no e-mail, her letter, and Hilde's browser."""

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import uuid4

from django.test import Client
from django.urls import reverse

from stoep.desk.models import DeskSession
from stoep.joining.tests.door import HOST, Letter, browser, join_by_own_key, letter
from stoep.operations.cast import Cast
from stoep.people.models import Person

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Response

NAME = "Godelieve Dürr-Peeters"


@dataclass(frozen=True)
class Resident:
    """Somebody who joined with a letter and no e-mail. `own_key` as she wrote it down."""

    person: Person
    letter: Letter
    own_key: str
    client: Client


def resident(cast: Cast, *, name: str = NAME, paper: Letter | None = None) -> Resident:
    client, paper = browser(), paper or letter(cast, street="Koorstraat")
    person, own_key = join_by_own_key(client, paper.code, name=name)
    return Resident(person, paper, own_key, client)


def at_desk(cast: Cast, key: str = "desk") -> Client:
    """The browser of a member of staff, signed in, in English."""
    Person.objects.filter(pk=cast[key].pk).update(language="en")
    client = Client(headers={"host": HOST}, REMOTE_ADDR="198.51.100.7")
    client.force_login(cast[key], backend="stoep.people.backend.PersonBackend")
    return client


def ask(client: Client, code: str, name: str = NAME) -> "Response":
    return client.post(reverse("desk"), {"code": code, "name": name})


def say_yes(client: Client, **more: str) -> "Response":
    given = {"channel": "phone", "said_yes": "on", "request_key": str(uuid4()), **more}
    return client.post(reverse("desk_consent"), given)


def begin(client: Client, who: Resident, **more: str) -> DeskSession:
    """Find her and hear her yes."""
    assert ask(client, who.letter.code, who.person.name).status_code == 302
    assert say_yes(client, **more).status_code == 302
    return DeskSession.objects.filter(person=who.person).latest("started_at", "id")


def page(name: str, session: DeskSession) -> str:
    return reverse(name, args=[session.pk])


def say(title: str = "Wie brengt mijn boeken terug?", **more: str) -> dict[str, str]:
    return {"kind": "help_wanted", "title": title, "body": "", "request_key": str(uuid4()), **more}
