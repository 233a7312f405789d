"""A son joins for his mother, from her letter: she is in with an own key, and he is who he was."""

import re
from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse

from stoep.access.models import Hits
from stoep.joining import codes
from stoep.joining.models import CodeUse
from stoep.joining.tests.door import browser, letter, signed_in, text_of
from stoep.operations.cast import Cast
from stoep.people.models import Membership, Person

PAGE, CARD = "/join/for-somebody/", "/join/for-somebody/card/"
MOTHER = "Godelieve Peeters"


def plan_in(client: Client) -> str:
    found = re.search(r'name="plan" value="([^"]+)"', text_of(client.get(PAGE)))
    assert found is not None
    return found[1]


def form(client: Client, code: str, name: str = MOTHER, **more: str) -> dict[str, str]:
    return {"code": code, "name": name, "agreed": "on", "plan": plan_in(client), **more}


def key_on_card(client: Client) -> str:
    found = re.search(r"\d{3} \d{3}", text_of(client.get(CARD)))
    assert found is not None
    return found[0]


def come_back(code: str, own_key: str) -> Person | None:
    client = browser()
    client.post(reverse("sign_in_letter"), {"code": code, "own_key": own_key})
    return signed_in(client)


def test_the_first_screen_leads_there_also_for_who_is_in_already(cast: Cast) -> None:
    son = browser()
    assert PAGE in text_of(son.get(reverse("join")))
    son.force_login(cast["neighbour"], backend="stoep.people.backend.PersonBackend")
    assert PAGE in text_of(son.get(reverse("join")))


def test_she_is_in_and_comes_back_with_the_card_and_he_is_nobody(cast: Cast) -> None:
    paper, son = letter(cast, street="Koorstraat"), browser()
    assert son.post(PAGE, form(son, paper.code)).headers["Location"] == CARD
    assert signed_in(son) is None
    mother = CodeUse.objects.get(code=paper.row).person
    assert (mother.name, mother.email) == (MOTHER, "")
    assert Membership.objects.get(person=mother).proof == "letter"
    card = text_of(son.get(CARD))
    assert MOTHER in card
    assert "/sign-in/letter/" in card
    assert come_back(paper.code, key_on_card(son)) == mother


def test_a_neighbour_who_helps_stays_who_they_are(cast: Cast) -> None:
    paper, son = letter(cast, street="Koorstraat"), browser()
    son.force_login(cast["neighbour"], backend="stoep.people.backend.PersonBackend")
    until = son.session.get_expiry_date()
    son.post(PAGE, form(son, paper.code))
    assert signed_in(son) == cast["neighbour"]
    assert abs((son.session.get_expiry_date() - until).total_seconds()) < 60
    assert son.get(CARD).status_code == 200


def test_the_card_is_shown_until_it_is_done_and_never_again(cast: Cast) -> None:
    paper, son = letter(cast, street="Koorstraat"), browser()
    son.post(PAGE, form(son, paper.code))
    assert key_on_card(son) == key_on_card(son)
    assert son.post(CARD).status_code == 302
    assert son.get(CARD).headers["Location"] == reverse("join")


def test_sent_twice_it_makes_one_person_with_one_key(cast: Cast) -> None:
    paper, son = letter(cast, street="Koorstraat"), browser()
    given = form(son, paper.code)
    son.post(PAGE, given)
    first = key_on_card(son)
    son.post(PAGE, given)
    assert key_on_card(son) == first
    assert come_back(paper.code, first) == Person.objects.get(name=MOTHER)


def test_the_same_form_with_other_words_makes_another_person_with_another_key(cast: Cast) -> None:
    paper, other, son = letter(cast, street="Koorstraat"), letter(cast, street="Koorstraat", at=0), browser()
    given = form(son, paper.code)
    son.post(PAGE, given)
    hers = key_on_card(son)
    son.post(PAGE, given | {"name": "Jef Peeters"})
    his = key_on_card(son)
    son.post(PAGE, given | {"code": other.code})
    assert Person.objects.filter(name=MOTHER).count() == 2
    assert len({hers, his, key_on_card(son)}) == 3
    assert come_back(paper.code, his) == Person.objects.get(name="Jef Peeters")


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"agreed": ""}, "Ask them first"),
        ({"name": "Godelieve"}, "first and your last name"),
        ({"name": "Politie Hasselt"}, "speaks for an office"),
        ({"code": "482917365500"}, "One digit is not right"),
        ({"code": "482917365501"}, "We do not know this code"),
        ({"plan": "not ours"}, ""),
    ],
    ids=["not asked", "short", "office", "typo", "unknown", "forged"],
)
def test_the_doors_own_rules_hold(wrong: dict[str, str], words: str, cast: Cast) -> None:
    paper, son, before = letter(cast, street="Koorstraat"), browser(), Person.objects.count()
    answer = son.post(PAGE, form(son, paper.code) | wrong)
    is_forged = "plan" in wrong
    assert answer.status_code == (302 if is_forged else 422)
    assert is_forged or words in text_of(answer)
    assert Person.objects.count() == before + is_forged


def test_guesses_here_count_with_those_of_the_other_door(cast: Cast, still_clock: datetime) -> None:
    del still_clock
    paper, son = letter(cast, street="Koorstraat"), browser()
    given = form(son, paper.code)
    for _each in range(10):
        assert son.post(PAGE, given | {"code": codes.new_codes(1)[0]}).status_code == 422
    assert son.post(PAGE, given).status_code == 429
    assert Hits.objects.filter(bucket__startswith="wrong letter codes of a network").exists()
    assert not CodeUse.objects.filter(code=paper.row).exists()
