"""What the demo's agenda holds: a street party, a walk every week, and an evening of the city."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from stoep.access.audience import home_audience
from stoep.cityhall.actions import Places, announce
from stoep.common.ids import new_id
from stoep.events.actions import Details, Reply, answer_event, change_details
from stoep.events.models import Event, Occurrence
from stoep.events.part import PART
from stoep.events.recurring import Repeats
from stoep.feed.actions import publish_post
from stoep.feed.models import Post
from stoep.operations.demo_diary import Diary
from stoep.operations.demo_places import DemoCity
from stoep.people.models import Person
from stoep.places.models import Neighbourhood

HERE = ZoneInfo("Europe/Brussels")
SATURDAY, WEDNESDAY, THURSDAY = 5, 2, 3
COME = 14
PARTY = "Straatfeest met lange tafel"
PARTY_WORDS = "We zetten tafels op straat. Iedereen brengt iets mee, wij zorgen voor soep en muziek."
WALK = "Woensdagwandeling"
WALK_WORDS = "Een uurtje stappen, op ieders tempo. Daarna koffie voor wie wil."
EVENING = "Infoavond over de nieuwe straten"
EVENING_WORDS = "We tonen de plannen en luisteren naar uw vragen. U hoeft zich niet in te schrijven."
BRINGS = ("Pastasalade", "Twee banken", "Appeltaart", "Couscous", "Een tent tegen de regen")


def plan_events(city: DemoCity, place: Neighbourhood, neighbours: Sequence[Person], *, now: datetime) -> None:
    """`neighbours`: the first of them plan, the others come."""
    diary = Diary()
    today = now.astimezone(HERE).date()
    party, walk, *others = neighbours
    diary.note(now - timedelta(days=5), partial(_walk, walk, place, _next(today - timedelta(days=5), WEDNESDAY)))
    diary.note(now - timedelta(days=3), partial(_evening, city, _next(today + timedelta(days=7), THURSDAY)))
    diary.note(now - timedelta(days=2), partial(_party, party, place, _next(today + timedelta(days=2), SATURDAY)))
    for number, guest in enumerate(others[: COME - 1]):
        diary.note(now - timedelta(days=1, hours=20 - number), partial(_come, guest, PARTY, number))
    diary.note(now - timedelta(hours=26), partial(_come, party, PARTY, 0))
    for guest in others[:4]:
        diary.note(now - timedelta(hours=25), partial(_come, guest, WALK, -1))
    diary.play()


def _next(after: date, weekday: int) -> date:
    return after + timedelta(days=(weekday - after.weekday() - 1) % 7 + 1)


def _plan(
    author: Person, place: Neighbourhood, words: tuple[str, str], answers: dict[str, object], at: datetime
) -> Event:
    post = publish_post(
        author=author,
        audience=home_audience(place),
        kind="activity",
        title=words[0],
        body=words[1],
        also=partial(PART.write, answers=answers, now=at),
        request_key=new_id(),
        now=at,
    )
    return Event.objects.select_related("post__audience__municipality").get(post=post)


def _party(author: Person, place: Neighbourhood, on: date, at: datetime) -> None:
    author = Person.objects.get(pk=author.pk)
    answers = {"on": on, "at": time(12, 0), "place": "De Koorstraat, voor het plein"}
    event = _plan(author, place, (PARTY, PARTY_WORDS), answers, at)
    details = Details(ends=time(18, 0), seats=40, wanted="Iets om te delen, en een stoel")
    change_details(person=author, event=event, details=details, now=at)


def _walk(author: Person, place: Neighbourhood, on: date, at: datetime) -> None:
    author = Person.objects.get(pk=author.pk)
    event = _plan(author, place, (WALK, WALK_WORDS), {"on": on, "at": time(10, 0), "place": "Aan de kerk"}, at)
    details = Details(ends=time(11, 15), repeats=Repeats.WEEKLY)
    change_details(person=author, event=event, details=details, now=at)


def _evening(city: DemoCity, on: date, at: datetime) -> None:
    name = min(city.editors)
    announce(
        author=city.editors[name],
        department=city.departments[name],
        title=EVENING,
        body=EVENING_WORDS,
        places=Places(everybody=True),
        comments_open=True,
        plan={"on": on, "at": time(19, 30), "place": "Zaal in het stadhuis"},
        request_key=new_id(),
        now=at,
    )


def _come(guest: Person, title: str, number: int, at: datetime) -> None:
    """A few bring something."""
    post = Post.objects.filter(title=title).latest("created_at")
    days = Occurrence.objects.filter(event__post=post, starts_at__gt=at).select_related("event__post__audience")
    day = days.earliest("starts_at")
    brings = BRINGS[number // 2] if number >= 0 and number % 2 == 0 and number // 2 < len(BRINGS) else ""
    reply = Reply("yes", together=1, brings=brings)
    answer_event(person=Person.objects.get(pk=guest.pk), day=day, reply=reply, now=at)
