"""The demo city, made only through the actions of real use, with the clock turned back: whole, or not at all."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from django.contrib.auth.hashers import get_hasher
from django.contrib.sessions.backends.base import SessionBase
from django.db import connection
from django.utils import translation
from django.utils.functional import Promise

from stoep.access.small_numbers import weeks_between
from stoep.cityhall.actions import Places, announce
from stoep.common import clock
from stoep.common.ids import new_id
from stoep.delivery import queue
from stoep.delivery.bell import read_all
from stoep.delivery.digest import HOUR, make_digests, plan_digests
from stoep.delivery.models import DigestBatch
from stoep.feed.visits import since_last_visit
from stoep.joining.actions import join
from stoep.joining.inviting import invite
from stoep.joining.vouching import vouch
from stoep.operations import demo_register
from stoep.operations.cast import CAST, Member
from stoep.operations.demo.facts import municipalities
from stoep.operations.demo.texts import AnnouncementText, announcement_texts
from stoep.operations.demo_desk import help_by_phone
from stoep.operations.demo_diary import Diary, hand_out
from stoep.operations.demo_events import plan_events
from stoep.operations.demo_groups import gather
from stoep.operations.demo_places import DemoCity, codes_of, email_of, found_city, print_letters
from stoep.operations.demo_register import Register, TryCode
from stoep.operations.demo_sharing import share
from stoep.operations.demo_square import FIRST_JOINED, Square, plan_square
from stoep.operations.demo_talk import talk
from stoep.operations.demo_trust import entrust
from stoep.people.models import Membership, Person
from stoep.people.models import RoleName as R
from stoep.places.models import Address, Street, StreetPart
from stoep.rollout.freezing import freeze_week
from stoep.rollout.known_places import recount

# Where visitors of the demo can join: letters of a second round that was printed yesterday.
SECOND_ROUND = {"Kermt": "Koorstraat", "Stevoort": "Sterrebos", "Heilig Hart": "Kuringersteenweg"}
PRINTED_BEFORE = timedelta(hours=20)
ANNOUNCED_AT = (9, 20)
FROZEN_AFTER = timedelta(hours=3, minutes=41)
BELLS_READ = timedelta(days=3)
INVITED, LAST_SEEN, LATER = timedelta(days=9), timedelta(hours=10), timedelta(hours=5)


def build(*, now: datetime) -> None:
    """Fill an empty database, and write down who is who and which codes to try."""
    with _quick_own_keys(), _quick_commits():
        say("Borders, addresses, staff and letters …")
        cities = [found_city(facts, now=now) for facts in municipalities()]
        say("Weeks of neighbours …")
        squares, happened = _live(cities, now=now)
        people = _finish_cast(cities, squares, now=now)
        tried = _second_round(cities[0], now=now)
        invitation = _invitation_to_try(people["neighbour"], now=now)
        residents = help_by_phone(cities[0], "Kermt", now=now)
        hand_out()
        queue.forget_waiting()
        queue.later("delivery.send_mails")
    ids = {key: str(person.pk) for key, person in people.items()}
    names = {member.key: f"{member.name}: {_in_english(member.who)}" for member in CAST}
    demo_register.write(Register(people=ids, names=names, codes=tried, residents=residents, invitation=invitation))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    say(f"{Membership.objects.count()} neighbours; {happened} things happened.")


def _last_evening(now: datetime) -> None:
    """The daily mail of the last 17:00: the cast finds it in the demo's mailbox."""
    here = ZoneInfo("Europe/Brussels")
    five = now.astimezone(here).replace(hour=HOUR, minute=0, second=0, microsecond=0)
    at = (five if five <= now else five - timedelta(days=1)).astimezone(now.tzinfo)
    with clock.frozen(at):
        plan_digests(now=at)
        for batch_id in DigestBatch.objects.filter(done_at=None).values_list("pk", flat=True):
            make_digests(batch_id, now=at)


def _in_english(words: Promise) -> str:
    """The person at the keyboard reads English, whatever the city speaks."""
    with translation.override("en"):
        return str(words)


def say(text: str) -> None:
    print(text, flush=True)


@contextmanager
def _quick_own_keys() -> Iterator[None]:
    """Nobody knows the own keys of invented people, so they need not cost a tenth of a second each.

    A hash carries its own cost, so the real hasher reads these too; no code outside this block sees the change.
    """
    hasher = get_hasher()
    hasher.work_factor = 2  # type: ignore[attr-defined]  # scrypt's; the tests' hasher has none and does not mind
    try:
        yield
    finally:
        del hasher.work_factor  # type: ignore[attr-defined]


@contextmanager
def _quick_commits() -> Iterator[None]:
    """A power cut while building loses the city, and it is built anew; so nothing waits for the disk before the end."""
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit TO off")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET synchronous_commit")


def _live(cities: list[DemoCity], *, now: datetime) -> tuple[list[Square], int]:
    diary = Diary()
    squares = [
        plan_square(city, facts, _cast_of(city, facts.name), diary, now=now)
        for city in cities
        for facts in city.facts.neighbourhoods
        if facts.members
    ]
    for text in announcement_texts():
        at = _announced_at(text, now=now)
        diary.note(at, partial(_announce, cities[0], text))
    for city in cities:
        zone = ZoneInfo(city.municipality.time_zone)
        for week in weeks_between(now - FIRST_JOINED, now, zone):
            frozen_at = min(week.end + FROZEN_AFTER, now)
            diary.note(frozen_at, partial(_freeze, city))
    diary.note(now - BELLS_READ, _read_bells)
    return squares, diary.play()


