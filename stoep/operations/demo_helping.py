"""What the demo's neighbours can help with: ticked by some of them in their second week, through the real action."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from random import Random

from stoep.neighbours.helping import ASKED_AFTER, choose_skills
from stoep.operations.demo_diary import Diary
from stoep.people.models import Person
from stoep.people.skills import SKILLS

# Of the cast; who is not named here finds the question above the feed.
OF_CAST = {
    "neighbour": ("dog", "baking", "coffee", "reading_aloud"),
    "ambassador": ("small_repairs", "bicycle", "party", "lift", "hedge"),
}
ANSWER, MOST_TICKED = 0.45, 5


def plan_helping(
    people: Mapping[int, Person], joined: Sequence[tuple[str, datetime]], diary: Diary, *, place: str, now: datetime
) -> None:
    """`people`: by their number, once they are here; `joined`: for each number the key of the cast, and when."""
    chance = Random(f"skills of {place}")  # noqa: S311  invented data, nothing secret
    for number, (key, joins_at) in enumerate(joined):
        at = joins_at + ASKED_AFTER + timedelta(hours=chance.randrange(10, 200))
        ticked = chance.sample(list(SKILLS), chance.randint(1, MOST_TICKED))
        skills = OF_CAST.get(key, ()) if key else ticked if chance.random() < ANSWER else ()
        if skills and at < now:
            diary.note(at, partial(_tick, people, number, skills))


def _tick(people: Mapping[int, Person], number: int, skills: Sequence[str], at: datetime) -> None:
    choose_skills(person=people[number], skills=skills, now=at)
