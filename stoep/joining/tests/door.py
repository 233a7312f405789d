"""What the tests of the residents' door share: letters, browsers, the way through, and the postman."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from html import unescape
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import connection
from django.test import Client
from django.urls import reverse

from stoep.common import clock
from stoep.delivery.digest import make_digests
from stoep.delivery.models import Mail, TextMessage
from stoep.delivery.sending import handle_entry
from stoep.joining import codes, jobs
from stoep.joining.models import LetterCode
from stoep.operations.cast import Cast
from stoep.people.models import Person
from stoep.places.models import Address
from stoep.privacy import jobs as privacy_jobs

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Response

HOST = "buurt.hasselt.example"
PHONE = "011 23 99 99"
EMAIL = "jan@post.example"
JOBS: dict[str, Callable[..., Any]] = {
    "joining.send_sign_in_mail": jobs.send_sign_in_mail,
    "joining.place_letter_request": jobs.place_letter_request,
    "joining.send_sign_in_text": jobs.send_sign_in_text,
    "joining.send_staff_code": jobs.send_staff_code,
    "delivery.handle_entry": lambda entry_id: handle_entry(UUID(entry_id), now=clock.now()),
    "delivery.send_mails": lambda: None,
    "privacy.make_download": privacy_jobs.make_download,
    "delivery.send_texts": lambda: None,
    "delivery.send_pushes": lambda: None,
    "delivery.make_digests": lambda batch_id: make_digests(UUID(batch_id), now=clock.now()),
}


@dataclass(frozen=True)
class Letter:
    """A letter as it lies in a letterbox, and the row that belongs to it."""

    code: str
    row: LetterCode

    @property
    def shown(self) -> str:
        return codes.shown(self.code)


def letter(cast: Cast, *, neighbourhood: str = "Kermt", street: str = "", at: int = -1, **facts: Any) -> Letter:
    """A fresh letter for an address: `at` says which of the neighbourhood's, `facts` are the row's."""
    doors = Address.objects.filter(neighbourhood=cast.neighbourhoods[neighbourhood]).order_by("street__name", "id")
    found = list(doors.filter(street__name=street) if street else doors)
    return letter_for(found[at], **facts)


def letter_for(address: Address, **facts: Any) -> Letter:
    code, now = codes.new_codes(1)[0], clock.now()
    made = LetterCode.objects.create(
        municipality_id=address.municipality_id,
        address=address,
        code_hash=codes.code_hash(code),
        **{"created_at": now, "expires_at": now + timedelta(days=90), **facts},
    )
    return Letter(code, made)


def browser(*, host: str = HOST, language: str = "en", network: str = "192.0.2.1", **options: Any) -> Client:
    """Somebody's browser, with cookies of its own."""
    return Client(
        headers={"host": host, "accept-language": language},
        REMOTE_ADDR=network,
        raise_request_exception=True,
        **options,
    )


def type_code(client: Client, code: str) -> "Response":
    return client.post(reverse("join"), {"code": code})


def type_name(client: Client, name: str = "Jan Maes") -> "Response":
    return client.post(reverse("join_name"), {"name": name})


def choose_email(client: Client, email: str = EMAIL, **more: str) -> "Response":
    return client.post(reverse("join_contact"), {"way": "email", "email": email, **more})


def choose_none(client: Client, **more: str) -> "Response":
    return client.post(reverse("join_contact"), {"way": "none", **more})


def join_by_email(client: Client, code: str, *, name: str = "Jan Maes", email: str = EMAIL) -> Person:
    type_code(client, code)
    type_name(client, name)
    choose_email(client, email)
    return person_in(client)


def join_by_own_key(client: Client, code: str, *, name: str = "Jan Maes") -> tuple[Person, str]:
    """The person and the key that they wrote down."""
    type_code(client, code)
    type_name(client, name)
    choose_none(client)
    key = shown_own_key(client)
    client.post(reverse("own_key"))
    return person_in(client), key


def shown_own_key(client: Client) -> str:
    page = text_of(client.get(reverse("own_key")))
    found = re.search(r'code-shown">(\d{3} \d{3})<', page)
    assert found is not None, page
    return found[1]


def person_in(client: Client) -> Person:
    """Who is signed in there."""
    person = signed_in(client)
    assert person is not None
    return person


def signed_in(client: Client) -> Person | None:
    found = client.session.get("_auth_user_id")
    return Person.objects.filter(pk=found).first() if found else None


def text_of(response: "Response") -> str:
    return unescape(response.content.decode())


def post_comes() -> list[Mail]:
    """Do the work that waits, and hand over the mails that nobody has got yet, the oldest first."""
    for name, arguments in _jobs_taken():
        JOBS[name](**arguments)
    waiting = list(Mail.objects.filter(state=Mail.State.WAITING).order_by("made_at", "id"))
    Mail.objects.filter(pk__in=[mail.pk for mail in waiting]).update(state=Mail.State.SENT)
    return waiting


def mails() -> list[Mail]:
    """Every mail so far."""
    post_comes()
    return list(Mail.objects.order_by("made_at", "id"))


def texts() -> list[TextMessage]:
    """Every text message so far."""
    post_comes()
    return list(TextMessage.objects.order_by("made_at", "id"))


def link_in(mail: Mail) -> str:
    """The path of the link in a mail."""
    found = re.search(r"https?://[^/\s]+(/\S+)", mail.text)
    assert found is not None, mail.text
    return found[1]


def digits_in(mail: Mail) -> str:
    found = re.search(r"\b(\d{3} \d{3})\b", mail.text)
    assert found is not None, mail.text
    return found[1]


def member(cast: Cast, *, name: str = "Jan Maes", email: str = EMAIL, code: str = "") -> Person:
    """Somebody who joined and confirmed their address."""
    person = join_by_email(browser(), code or letter(cast).code, name=name, email=email)
    (question,) = [mail for mail in post_comes() if mail.kind == "joining/mail/confirm_email"]
    browser().post(link_in(question))
    person.refresh_from_db()
    assert person.email_confirmed_at is not None
    return person


def ask(client: Client, email: str = EMAIL, **more: str) -> list[Mail]:
    """Ask for a way in; the mails that come of it."""
    assert client.post(reverse("sign_in"), {"email": email, **more}).status_code == 302
    return post_comes()


def type_digits(client: Client, digits: str, *, email: str = EMAIL, **more: str) -> int:
    return client.post(reverse("sign_in_code"), {"email": email, "code": digits, **more}).status_code


def other_than(digits: str) -> str:
    return f"{(int(digits.replace(' ', '')) + 1) % 10**6:06}"


def _jobs_taken() -> list[tuple[str, dict[str, Any]]]:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs RETURNING id, task_name, args")
        rows = cursor.fetchall()
    return [(name, json.loads(arguments)) for _id, name, arguments in sorted(rows)]
