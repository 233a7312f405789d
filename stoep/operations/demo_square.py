"""One neighbourhood of the demo: who joins at which door and when, and what they write to each other."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from io import BytesIO
from random import Random

from stoep.access.audience import home_audience
from stoep.access.models import Audience
from stoep.common.ids import new_id
from stoep.delivery.models import Mail
from stoep.feed.actions import publish_comment, publish_post, thank
from stoep.feed.drafts import DraftWords, add_draft_photo, keep_draft
from stoep.feed.editing import solve_request
from stoep.feed.models import Draft, Post
from stoep.joining import codes
from stoep.joining.actions import join
from stoep.joining.confirming import confirm_email
from stoep.joining.models import LetterCode
from stoep.media.making import make
from stoep.neighbours.photos import set_profile_photo
from stoep.operations.cast import Member
from stoep.operations.demo.drawing import DRAWINGS, drawing
from stoep.operations.demo.facts import DemoNeighbourhood
from stoep.operations.demo.history import (
    LOCAL,
    Event,
    PostEvent,
    ReplyEvent,
    SolveEvent,
    ThankEvent,
    history,
)
from stoep.operations.demo.people import people
from stoep.operations.demo.texts import PostText
from stoep.operations.demo_diary import Act, Diary
from stoep.operations.demo_exchange import Asking, plan_choice
from stoep.operations.demo_helping import plan_helping
from stoep.operations.demo_places import DemoCity, demo_person, email_of
from stoep.people.models import Person
from stoep.people.models import RoleName as R
from stoep.places.models import Address, Neighbourhood

WEEKS = 6
# The post was there two days after the letters were printed.
FIRST_JOINED = timedelta(days=50)
# Every sixth person lives with the one before.
HOUSEHOLD_EVERY = 6
STREETS = {
    "neighbour": "Diestersteenweg",
    "second-neighbour": "Koorstraat",
    "ambassador": "Molenstraat",
    "suspended": "Heerstraat",
}
# Chosen so that those of the cast who may write have written something lately, and answered each other.
SEEDS = {"Kermt": "5866", "Tuilt": "1", "Rooierheide": "2"}
CAST_JOINED_WITHIN = timedelta(days=4)
CONFIRMED_WITHIN = timedelta(minutes=4)
CONFIRM_LINK = re.compile(r"/e-mail/([^/\s]+)/")


@dataclass(frozen=True)
class Resident:
    """Somebody who joins. `key`: of the cast, who have an address for mail; all others keep an own key."""

    name: str
    code: str
    joins_at: datetime
    key: str = ""
    email: str = ""


@dataclass
class Square:
    """A neighbourhood in the making: `people` have joined so far, by their number in the history."""

    place: Neighbourhood
    people: dict[int, Person] = field(default_factory=dict)
    posts: dict[int, Post] = field(default_factory=dict)
    cast: dict[str, Person] = field(default_factory=dict)
    asking: Asking = field(default_factory=Asking)

    def join(self, number: int, resident: Resident, at: datetime) -> None:
        code = LetterCode.objects.get(code_hash=codes.code_hash(resident.code))
        own_key = "" if resident.email else codes.new_own_key()
        person = join(code=code, name=resident.name, email=resident.email, own_key=own_key, now=at)
        if resident.email:
            _confirm(person, at + CONFIRMED_WITHIN)
        self.people[number] = person
        if resident.key:
            self.cast[resident.key] = person
            if (face := f"face-{resident.key}") in DRAWINGS:
                show_face(person, face, at + CONFIRMED_WITHIN)

    def post(self, event: PostEvent, at: datetime) -> None:
        author, text = self.people[event.author], event.text
        self.posts[event.post] = publish_post(
            author=author,
            audience=self._audience(text.reach),
            kind=text.kind,
            title=text.title,
            body=text.body,
            draft=_draft_with_photo(author, text, at) if text.photo else None,
            also=self.asking.of(text.kind, at),
            request_key=new_id(),
            now=at,
        )

    def reply(self, event: ReplyEvent, at: datetime) -> None:
        post = self.posts[event.post]
        publish_comment(author=self.people[event.author], post=post, body=event.text, request_key=new_id(), now=at)

    def thank(self, event: ThankEvent, at: datetime) -> None:
        """Who has not joined yet cannot thank."""
        if event.author in self.people:
            thank(person=self.people[event.author], post=self.posts[event.post], now=at)

    def solve(self, event: SolveEvent, at: datetime) -> None:
        solve_request(
            author=self.people[event.author],
            post=self.posts[event.post],
            helper=self.people[event.helper],
            thank_you=event.thank_you,
            now=at,
        )

    def _audience(self, reach: str) -> Audience:
        adjacent = list(self.place.adjacent.filter(retired_at=None)) if reach == "adjacent" else []
        return home_audience(self.place, adjacent=adjacent, shared_with_city=reach == "city")


def _draft_with_photo(author: Person, text: PostText, at: datetime) -> Draft | None:
    """Taken with the phone, described, and made as the worker would."""
    file = BytesIO(drawing(text.photo))
    photo = add_draft_photo(author=author, words=DraftWords(title=text.title), file=file, now=at)
    make(photo.pk)
    return keep_draft(author=author, words=DraftWords(title=text.title), alts={photo.pk: text.alt}, now=at)


def show_face(person: Person, name: str, at: datetime) -> None:
    make(set_profile_photo(person=person, file=BytesIO(drawing(name)), now=at).pk)


def plan_square(
    city: DemoCity, facts: DemoNeighbourhood, members: Sequence[Member], diary: Diary, *, now: datetime
) -> Square:
    """Note everything that happens in one neighbourhood; `members`: those of the cast who live there."""
    square = Square(city.places[facts.name])
    joining = [member for member in members if member.role != R.PROVISIONAL]
    taken = frozenset(member.name for member in members)
    others = people(facts.members - len(members), seed=facts.code, taken=taken)
    # Who is paused says nothing: history counts them last and does not know them.
    joining.sort(key=lambda member: member.role == R.SUSPENDED)
    silent = sum(member.role == R.SUSPENDED for member in joining)
    loud = joining[: len(joining) - silent]
    voices = [*(demo_person(member).voice for member in loud), *(person.voice for person in others)]
    events = _history(facts, voices, now=now)
    names: list[Member | str] = [*loud, *(person.name for person in others), *joining[len(loud) :]]
    residents = _residents(city, square.place, names, events, now)
    for number, resident in enumerate(residents):
        diary.note(resident.joins_at, partial(square.join, number, resident))
    joined = [(resident.key, resident.joins_at) for resident in residents]
    plan_helping(square.people, joined, diary, place=facts.code, now=now)
    for event in events:
        diary.note(event.at, _act(square, event))
    plan_choice(square.people, square.posts, events, diary, now=now)
    return square


def _history(facts: DemoNeighbourhood, voices: Sequence[str], *, now: datetime) -> list[Event]:
    seed = SEEDS.get(facts.name, "")
    return history(neighbourhood=facts, people_count=len(voices), weeks=WEEKS, now=now, seed=seed, voices=voices)


def _act(square: Square, event: Event) -> Act:
    match event:
        case PostEvent():
            return partial(square.post, event)
        case ReplyEvent():
            return partial(square.reply, event)
        case ThankEvent():
            return partial(square.thank, event)
        case SolveEvent():
            return partial(square.solve, event)


def _residents(
    city: DemoCity, place: Neighbourhood, names: Sequence[Member | str], events: Sequence[Event], now: datetime
) -> list[Resident]:
    chance = Random(f"doors of {place.code}")  # noqa: S311  invented data, nothing secret
    doors = _doors(place, names, chance)
    deadlines = _first_words(events)
    found = []
    for number, (one, door) in enumerate(zip(names, doors, strict=True)):
        first_word = deadlines.get(number, now - timedelta(hours=14))
        if isinstance(one, Member):
            joins_at = _joining_moment(min(first_word, now - FIRST_JOINED + CAST_JOINED_WITHIN), chance, now=now)
            found.append(Resident(one.name, city.codes[door.pk], joins_at, one.key, email_of(one)))
        else:
            joins_at = _joining_moment(first_word, chance, now=now)
            found.append(Resident(one, city.codes[door.pk], joins_at))
    return found


def _doors(place: Neighbourhood, names: Sequence[Member | str], chance: Random) -> list[Address]:
    """A letterbox for each: the cast's where their story says, the others' anywhere, now and then two behind one."""
    living = Address.objects.filter(neighbourhood=place, retired_at=None).select_related("street")
    order = ("street__name", "number", "box")
    chosen = chance.sample(list(living.order_by(*order)), len(names))
    for number in range(HOUSEHOLD_EVERY, len(names), HOUSEHOLD_EVERY):
        chosen[number] = chosen[number - 1]
    taken = {door.pk for door in chosen}
    for number, one in enumerate(names):
        if isinstance(one, Member) and one.key in STREETS:
            wanted = living.filter(street__name=STREETS[one.key]).exclude(pk__in=taken).order_by(*order)
            chosen[number] = chance.choice(list(wanted))
            taken.add(chosen[number].pk)
    return chosen


def _first_words(events: Sequence[Event]) -> dict[int, datetime]:
    """When each is first heard of; a thank-you does not count, it waits for its giver."""
    found: dict[int, datetime] = {}
    for event in events:
        if not isinstance(event, ThankEvent):
            found.setdefault(event.author, event.at)
    return found


def _joining_moment(first_word: datetime, chance: Random, *, now: datetime) -> datetime:
    """Somewhere between the letter and the first word, by day."""
    first, last = now - FIRST_JOINED, first_word - timedelta(minutes=30)
    moment = first + (last - first) * chance.random()
    by_day = moment.astimezone(LOCAL).replace(hour=chance.randrange(8, 22)).astimezone(now.tzinfo)
    return max(first, min(by_day, last))


def _confirm(person: Person, at: datetime) -> None:
    """Click the link in the mail that asks whether the address is right."""
    asked = Mail.objects.filter(person=person).latest("made_at")
    found = CONFIRM_LINK.search(asked.text)
    assert found is not None  # noqa: S101  the mail to a new address holds nothing else
    confirm_email(token=found.group(1), now=at)
