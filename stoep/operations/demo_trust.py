"""What the demo entrusts to somebody: an appointed ambassador, a pause with its reasons, a report that waits."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from stoep.access.audience import home_audience
from stoep.ambassadors.actions import accept, make_link
from stoep.common.ids import new_id
from stoep.feed.models import Post
from stoep.moderation.actions import report
from stoep.moderation.deciding import Verdict, decide
from stoep.moderation.models import Case
from stoep.operations.demo_diary import Diary
from stoep.people.models import Person
from stoep.places.models import Neighbourhood

APPOINTED, REPORTED, PAUSED, COMPLAINED = (
    timedelta(days=9),
    timedelta(days=5),
    timedelta(days=4),
    timedelta(hours=3),
)
PAUSED_FOR = 90
RULE = "Huisregel: we spreken met respect, ook als we het niet eens zijn"
FACTS = "Schreef na twee waarschuwingen opnieuw kwetsende woorden aan een buur."
COMPLAINT = "Dit lijkt mij reclame van een firma, niet van een buur."
INSULTED = "Hij scheldt me uit telkens als ik iets vraag."


def entrust(people: Mapping[str, Person], place: Neighbourhood, *, now: datetime) -> None:
    """`people`: the cast by key; `place`: where its neighbours live."""
    diary = Diary()
    diary.note(now - APPOINTED, lambda at: _appoint(people, place, at))
    diary.note(now - REPORTED, lambda at: _report(people["neighbour"], "person", people["suspended"].pk, INSULTED, at))
    diary.note(now - PAUSED, lambda at: _pause(people["moderator"], people["suspended"], at))
    diary.note(now - COMPLAINED, lambda at: _complain(people, place, at))
    diary.play()


def _appoint(people: Mapping[str, Person], place: Neighbourhood, at: datetime) -> None:
    token = make_link(person=people["city-admin"], neighbourhood=place, now=at)
    accept(person=_anew(people["ambassador"]), token=token, now=at)


def _report(reporter: Person, kind: str, subject_id: UUID, words: str, at: datetime) -> None:
    report(
        person=_anew(reporter),
        kind=kind,
        subject_id=subject_id,
        reason="insult" if kind == "person" else "scam",
        explanation=words,
        request_key=new_id(),
        now=at,
    )


def _pause(moderator: Person, about: Person, at: datetime) -> None:
    verdict = Verdict("pause", "rules", RULE, FACTS, days=PAUSED_FOR)
    decide(person=_anew(moderator), case=Case.objects.get(author=about, closed_at=None), verdict=verdict, now=at)


def _complain(people: Mapping[str, Person], place: Neighbourhood, at: datetime) -> None:
    """About the newest offer in the neighbourhood that none of the cast wrote."""
    cast = [person.pk for person in people.values()]
    offers = Post.objects.filter(audience=home_audience(place), kind__in=("service", "help_offered", "information"))
    post = offers.filter(removed_at=None).exclude(author__in=cast).order_by("-id").first()
    if post is not None:
        _report(people["second-neighbour"], "post", post.pk, COMPLAINT, at)


def _anew(person: Person) -> Person:
    """As they are at this moment: what was read when they joined is old."""
    return Person.objects.get(pk=person.pk)
