"""What leaving does to things and loans, what coming back undoes, what erasing leaves, and what is kept no longer.

What is out stays with its two sides: the thing must come back, even to somebody whose name is gone.
"""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.urls import reverse

from stoep.exchange.lending_queries import loans_for, shown_people
from stoep.exchange.lending_words import SOMEBODY, unfinished
from stoep.exchange.models import OVER, Item, Loan, LoanQuerySet
from stoep.people.data_map import months
from stoep.people.models import Person
from stoep.people.naming import ShownPerson
from stoep.people.unfinished import Unfinished

KEPT = months(6)


def open_loans(person: Person) -> list[Unfinished]:
    """What is promised or out, for the page where somebody leaves."""
    found = list(loans_for(person).promised().exclude(OVER).order_by("to_on", "id"))
    shown = shown_people(person, [loan.other_than(person) for loan in found])
    return [_unfinished(person, loan, shown) for loan in found]


def _unfinished(person: Person, loan: Loan, shown: Mapping[UUID, ShownPerson]) -> Unfinished:
    other = loan.other_than(person)
    name = shown[other].name if other and other in shown else str(SOMEBODY)
    return Unfinished(unfinished(loan, person, name), reverse("loan", args=[loan.pk]))


def hide_items(person: Person, now: datetime) -> None:
    Item.objects.filter(author=person, removed_at=None).update(removed_at=now, removed_by=person)


def show_items(person: Person, left_at: datetime) -> None:
    hidden = Item.objects.filter(author=person, removed_at=left_at, removed_by=person)
    hidden.update(removed_at=None, removed_by=None)


def end_loans(person: Person, now: datetime) -> None:
    """What was not handed over yet is called off."""
    loans_of(person).open().filter(out_at=None).update(ended_at=now, ended_by=person)


def resume_loans(person: Person, left_at: datetime) -> None:
    """As it was; but where the days went to somebody else meanwhile, it stays called off."""
    for loan in loans_of(person).filter(ended_at=left_at, ended_by=person):
        try:
            with transaction.atomic():
                Loan.objects.filter(pk=loan.pk).update(ended_at=None, ended_by=None)
        except IntegrityError:
            continue


def erase_loans(person: Person, _now: datetime) -> None:
    """For the other side a loan with nobody; where that one is gone too, or nothing was agreed, nothing stays."""
    Loan.objects.filter(lender=person).update(lender_keeps_distance=False)
    Loan.objects.filter(borrower=person).update(borrower_keeps_distance=False)
    for column in ("lender", "borrower", "ended_by"):
        Loan.objects.filter(**{column: person}).update(**{column: None})
    Loan.objects.filter(
        Q(lender=None, borrower=None) | (Q(agreed_at=None) & (Q(lender=None) | Q(borrower=None)))
    ).delete()


def forget_loans(now: datetime) -> int:
    """Half a year after it was back, called off, or fetched; what nobody answered, half a year after it began."""
    ended = Coalesce("back_at", "ended_at", "out_at", "agreed_at", "asked_at", "offered_at")
    old = Loan.objects.annotate(last_at=ended).filter(last_at__lt=now - KEPT)
    _all, by_model = old.exclude(Q(out_at__isnull=False, back_at=None, kind=Item.Kind.LEND)).delete()
    return by_model.get("exchange.Loan", 0)


def forget_things(now: datetime) -> int:
    """What was taken off the shelf half a year ago."""
    _all, by_model = Item.objects.filter(removed_at__lt=now - KEPT).delete()
    return by_model.get("exchange.Item", 0)


def loans_of(person: Person) -> LoanQuerySet:
    return Loan.objects.filter(Q(lender=person) | Q(borrower=person))
