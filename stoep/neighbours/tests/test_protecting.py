"""Who does not want to be found: another name everywhere, no street, in no list, and one's own to go back to."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from stoep.common import clock
from stoep.delivery.digest import make_digests, plan_digests
from stoep.delivery.models import DigestBatch, Mail, OutboxEntry
from stoep.delivery.sending import handle_entry
from stoep.feed.tests.visits import Visit, page
from stoep.neighbours.actions import change_name
from stoep.neighbours.helping import choose_skills
from stoep.operations.cast import Cast
from stoep.people.models import Membership, Person
from stoep.people.queries import may_be_written_first
from stoep.people.skills import people_who_can
from stoep.rollout.known_places import recount

CHOSEN = "Noor Vrij"


@pytest.fixture
def ahmed(cast: Cast) -> Visit:
    return Visit(cast["second-neighbour"])


@pytest.fixture
def marie(cast: Cast) -> Visit:
    return Visit(cast["neighbour"])


def _choose(visit: Visit, name: str) -> Any:
    return visit.client.post("/me/protected/", {"name": name})


def _protect(visit: Visit, name: str = CHOSEN) -> None:
    assert _choose(visit, name).status_code == 302


def _now(visit: Visit) -> Person:
    return Person.objects.get(pk=visit.person.pk)


def test_no_page_and_no_mail_of_a_neighbour_holds_the_own_name(cast: Cast, ahmed: Visit, marie: Visit) -> None:
    asked, said = marie.place("Who has a ladder?", kind="help_wanted"), ahmed.place("A bicycle found")
    ahmed.answer(asked, "I have one.")
    marie.answer(said, "Not mine.")
    assert "Ahmed" in marie.feed()  # the cards are kept with this name
    Mail.objects.all().delete()
    _protect(ahmed)
    at = ahmed.person.pk
    pages = [
        marie.feed(),
        marie.read(said),
        marie.read(asked),
        *(page(marie.get(name)) for name in ("people", "people_map", "notifications", "my_posts", "blocks")),
        *(page(marie.get(name, at)) for name in ("person", "block")),
        *(page(marie.get("report", kind, it)) for kind, it in (("person", at), ("post", said.pk))),
        page(marie.get("solution", asked.pk)),
        *(page(marie.get("search", q=words)) for words in ("Amran", "Koorstraat", "bicycle", "Noor")),
        *(page(Visit(cast[key]).get("person", at)) for key in ("ambassador", "newcomer")),
        page(Visit(cast["ambassador"]).get("ambassador")),
    ]
    for entry in OutboxEntry.objects.all():
        handle_entry(entry.pk, now=clock.now())
    evening = (clock.now() + timedelta(days=1)).replace(hour=18)
    with clock.frozen(evening):
        plan_digests(now=evening)
        for batch in DigestBatch.objects.all():
            make_digests(batch.pk, now=evening)
    mails = [f"{mail.subject} {mail.text} {mail.html}" for mail in Mail.objects.all()]
    assert sum(CHOSEN in each for each in pages) > 6
    assert any("Noor" in each for each in mails)
    assert [each for each in [*pages, *mails] if "Amrani" in each or "Ahmed" in each] == []


def test_neither_the_list_nor_a_search_nor_a_skill_leads_there(cast: Cast, ahmed: Visit, marie: Visit) -> None:
    choose_skills(person=ahmed.person, skills=["dog"], now=clock.now())
    _protect(ahmed)
    assert CHOSEN not in page(marie.get("people"))
    assert CHOSEN not in page(marie.get("people", skill="dog"))
    assert CHOSEN not in page(marie.get("search", q="Noor"))
    assert not people_who_can("dog", cast.neighbourhoods["Kermt"].pk).exists()
    assert (may_be_written_first(_now(ahmed)), may_be_written_first(_now(marie))) == (False, True)


def test_the_street_is_hidden_and_stays_so_whatever_is_counted_anew(cast: Cast, ahmed: Visit, marie: Visit) -> None:
    ahmed.place()
    _protect(ahmed)
    recount(cast.cities["hasselt"])
    assert Membership.objects.get(person=ahmed.person).shown_street is None
    assert ahmed.send("my_street", shown="street")["Location"] == "/me/protected/"
    assert "Koorstraat" not in page(marie.get("person", ahmed.person.pk))


def test_the_own_name_lies_sealed_and_is_shown_to_oneself_alone(ahmed: Visit) -> None:
    _protect(ahmed)
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(p)::text FROM people_person p WHERE id = %s", [ahmed.person.pk])
        [kept] = cursor.fetchone()
    assert CHOSEN in kept
    assert "Amrani" not in kept
    assert "Then neighbours see Ahmed El Amrani again." in page(ahmed.get("my_protection"))


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("", "Choose a first and a last name."),
        ("Noor", "Give your first and your last name."),
        ("Stad Hasselt", "This name speaks for an office."),
        ("Noor AMRANI", "Your own last name is in it."),
    ],
)
def test_a_name_that_will_not_do_is_refused_with_its_reason(name: str, words: str, ahmed: Visit) -> None:
    answer = _choose(ahmed, name)
    assert answer.status_code == 422
    assert words in page(answer)
    assert not _now(ahmed).is_protected


def test_under_another_chosen_name_the_own_one_is_kept_and_stopping_brings_it_back(ahmed: Visit) -> None:
    _protect(ahmed)
    since = _now(ahmed).protected_at
    _protect(ahmed, "Robin Vrij")
    person = _now(ahmed)
    assert (person.name, person.own_name, person.protected_at) == ("Robin Vrij", "Ahmed El Amrani", since)
    _protect(ahmed, "Sam Vrij")
    assert _choose(ahmed, "Kim Vrij").status_code == 429
    ahmed.send("end_protection")
    ahmed.send("end_protection")
    person = _now(ahmed)
    assert (person.name, person.own_name, person.is_protected) == ("Ahmed El Amrani", "", False)
    assert Membership.objects.get(person=person).shown_street is None


def test_a_name_that_the_desk_puts_right_is_the_own_one_and_comes_to_nobodys_eyes(ahmed: Visit) -> None:
    _protect(ahmed)
    for name in (CHOSEN, "Ahmed El Amranni"):
        change_name(person=_now(ahmed), name=name, now=clock.now())
    assert (_now(ahmed).name, _now(ahmed).own_name) == (CHOSEN, "Ahmed El Amranni")
