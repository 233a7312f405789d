"""What somebody can help with: ticked by themselves, seen by their neighbours, asked once in the second week."""

from datetime import timedelta

import pytest

from stoep.common import clock
from stoep.feed.tests.visits import Visit, page
from stoep.operations.cast import Cast
from stoep.people.models import Person, PersonSkill

QUESTION = "What could you help a neighbour with?"


@pytest.fixture
def ahmed(cast: Cast) -> Visit:
    return Visit(cast["second-neighbour"])


def _ticked(visit: Visit) -> set[str]:
    return set(PersonSkill.objects.filter(person=visit.person).values_list("skill", flat=True))


def _joined(visit: Visit, ago: timedelta) -> None:
    Person.objects.filter(pk=visit.person.pk).update(joined_at=clock.now() - ago)


def test_nothing_is_ticked_until_somebody_ticks_it_and_taking_back_is_as_easy(ahmed: Visit) -> None:
    html = page(ahmed.get("my_skills"))
    assert " checked" not in html
    assert html.count('name="skills"') > 35
    assert ahmed.send("my_skills", skills=["dog", "coffee"])["Location"] == "/settings/?saved"
    assert _ticked(ahmed) == {"dog", "coffee"}
    assert page(ahmed.get("my_skills")).count(" checked") == 2
    ahmed.send("my_skills", skills=["coffee", "taxes"])
    assert _ticked(ahmed) == {"coffee", "taxes"}
    ahmed.send("my_skills")
    assert _ticked(ahmed) == set()


def test_what_is_not_on_the_list_is_refused_and_the_ticks_are_kept(ahmed: Visit) -> None:
    answer = ahmed.send("my_skills", skills=["dog", "flying"])
    assert answer.status_code == 422
    assert 'value="dog" id="id_skills_' in page(answer)
    assert "One of these is not on the list any more." in page(answer)
    assert _ticked(ahmed) == set()


def test_the_profile_tells_it_to_the_own_neighbourhood_and_to_nobody_else(cast: Cast, ahmed: Visit) -> None:
    ahmed.send("my_skills", skills=["dog"])
    ahmed.place("For next door too", adjacent=[cast.neighbourhoods["Tuilt"]])
    tells = {
        key: "Walking a dog" in page(Visit(cast[key]).get("person", ahmed.person.pk))
        for key in ("neighbour", "second-neighbour", "next-neighbourhood", "newcomer")
    }
    assert tells == {"neighbour": True, "second-neighbour": True, "next-neighbourhood": False, "newcomer": False}


def test_it_is_asked_in_the_second_week(ahmed: Visit) -> None:
    _joined(ahmed, timedelta(days=6, hours=23))
    assert QUESTION not in ahmed.feed()
    _joined(ahmed, timedelta(days=7))
    assert ahmed.feed().count(QUESTION) == 1
    assert QUESTION not in ahmed.feed(kind="help")
    assert QUESTION not in ahmed.feed(welcome="")


def test_answered_or_put_away_it_does_not_come_back(cast: Cast, ahmed: Visit) -> None:
    ahmed.send("my_skills")
    assert QUESTION not in ahmed.feed()
    marie = Visit(cast["neighbour"])
    assert QUESTION in marie.feed()
    assert marie.send("skills_dismissal", next="/")["Location"] == "/"
    assert QUESTION not in marie.feed()
    assert _ticked(marie) == set()


def test_a_newcomer_is_not_asked_before_neighbours_can_see_the_answer(cast: Cast) -> None:
    assert QUESTION not in Visit(cast["newcomer"]).feed()
