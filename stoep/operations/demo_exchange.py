"""How the demo's neighbours help each other: when and where they ask, and one request with which somebody helps."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from itertools import cycle
from typing import Any
from uuid import UUID

from stoep.exchange.helping import choose_helper, offer_help
from stoep.exchange.helping_part import HELP
from stoep.feed.models import Post
from stoep.operations.demo.history import Event, PostEvent, ReplyEvent, SolveEvent
from stoep.operations.demo_diary import Diary
from stoep.people.models import Person

WHEN, WHERE = ("week", "", "today"), ("home", "street", "neighbourhood", "")
THOUGHT_FOR = timedelta(minutes=4)


class Asking:
    """The answers to the questions of a request, one after the other."""

    def __init__(self) -> None:
        self._when, self._where = cycle(WHEN), cycle(WHERE)

    def of(self, kind: str, at: datetime) -> Callable[[Post], None] | None:
        if kind not in HELP.kinds:
            return None
        facts: dict[str, Any] = {
            "when": next(self._when),
            "day": None,
            "where": next(self._where),
            "skill": "",
            "if_nobody": [],
        }
        return partial(HELP.write, answers=facts, now=at)


def plan_choice(
    people: Mapping[int, Person], posts: Mapping[int, Post], events: Sequence[Event], diary: Diary, *, now: datetime
) -> None:
    """With the newest open request that somebody answered: they offer their help, and it is taken."""
    solved = {event.post for event in events if isinstance(event, SolveEvent)}
    asked = [event for event in events if isinstance(event, PostEvent) and event.text.kind in HELP.kinds]
    for request in reversed([event for event in asked if event.post not in solved]):
        answers = (event for event in events if isinstance(event, ReplyEvent) and event.post == request.post)
        answer = next((event for event in answers if event.author != request.author), None)
        if answer is not None and answer.at + 2 * THOUGHT_FOR < now:
            diary.note(answer.at + THOUGHT_FOR, partial(_helped, people, posts, request, answer.author))
            return


def _helped(
    people: Mapping[int, Person], posts: Mapping[int, Post], request: PostEvent, helper: int, at: datetime
) -> None:
    post = posts[request.post]
    offer = offer_help(person=people[helper], post=post, now=at)
    choose_helper(author=people[request.author], post=post, offer_id=UUID(str(offer.pk)), now=at + THOUGHT_FOR)
