"""Correcting what we hold: a new name, the street beside it, and no session left anywhere."""

import re
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from config.navigation import ME, own_pages
from stoep.access.audience import home_audience
from stoep.access.proof import note_proof
from stoep.common import clock
from stoep.feed.actions import publish_post
from stoep.joining.tests.door import browser, text_of
from stoep.neighbours.actions import show_street
from stoep.operations.cast import Cast
from stoep.people.models import Membership, Person
from stoep.people.real_names import NAME_REASONS
from stoep.places.models import StreetPart
from stoep.rollout.known_places import recount

SignIn = Callable[[Client, Person], Client]
STAFF, NEIGHBOURS = ["editor", "moderator", "city-admin"], ["neighbour", "newcomer", "ambassador"]


@pytest.fixture
def cast(cast: Cast) -> Cast:
    """The cast reads English here, as the sources are written."""
    Person.objects.update(language="en")
    for person in cast.people.values():
        person.language = "en"
    return cast


def rename(client: Client, name: str) -> int:
    return client.post(reverse("my_name"), {"name": name}).status_code


def name_of(person: Person) -> str:
    return Person.objects.get(pk=person.pk).name


class TestTheMenu:
    @pytest.mark.parametrize("who", [*NEIGHBOURS, *STAFF])
    def test_every_page_of_the_menu_opens_for_whom_it_is(self, cast: Cast, sign_in: SignIn, who: str) -> None:
        client = sign_in(browser(), cast[who])
        session = client.session
        note_proof(session, now=clock.now())
        session.save()
        page = text_of(client.get(reverse("settings")))

        everything = dict.fromkeys(reverse(each.name) for _, pages in ME for each in pages)
        shown = [path for path in everything if f'href="{path}"' in page]

        assert shown == [each["href"] for group in own_pages(cast[who]) for each in group["pages"]]
        assert len(shown) > 4
        assert [path for path in shown if client.get(path).status_code != 200] == []


class TestTheName:
    def test_a_neighbour_corrects_the_name_and_the_street_reads_it_at_once(self, cast: Cast, sign_in: SignIn) -> None:
        marie, reader = cast["neighbour"], sign_in(browser(), cast["second-neighbour"])
        publish_post(
            author=marie,
            audience=home_audience(cast.neighbourhoods["Kermt"]),
            kind="question",
            title="Who has a ladder?",
            body="",
            request_key=uuid4(),
            now=clock.now(),
        )
        assert "Marie Peeters" in text_of(reader.get("/"))
        client = sign_in(browser(), marie)

        answer = client.post(reverse("my_name"), {"name": "  Maria   Peeters "})

        assert (answer.status_code, answer["Location"]) == (302, reverse("settings") + "?saved")
        assert "Maria Peeters" in text_of(client.get(reverse("settings")))
        page = text_of(reader.get("/"))
        assert "Maria Peeters" in page
        assert "Marie Peeters" not in page

    @pytest.mark.parametrize(
        ("name", "reason"),
        [
            ("Marie", "short"),
            ("Stad Hasselt", "official"),
            ("Dienst Groen", "official"),
            ("\ufb2c" * 39 + " " + "\ufb2c" * 40, "long"),
        ],
        ids=["one word", "the city", "a department", "too long"],
    )
    def test_the_rules_are_those_of_joining(self, cast: Cast, sign_in: SignIn, name: str, reason: str) -> None:
        client = sign_in(browser(), cast["neighbour"])

        answer = client.post(reverse("my_name"), {"name": name})

        assert answer.status_code == 422
        assert str(NAME_REASONS[reason]) in text_of(answer)
        assert name in text_of(answer)
        assert name_of(cast["neighbour"]) == "Marie Peeters"

    def test_no_national_number_is_taken_for_a_name(self, cast: Cast, sign_in: SignIn) -> None:
        assert rename(sign_in(browser(), cast["neighbour"]), "Marie 85.07.30-033 28") == 422
        assert rename(sign_in(browser(), cast["neighbour"]), "") == 422

    def test_nobody_goes_by_a_new_name_every_day(self, cast: Cast, sign_in: SignIn) -> None:
        client, start = sign_in(browser(), cast["neighbour"]), clock.now().replace(day=3)
        with clock.frozen(start):
            assert [rename(client, f"Marie {last}") for last in ("Aerts", "Baert", "Claes", "Daems")] == [302] * 3 + [
                429
            ]
            assert rename(client, "Marie Claes") == 302, "the same name is no change"
        assert name_of(cast["neighbour"]) == "Marie Claes"
        with clock.frozen(start + timedelta(days=61)):
            assert rename(client, "Marie Daems") == 302

    @pytest.mark.parametrize("who", STAFF)
    def test_the_city_decides_how_its_staff_is_called(self, cast: Cast, sign_in: SignIn, who: str) -> None:
        assert rename(sign_in(browser(), cast[who]), "An Other") == 404
        assert browser().get(reverse("my_name"))["Location"].startswith(reverse("sign_in"))