def _read_bells(at: datetime) -> None:
    """Whoever was rung until then looked: a bell with a hundred notices is no demo."""
    for person in Person.objects.filter(unread_count__gt=0):
        read_all(person=person, now=at)


def _cast_of(city: DemoCity, place: str) -> list[Member]:
    return [member for member in CAST if member.city == city.facts.slug and member.home == place]


def _freeze(city: DemoCity, at: datetime) -> None:
    freeze_week(municipality=city.municipality, now=at)


def _announced_at(text: AnnouncementText, *, now: datetime) -> datetime:
    """In the morning of its day; what is told today, and not before that hour, is two hours old."""
    hour, minute = ANNOUNCED_AT
    day = (now - timedelta(days=text.days_ago)).astimezone(ZoneInfo("Europe/Brussels"))
    at = day.replace(hour=hour, minute=minute, second=0, microsecond=0).astimezone(now.tzinfo)
    return min(at, now - timedelta(hours=2))


def _announce(city: DemoCity, text: AnnouncementText, at: datetime) -> None:
    announce(
        author=city.editors[text.department],
        department=city.departments[text.department],
        title=text.title,
        body=text.body,
        places=_places(city, text),
        comments_open=text.comments_open,
        request_key=new_id(),
        now=at,
    )


def _places(city: DemoCity, text: AnnouncementText) -> Places:
    if text.audience == "city":
        return Places(everybody=True)
    if text.audience == "neighbourhoods":
        return Places(neighbourhoods=[city.places[name] for name in text.names])
    parts = StreetPart.objects.filter(neighbourhood=city.places[text.neighbourhood])
    return Places(parts=[parts.get(street__name=name) for name in text.names])


def _street(city: DemoCity, name: str) -> Street:
    return Street.objects.get(municipality=city.municipality, name=name)


def _finish_cast(cities: list[DemoCity], squares: list[Square], *, now: datetime) -> dict[str, Person]:
    """The cast by key, as their own actions and those of the staff made them."""
    people = {key: person for square in squares for key, person in square.cast.items()}
    for city in cities:
        people |= city.staff
    entrust(people, next(square.place for square in squares if "ambassador" in square.cast), now=now)
    talk(people, now=now)
    gather(people, now=now)
    share(people, now=now)
    people["newcomer"] = _invited(people["neighbour"], people["second-neighbour"], now=now - INVITED)
    home = next(square for square in squares if "neighbour" in square.cast)
    plan_events(cities[0], home.place, _who_meet(home), now=now)
    for city in cities:
        recount(city.municipality)
    _last_evening(now)
    for key in ("neighbour", "second-neighbour", "next-neighbourhood", "ambassador", "other-city"):
        since_last_visit(SessionBase(), people[key], now=now - LAST_SEEN)
    return people


def _who_meet(square: Square) -> list[Person]:
    """The cast first: they plan. Whoever is paused comes to nothing."""
    known = [square.cast["second-neighbour"], square.cast["ambassador"], square.cast["neighbour"]]
    away = {square.cast["suspended"].pk, *(person.pk for person in known)}
    return [*known, *(person for person in square.people.values() if person.pk not in away)]


def _invited(host: Person, friend: Person, *, now: datetime) -> Person:
    """Came with a neighbour's invitation; one of the two who must know them has said so."""
    member = next(one for one in CAST if one.role == R.PROVISIONAL)
    invitation = invite(person=_fresh(host), request_key=new_id(), now=now)
    person = join(code=invitation, name=member.name, email=email_of(member), now=now)
    Person.objects.filter(pk=person.pk).update(email_confirmed_at=now)
    vouch(person=_fresh(friend), membership=person.memberships.get(), now=now + LATER)
    return person


def _invitation_to_try(host: Person, *, now: datetime) -> str:
    """The path of a link for who visits the demo."""
    invitation = invite(person=_fresh(host), request_key=new_id(), now=now - PRINTED_BEFORE)
    return f"/i/{invitation.token}/"


def _fresh(person: Person) -> Person:
    """With the standing of now: while the city was made, people joined and moved."""
    return Person.objects.get(pk=person.pk)


def _second_round(city: DemoCity, *, now: datetime) -> list[TryCode]:
    """Letters that wait to be fetched; one unused code of each street for who visits the demo."""
    streets = [_street(city, name) for name in SECOND_ROUND.values()]
    run = print_letters(city, streets=streets, now=now, before=PRINTED_BEFORE)
    fresh = codes_of(run)
    free = Address.objects.filter(pk__in=fresh, household=None).order_by("number", "box")
    found = []
    for place, street in SECOND_ROUND.items():
        door = free.filter(neighbourhood__name=place, street__name=street).first()
        assert door is not None  # noqa: S101  there are more doors than members in every street
        found.append(TryCode(fresh[door.pk], street, place))
    return found
