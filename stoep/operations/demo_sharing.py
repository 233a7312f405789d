"""What neighbours of the demo lend each other: a shelf, a loan that comes back tomorrow, and one that is over."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from io import BytesIO

from stoep.common.ids import new_id
from stoep.exchange.lending import agree, ask_loan, hand_over, take_back
from stoep.exchange.lending_days import Days, today_in
from stoep.exchange.models import Item, Loan
from stoep.exchange.shelf import tick_things
from stoep.exchange.thing_photos import set_thing_photo
from stoep.media.making import make
from stoep.operations.demo.things import PICTURES
from stoep.operations.demo_diary import Diary
from stoep.people.models import Person

TICKED, LENT_BEFORE, BACK, LENT = timedelta(days=12), timedelta(days=11), timedelta(days=9), timedelta(days=2)
LENT_FOR = timedelta(days=3)
AT_HOME: dict[str, Sequence[str]] = {
    "neighbour": ("drill", "raclette", "cot", "games"),
    "second-neighbour": ("ladder", "trolley", "pump"),
    "ambassador": ("tent", "tables", "chairs", "pan", "beamer"),
}


def share(people: Mapping[str, Person], *, now: datetime) -> None:
    """`people`: the cast by key."""
    diary = Diary()
    for key, chosen in AT_HOME.items():
        diary.note(now - TICKED, partial(_tick, people[key], chosen))
    marie, ahmed, jos = people["neighbour"], people["second-neighbour"], people["ambassador"]
    diary.note(now - LENT_BEFORE, partial(_lend, jos, "tables", marie))
    diary.note(now - BACK, partial(_back, jos))
    diary.note(now - LENT, partial(_lend, marie, "drill", ahmed))
    diary.play()


def _tick(person: Person, chosen: Sequence[str], at: datetime) -> None:
    """And whoever has a photo of it shows it."""
    tick_things(person=_anew(person), chosen=chosen, now=at)
    for thing in sorted(PICTURES.keys() & set(chosen)):
        draw, alt = PICTURES[thing]
        item = Item.objects.get(author=person, common=thing)
        file = BytesIO(draw().photo())
        make(set_thing_photo(person=_anew(person), item=item, file=file, alt=alt, now=at).pk)


def _lend(lender: Person, thing: str, to: Person, at: datetime) -> None:
    """Asked, agreed and fetched on one day, for three days from then."""
    item, first = Item.objects.get(author=lender, common=thing), today_in(lender.municipality, at)
    wanted = Days(first, first + LENT_FOR)
    loan = ask_loan(person=_anew(to), item=item, days=wanted, request_key=new_id(), now=at)
    agree(person=_anew(lender), loan=loan, now=at)
    hand_over(person=_anew(lender), loan=Loan.objects.get(pk=loan.pk), now=at)


def _back(lender: Person, at: datetime) -> None:
    take_back(person=_anew(lender), loan=Loan.objects.get(lender=lender, back_at=None), now=at)


def _anew(person: Person) -> Person:
    """As they are at this moment: what was read when they joined is old."""
    return Person.objects.get(pk=person.pk)
