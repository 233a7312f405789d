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
from stoep.common.ids import new_id
from stoep.delivery import queue
from stoep.feed.visits import since_last_visit
from stoep.operations import demo_register
from stoep.operations.cast import CAST, Member
from stoep.operations.demo.facts import municipalities
from stoep.operations.demo.texts import AnnouncementText, announcement_texts
from stoep.operations.demo_diary import Diary
from stoep.operations.demo_places import DemoCity, codes_of, email_of, found_city, print_letters
from stoep.operations.demo_register import Register, TryCode
from stoep.operations.demo_square import FIRST_JOINED, Square, plan_square
from stoep.people.models import Membership, Person, Role, Suspension
from stoep.people.models import RoleName as R
from stoep.places.models import Address, Street, StreetPart
from stoep.rollout.freezing import freeze_week
from stoep.rollout.known_places import recount

# Where visitors of the demo can join: letters of a second round that was printed yesterday.
SECOND_ROUND = {"Kermt": "Koorstraat", "Stevoort": "Sterrebos", "Heilig Hart": "Kuringersteenweg"}
PRINTED_BEFORE = timedelta(hours=20)
ANNOUNCED_AT = (9, 20)
FROZEN_AFTER = timedelta(hours=3, minutes=41)
INVITED, PAUSED, LAST_SEEN = timedelta(days=9), timedelta(days=4), timedelta(hours=10)


def build(*, now: datetime) -> None:
    """Fill an empty database, and write down who is who and which codes to try."""
    with _quick_own_keys(), _quick_commits():
        say("Borders, addresses, staff and letters …")
        cities = [found_city(facts, now=now) for facts in municipalities()]
        say("Weeks of neighbours …")
        squares, happened = _live(cities, now=now)
        people = _finish_cast(cities, squares, now=now)
        tried = _second_round(cities[0], now=now)
        queue.forget_waiting()
        queue.later("delivery.send_mails")
    ids = {key: str(person.pk) for key, person in people.items()}
    names = {member.key: f"{member.name}: {_in_english(member.who)}" for member in CAST}
    demo_register.write(Register(people=ids, names=names, codes=tried))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    say(f"{Membership.objects.count()} neighbours; {happened} things happened.")


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
    return squares, diary.play()


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
    """The cast by key. What no action does yet (task, pause, invitation) is written as those actions will."""
    people = {key: person for square in squares for key, person in square.cast.items()}
    for city in cities:
        people |= city.staff
    Role.objects.create(person=people["ambassador"], role=R.AMBASSADOR, granted_at=now - INVITED)
    reason = "Schreef na twee waarschuwingen opnieuw kwetsende woorden."
    Suspension.objects.create(
        person=people["suspended"], imposed_by=people["moderator"], reason=reason, started_at=now - PAUSED
    )
    people["newcomer"] = _invited(cities[0], people["neighbour"], now=now - INVITED)
    for city in cities:
        recount(city.municipality)
    for key in ("neighbour", "second-neighbour", "next-neighbourhood", "ambassador", "other-city"):
        since_last_visit(SessionBase(), people[key], now=now - LAST_SEEN)
    return people


def _invited(city: DemoCity, host: Person, *, now: datetime) -> Person:
    """Provisional members come by invitation, which is not built yet: the rows that it will leave."""
    member = next(one for one in CAST if one.role == R.PROVISIONAL)
    person = Person(municipality=city.municipality, name=member.name, joined_at=now)
    person.set_email(email_of(member))
    person.email_confirmed_at = now
    person.save()
    Membership.objects.create(
        person=person,
        neighbourhood=city.places[member.home],
        standing=Membership.Standing.PROVISIONAL,
        proof=Membership.Proof.INVITATION,
        invited_by=host,
        started_at=now,
    )
    return person


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
