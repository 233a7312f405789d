"""What neighbours can help with: a short fixed list, and who can help with one thing."""

import pytest

from stoep.common import clock
from stoep.operations.cast import Cast
from stoep.people.models import Person, PersonSkill
from stoep.people.skills import GROUPS, SKILLS, people_who_can, skills_of

LONGEST_KEY = 20


def test_the_list_is_short_enough_to_read_and_no_key_stands_there_twice() -> None:
    assert 38 <= len(SKILLS) <= 44
    assert len(SKILLS) == sum(len(group.skills) for group in GROUPS)
    assert len({str(words) for words in SKILLS.values()}) == len(SKILLS)
    assert max(map(len, SKILLS)) <= LONGEST_KEY == PersonSkill._meta.get_field("skill").max_length
    assert max(len(group.skills) for group in GROUPS) <= 10


@pytest.mark.django_db
def test_who_can_help_are_full_neighbours_of_that_place_who_are_here(cast: Cast) -> None:
    for person in cast.values():
        PersonSkill.objects.create(person=person, skill="dog", created_at=clock.now())
    kermt = cast.neighbourhoods["Kermt"].pk
    names = {person.name for person in people_who_can("dog", kermt)}
    assert names == {"Marie Peeters", "Ahmed El Amrani", "Jos Vandersmissen"}
    Person.objects.filter(pk=cast["ambassador"].pk).update(left_at=clock.now())
    assert people_who_can("dog", kermt).count() == 2
    assert not people_who_can("coffee", kermt).exists()


@pytest.mark.django_db
def test_what_is_not_on_the_list_any_more_is_not_told(cast: Cast) -> None:
    marie = cast["neighbour"]
    for key in ("coffee", "of_last_year", "dog"):
        PersonSkill.objects.create(person=marie, skill=key, created_at=clock.now())
    assert skills_of([marie.pk, cast["ambassador"].pk]) == {marie.pk: ["dog", "coffee"]}
