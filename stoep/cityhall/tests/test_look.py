"""The city's administrator chooses a colour, a logo and the lines by which people reach the city; at once, for all."""

import io
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from stoep.access.models import AccessLog
from stoep.cityhall.look_forms import COUNTRIES
from stoep.common import clock
from stoep.joining.inviting import invite
from stoep.joining.phones import REGIONS, read_number
from stoep.operations.cast import Cast
from stoep.people.models import Person
from stoep.places.models import Municipality
from stoep.shell.logos import mark_of

SignIn = Callable[[Client, Person], Client]

pytestmark = pytest.mark.django_db
SHAPES = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><circle cx="4" cy="4" r="4" fill="#e30613"/></svg>'


@pytest.fixture
def admin(cast: Cast, sign_in: SignIn, client: Client) -> Client:
    Person.objects.update(language="en")
    return sign_in(client, cast["city-admin"])


def city() -> Municipality:
    return Municipality.objects.get(slug="hasselt")


def save(admin: Client, colour: str = "#0B6B5D", logo: bytes | None = None, name: str = "logo", **more: str) -> Any:
    sent: dict[str, object] = {"colour": colour, "save": "1", **more}
    if logo is not None:
        sent["logo"] = SimpleUploadedFile(name, logo)
    return admin.post(reverse("look"), sent)


def photo(kind: str = "PNG", size: tuple[int, int] = (40, 20)) -> bytes:
    made = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "secret place"
    Image.new("RGB", size, "#AA0000").save(made, kind, exif=exif)
    return made.getvalue()


def test_a_colour_is_worn_by_everybody_at_once_and_written_down(cast: Cast, admin: Client, sign_in: SignIn) -> None:
    answer = save(admin, "#8C3A00")

    assert (answer.status_code, answer["Location"]) == (302, reverse("look") + "?saved")
    page = sign_in(Client(), cast["neighbour"]).get("/").content.decode()
    assert reverse("theme", args=["8C3A00"]) in page
    logged = AccessLog.objects.get(action="cityhall:look:change")
    assert (logged.person, logged.subject_id) == (cast["city-admin"], city().pk)


def test_looking_first_shows_before_and_after_and_changes_nothing(admin: Client) -> None:
    page = admin.post(reverse("look"), {"colour": "#FFE600", "look": "1"}).content.decode()

    assert "You chose #FFE600" in page
    assert "People see #756A0D" in page
    assert "20 steps darker" in page
    assert reverse("theme", args=["FFE600"]) in page
    assert city().theme_colour == "#0B6B5D"
    assert not AccessLog.objects.filter(action="cityhall:look:change").exists()


@pytest.mark.parametrize("colour", ["#FFFFFF", "#FFFF00", "#F4EEE4"])
def test_a_colour_that_could_not_stay_itself_is_refused_with_the_reason(admin: Client, colour: str) -> None:
    answer = save(admin, colour)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "This colour is too light." in page
    assert f'value="{colour}"' in page
    assert city().theme_colour == "#0B6B5D"


@pytest.mark.parametrize("colour", ["", "red", "#12345", "#0B6B5D;}", "#0b6b5d\x00"])
def test_what_is_no_colour_is_refused(admin: Client, colour: str) -> None:
    assert save(admin, colour).status_code == 422
    assert city().theme_colour == "#0B6B5D"


def test_a_logo_of_shapes_stays_an_svg_that_anybody_may_fetch_and_that_can_do_nothing(admin: Client) -> None:
    save(admin, logo=SHAPES)

    address = reverse("logo", args=[mark_of(city().logo_svg, city().theme_colour)])
    assert address in admin.get(reverse("look")).content.decode()
    answer = Client().get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/svg+xml")
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert b"<circle" in answer.content


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_picture_is_drawn_anew_and_tells_nothing_of_its_past(admin: Client, kind: str) -> None:
    save(admin, logo=photo(kind))

    answer = Client().get(reverse("logo", args=[mark_of(city().logo_svg, city().theme_colour)]))
    assert answer["Content-Type"] == "image/png"
    picture = Image.open(io.BytesIO(answer.content))
    assert (picture.format, picture.size) == ("PNG", (40, 20))
    assert b"secret" not in answer.content


