"""What two of the demo's neighbours say to each other in private, so that their chat is not empty."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial

from stoep.common.ids import new_id
from stoep.conversations.actions import start_conversation
from stoep.operations.demo_diary import Diary
from stoep.people.models import Person

BEGUN = timedelta(days=1, hours=3)
BETWEEN = timedelta(minutes=4)
LINES = (
    ("neighbour", "Dag Ahmed, heb jij toevallig nog die lange ladder? Onze dakgoot zit vol bladeren."),
    ("second-neighbour", "Zeker! Ze staat in de garage. Morgen na zes ben ik thuis."),
    ("neighbour", "Super. Dan kom ik om half zeven. Ik breng taart mee."),
    ("second-neighbour", "Taart is altijd goed. Tot dan!"),
)


def talk(people: Mapping[str, Person], *, now: datetime) -> None:
    """`people`: the cast by key."""
    diary = Diary()
    for turn, (key, words) in enumerate(LINES):
        other = next(each for each, _words in LINES if each != key)
        diary.note(now - BEGUN + turn * BETWEEN, partial(_say, people, (key, other), words))
    diary.play()


def _say(people: Mapping[str, Person], pair: tuple[str, str], words: str, at: datetime) -> None:
    """In the one place where these two talk."""
    author, other = (Person.objects.get(pk=people[key].pk) for key in pair)
    start_conversation(person=author, others=[other], body=words, request_key=new_id(), now=at)