class TestTheStreet:
    def test_a_neighbour_hides_the_street_and_shows_it_again(self, cast: Cast, sign_in: SignIn) -> None:
        marie = cast["neighbour"]
        client = sign_in(browser(), marie)
        membership = Membership.objects.get(person=marie, ended_at=None)
        assert membership.household is not None
        street = membership.household.address.street
        StreetPart.objects.filter(street=street).update(address_count=StreetPart.SHOWN_FROM)

        for choice, shown in (("neighbourhood", None), ("street", street.pk)):
            assert client.post(reverse("my_street"), {"shown": choice}).status_code == 302
            membership.refresh_from_db()
            assert membership.shown_street_id == shown
            checked = re.search(rf'value="{choice}"[^>]*checked', text_of(client.get(reverse("my_street"))))
            assert checked is not None

    def test_a_street_too_short_to_hide_in_is_not_shown(self, cast: Cast, sign_in: SignIn) -> None:
        marie = cast["neighbour"]
        StreetPart.objects.update(address_count=StreetPart.SHOWN_FROM - 1)
        Membership.objects.filter(person=marie).update(shown_street=None)
        client = sign_in(browser(), marie)

        assert "too short to hide in" in text_of(client.get(reverse("my_street")))
        assert client.post(reverse("my_street"), {"shown": "street"}).status_code == 422
        assert client.post(reverse("my_street"), {"shown": "house"}).status_code == 422
        assert Membership.objects.get(person=marie).shown_street is None


class TestSigningOutEverywhere:
    @pytest.mark.parametrize("who", ["neighbour", "newcomer", "suspended", "editor"])
    def test_no_browser_is_left_inside_after_one_button(self, cast: Cast, sign_in: SignIn, who: str) -> None:
        phone, library, other = browser(), browser(), sign_in(browser(), cast["second-neighbour"])
        for client in (phone, library):
            sign_in(client, cast[who])
        question = text_of(phone.get(reverse("sign_out_everywhere")))
        assert "Sign out on every device?" in question
        assert library.get(reverse("settings")).status_code == 200, "only asking does nothing"

        answer = phone.post(reverse("sign_out_everywhere"))

        assert "You are signed out everywhere" in text_of(answer)
        for client in (phone, library):
            assert client.get(reverse("settings")).status_code == 302
        assert other.get(reverse("settings")).status_code == 200

    def test_a_visitor_signs_nobody_out(self, cast: Cast) -> None:
        del cast
        assert browser().post(reverse("sign_out_everywhere"))["Location"].startswith(reverse("sign_in"))


def test_a_street_that_was_hidden_stays_hidden_when_the_addresses_are_counted_anew(cast: Cast) -> None:
    show_street(person=cast["neighbour"], is_shown=False, now=clock.now())
    recount(cast.cities["hasselt"])
    shown = dict(Membership.objects.filter(ended_at=None).values_list("person", "shown_street__name"))
    assert shown[cast["neighbour"].pk] is None
    assert shown[cast["second-neighbour"].pk] == "Koorstraat"