ODD = {
    "script": b"<script>alert(1)</script>",
    "handler": b'<rect width="4" height="4" onload="alert(1)"/>',
    "style": b"<style>rect{fill:url(http://evil.example/)}</style><rect width='4' height='4'/>",
    "foreign": b'<foreignObject><body xmlns="http://www.w3.org/1999/xhtml" onload="x()"/></foreignObject>',
    "link": b'<a href="javascript:alert(1)"><rect width="4" height="4"/></a>',
    "far": b'<rect width="4" height="4" fill="url(http://evil.example/#a)"/>',
    "moving": b'<rect width="4" height="4"><animate attributeName="x" to="9"/></rect>',
}


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
def test_an_svg_that_could_do_something_is_drawn_to_dots(admin: Client, odd: bytes) -> None:
    save(admin, logo=b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">' + odd + b"</svg>")

    answer = Client().get(reverse("logo", args=[mark_of(city().logo_svg, city().theme_colour)]))
    assert answer["Content-Type"] == "image/png"
    assert answer.content.startswith(b"\x89PNG")
    assert "evil" not in city().logo_svg


BOMB = (
    b'<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><svg xmlns="http://www.w3.org/2000/svg">&b;</svg>'
)
BAD = {
    "nothing": b" ",
    "words": b"this is no picture",
    "program": b"MZ\x90\x00",
    "gif": b"GIF89a\x01\x00\x01\x00\x00\x00\x00;",
    "half": photo()[:40],
    "torn": b"<svg",
    "file": b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><image width="4" href="file:///etc/passwd"/></svg>',
    "deep": b'<svg xmlns="http://www.w3.org/2000/svg">' + b"<g>" * 20_000,
    "large": b"<svg>" + b" " * 500_001,
    "huge": photo(size=(8000, 6000)),
}


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
def test_what_is_no_logo_is_refused_and_the_colour_is_not_lost(admin: Client, bad: bytes) -> None:
    answer = save(admin, "#8C3A00", logo=bad)
    assert answer.status_code == 422
    assert 'value="#8C3A00"' in answer.content.decode()
    assert (city().logo_svg, city().theme_colour) == ("", "#0B6B5D")


def test_entities_are_never_expanded(admin: Client) -> None:
    save(admin, logo=BOMB)
    assert "aaaa" not in city().logo_svg


def test_a_logo_can_be_taken_away(admin: Client) -> None:
    save(admin, logo=SHAPES)
    old = mark_of(city().logo_svg, city().theme_colour)
    save(admin, removes_logo="on")

    assert city().logo_svg == ""
    assert admin.get(reverse("logo", args=[old])).status_code == 404


@pytest.mark.parametrize(("shape", "size"), [("180", 180), ("192", 192), ("512", 512), ("cut", 512)])
def test_every_city_has_icons_with_a_logo_or_a_house(admin: Client, shape: str, size: int) -> None:
    for logo in (None, SHAPES):
        save(admin, logo=logo)
        answer = Client().get(reverse("app_icon", args=[mark_of(city().logo_svg, city().theme_colour), shape]))
        assert answer["Content-Type"] == "image/png"
        assert Image.open(io.BytesIO(answer.content)).size == (size, size)


@pytest.mark.parametrize("who", ["neighbour", "editor", "rollout", "analyst", "moderator", "dpo", "operator"])
def test_nobody_else_comes_near(cast: Cast, sign_in: SignIn, who: str) -> None:
    client = sign_in(Client(), cast[who])
    for page in ("look", "contact"):
        assert client.get(reverse(page)).status_code == (404 if who == "neighbour" else 403)
        assert client.post(reverse(page), {"colour": "#8C3A00", "save": "1"}).status_code in {403, 404}
    assert city().theme_colour == "#0B6B5D"


LINES = {
    "help_phone": "011 23 90 00",
    "help_hours": "maandag tot vrijdag, 9 tot 12 uur",
    "help_place": "Stadhuis, Limburgplein 1",
    "controller": "Stad Hasselt, Limburgplein 1",
    "dpo_contact": "privacy@hasselt.example",
    "languages": ["nl", "fr"],
    "default_language": "nl",
    "country": "BE",
    "invitations_open": "on",
}


def test_the_lines_stand_on_the_help_card_at_once_and_are_written_down(cast: Cast, admin: Client) -> None:
    answer = admin.post(reverse("contact"), LINES)

    assert (answer.status_code, answer["Location"]) == (302, reverse("contact") + "?saved")
    door = Client().get(reverse("join")).content.decode()
    assert "011 23 90 00" in door
    assert "Limburgplein 1" in door
    assert "Français" in door
    assert "Deutsch" not in door
    assert AccessLog.objects.get(action="cityhall:contact:change").person == cast["city-admin"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("help_phone", "call me"),
        ("country", "US"),
        ("country", ""),
        ("languages", []),
        ("languages", ["xx"]),
        ("default_language", "de"),
    ],
)
def test_lines_that_make_no_sense_come_back_with_a_reason(admin: Client, name: str, value: object) -> None:
    before = city().help_place
    answer = admin.post(reverse("contact"), LINES | {name: value})
    assert answer.status_code == 422
    assert "Stadhuis, Limburgplein 1" in answer.content.decode()
    assert city().help_place == before


def test_a_city_closes_and_opens_its_invitations(cast: Cast, admin: Client) -> None:
    invitation = invite(person=cast["neighbour"], request_key=uuid4(), now=clock.now())
    way = f"/i/{invitation.token}/"

    def enters() -> int:
        visitor = Client()
        visitor.get(way)
        return visitor.get(reverse("join_invited")).status_code

    assert enters() == 200
    admin.post(reverse("contact"), {name: value for name, value in LINES.items() if name != "invitations_open"})
    assert not city().invitations_open
    assert enters() == 410
    admin.post(reverse("contact"), LINES)
    assert enters() == 200


def test_numbers_are_read_in_the_way_of_the_country(admin: Client) -> None:
    assert {code for code, _name in COUNTRIES} == REGIONS
    admin.post(reverse("contact"), LINES | {"country": "NL"})
    assert city().country == "NL"
    assert read_number("06 12345678", city().country) == "+31612345678"


def test_the_address_from_which_mails_come_is_the_operators(admin: Client) -> None:
    before = city().mail_from
    admin.post(reverse("contact"), LINES | {"mail_from": "boss@evil.example"})
    assert city().mail_from == before
