"""House rules and privacy notice: everybody can read them, in every version, and what was agreed to is known."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from stoep.joining.tests.door import browser, choose_email, join_by_email, letter, text_of, type_code, type_name
from stoep.operations.cast import Cast
from stoep.people import terms
from stoep.people.data_map import declarations
from stoep.people.models import Consent, Person
from stoep.people.terms import HOUSE_RULES, Terms
from stoep.places.models import Municipality

SignIn = Callable[[Client, Person], Client]
ROLES = ["neighbour", "newcomer", "suspended", "editor", "moderator"]


@pytest.fixture
def _new_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    """A second version came out."""
    newer = Terms("2", date(2027, 1, 1), HOUSE_RULES[0].sections[1:])
    both = (newer, *HOUSE_RULES)
    monkeypatch.setattr(terms, "HOUSE_RULES", both)
    monkeypatch.setattr("stoep.privacy.views.HOUSE_RULES", both)


def agreed(person: Person) -> list[tuple[str, str, bool]]:
    found = Consent.objects.filter(person=person, purpose=Consent.Purpose.HOUSE_RULES).order_by("given_at", "id")
    return [(each.version, each.form, each.withdrawn_at is None) for each in found]


class TestReading:
    @pytest.mark.parametrize("name", ["house_rules", "privacy"])
    def test_visitors_and_every_role_read_the_same_text(self, cast: Cast, sign_in: SignIn, name: str) -> None:
        for client in [browser(), *(sign_in(browser(), cast[who]) for who in ROLES)]:
            page = text_of(client.get(reverse(name)))
            assert "Version 1, since" in page
            assert "<h1>" in page

    def test_every_page_leads_to_both(self, cast: Cast, sign_in: SignIn) -> None:
        visitor, neighbour, editor = browser(), *(sign_in(browser(), cast[who]) for who in ("neighbour", "editor"))
        pages = [visitor.get(reverse(name)) for name in ("join", "sign_in", "no_code")]
        pages += [neighbour.get("/"), neighbour.get(reverse("settings")), editor.get(reverse("announcements"))]
        for page in pages:
            assert 'href="/house-rules/"' in text_of(page)
            assert 'href="/privacy/"' in text_of(page)

    def test_the_notice_says_who_answers_for_what_why_and_until_when(self, cast: Cast, settings: Settings) -> None:
        settings.STOEP_PROCESSORS = "Post & Co: letters; Mail Inc: mails"
        Municipality.objects.filter(pk=cast.cities["hasselt"].pk).update(controller="Stad Hasselt & co")

        page = text_of(browser().get(reverse("privacy")))

        assert "Responsible for your data: Stad Hasselt & co." in page
        assert "gegevens@hasselt.example" in page
        assert "Post & Co: letters" in page
        assert "Mail Inc: mails" in page
        for declaration in declarations():
            assert str(declaration.what) in page
            assert all(str(kept.words) in page for kept in declaration.kept)

    def test_without_helpers_it_says_so(self, cast: Cast, settings: Settings) -> None:
        del cast
        settings.STOEP_PROCESSORS = ""
        assert "everything runs on our own server" in text_of(browser().get(reverse("privacy")))

    @pytest.mark.usefixtures("_new_rules")
    def test_an_older_version_stays_readable_and_an_unknown_one_is_none(self, cast: Cast, sign_in: SignIn) -> None:
        client = sign_in(browser(), cast["neighbour"])
        new = text_of(client.get(reverse("house_rules")))
        old = text_of(client.get(reverse("house_rules_version", args=["1"])))
        assert "Version 2, since" in new
        assert reverse("house_rules_version", args=["1"]) in new
        assert "Version 1, since" in old
        assert "you are 16 or older." in old
        assert "I agree" not in old
        assert client.get(reverse("house_rules_version", args=["3"])).status_code == 404
        assert client.get(reverse("privacy_version", args=["3"])).status_code == 404
        assert browser().get(reverse("privacy_version", args=["3"])).status_code == 302


class TestAgreeing:
    def test_joining_notes_the_version_and_the_form_and_asks_for_no_birthday(self, cast: Cast) -> None:
        client = browser()
        type_code(client, letter(cast).code)
        page = text_of(client.get(reverse("join_name")))
        assert "With the button you agree to our rules, and say that you are 16 or older." in page
        assert 'href="/house-rules/"' in page
        assert 'type="checkbox"' not in page
        assert 'type="date"' not in page
        type_name(client)
        assert Consent.objects.count() == 0
        choose_email(client)

        assert agreed(Person.objects.get(name="Jan Maes")) == [("1", "join", True)]

    @pytest.mark.usefixtures("_new_rules")
    def test_new_rules_are_a_quiet_card_until_the_button_is_pressed(self, cast: Cast) -> None:
        client = browser()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(terms, "HOUSE_RULES", HOUSE_RULES)
            person = join_by_email(client, letter(cast).code)
        assert "Read the house rules" in text_of(client.get(reverse("settings")))
        assert "I agree" in text_of(client.get(reverse("house_rules")))

        for _twice in range(2):
            assert client.post(reverse("agreement")).status_code == 302

        assert agreed(person) == [("1", "join", False), ("2", "house-rules", True)]
        assert "Read the house rules" not in text_of(client.get(reverse("settings")))
        assert "I agree" not in text_of(client.get(reverse("house_rules")))

    def test_who_agreed_reads_of_no_change(self, cast: Cast) -> None:
        client = browser()
        join_by_email(client, letter(cast).code)
        assert "Read the house rules" not in text_of(client.get(reverse("settings")))

    @pytest.mark.parametrize("who", ["editor", "moderator", "city-admin"])
    def test_the_citys_staff_is_not_asked(self, cast: Cast, sign_in: SignIn, who: str) -> None:
        client = sign_in(browser(), cast[who])
        assert "Read the house rules" not in text_of(client.get(reverse("settings")))
        assert "I agree" not in text_of(client.get(reverse("house_rules")))
        assert client.post(reverse("agreement")).status_code == 404
        assert agreed(cast[who]) == []

    def test_a_visitor_agrees_to_nothing(self, cast: Cast) -> None:
        del cast
        assert browser().post(reverse("agreement")).status_code == 302
        assert Consent.objects.count() == 0
