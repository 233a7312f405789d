"""The city's own words on its letters: kept when they fit and can be printed, refused with the reason when not."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from stoep.access.models import AccessLog
from stoep.operations.cast import Cast
from stoep.people.models import Person
from stoep.places.models import Municipality
from stoep.rollout.letter_words import default_texts

SignIn = Callable[[Client, Person], Client]
PNG = b"\x89PNG\r\n\x1a\n"

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("cast")]


def words() -> dict[str, str]:
    kept: dict[str, str] = Municipality.objects.get(slug="hasselt").letter_text
    return kept


def test_our_words_stand_beside_the_empty_fields(manager: Client) -> None:
    page = manager.get(reverse("letter_text")).content.decode()
    proposal = default_texts("Hasselt", "nl")
    assert proposal["title"] in page.replace("&#39;", "'")
    assert page.count("letter-picture") == 2


def test_the_citys_words_are_kept_and_come_back(cast: Cast, manager: Client) -> None:
    sent = {"signatory": " Marie Voorbeeld ", "return_address": "Limburgplein 1\r\n3500 Hasselt", "title": ""}
    answer = manager.post(reverse("letter_text"), sent)

    assert (answer.status_code, answer["Location"]) == (302, reverse("letter_text") + "?saved")
    assert set(words()) == {"signatory", "return_address"}
    assert words()["signatory"] == "Marie Voorbeeld"
    page = manager.get(answer["Location"]).content.decode()
    assert "Saved" in page
    assert 'value="Marie Voorbeeld"' in page
    assert AccessLog.objects.filter(person=cast["rollout"], action="rollout:letters:edit_text").exists()


def test_an_emptied_field_goes_back_to_our_words(manager: Client) -> None:
    for signatory in ("Marie Voorbeeld", "  "):
        manager.post(reverse("letter_text"), {"signatory": signatory})
    assert words() == {}


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"title": "x" * 61}, "at most 60"),
        ({"introduction": "x" * 501}, "at most 500"),
        ({"introduction": "\n" * 100 + "x" + "\n\n\n\nx" * 90}, "too much for the front"),
        ({"signatory": "Marie 👋 中"}, "This cannot be printed"),
        ({"signatory": "a\x00b"}, "Null characters"),
    ],
)
def test_what_cannot_stand_on_the_letter_is_refused_and_kept_in_the_field(
    manager: Client, sent: dict[str, str], said: str
) -> None:
    answer = manager.post(reverse("letter_text"), {"greeting": "Beste buur,"} | sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert "Beste buur," in page
    assert words() == {}


def test_typst_source_is_only_text(manager: Client) -> None:
    assert manager.post(reverse("letter_text"), {"introduction": '#read("/etc/passwd")'}).status_code == 302
    assert manager.get(reverse("letter_picture", args=["front"])).content.startswith(PNG)


@pytest.mark.parametrize(("side", "status"), [("front", 200), ("back", 200), ("inside", 404)])
def test_the_letter_is_shown_as_it_would_be_printed(manager: Client, side: str, status: int) -> None:
    answer = manager.get(reverse("letter_picture", args=[side]))
    assert answer.status_code == status
    assert (answer["Content-Type"] == "image/png") == (status == 200)


@pytest.mark.parametrize(
    ("key", "expected"), [("neighbour", 404), ("other-city", 404), ("editor", 403), ("analyst", 403), ("dpo", 403)]
)
def test_who_edits_no_letters_is_refused(cast: Cast, sign_in: SignIn, client: Client, key: str, expected: int) -> None:
    sign_in(client, cast[key])
    assert client.get(reverse("letter_text")).status_code == expected
    assert client.post(reverse("letter_text"), {"signatory": "Ik"}).status_code == expected
    assert client.get(reverse("letter_picture", args=["front"])).status_code == expected
    assert words() == {}


def test_a_visitor_is_sent_to_sign_in(client: Client) -> None:
    for answer in (client.get(reverse("letter_text")), client.get(reverse("letter_picture", args=["front"]))):
        assert answer.status_code == 302
        assert answer["Location"].startswith(reverse("sign_in"))
