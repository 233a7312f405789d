"""A loan, step by step: asked or offered, agreed, out, back. Both sides hear of each step; each may be pressed twice.

That no two people have a thing on one day is the database's to keep (`Loan`'s constraints); here it is said kindly.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q

from stoep.access.gate import require
from stoep.access.once import once
from stoep.common.ids import new_id
from stoep.common.text import checked
from stoep.delivery.outbox import ring, tell
from stoep.exchange.lending_days import LONGEST, WEEK, Days, today_in
from stoep.exchange.models import DAMAGE_LENGTH, Item, Loan
from stoep.exchange.shelf import put_on_shelf
from stoep.feed.actions import checked_title, touch
from stoep.feed.models import Post
from stoep.people.models import Person

# So many things one may wait for at the same time: a shelf is no shop.
MOST_WAITING = 10


class LoanRefused(ValueError):
    """Why a step cannot be done: a key of `lending_words.REASONS`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def ask_loan(*, person: Person, item: Item, days: Days | None, request_key: UUID, now: datetime) -> Loan:
    """Ask to borrow a thing on these days, or to have a gift (no days), once per key. Raises LoanRefused."""
    require(person, "exchange:item:borrow", item, now=now)

    def write() -> UUID:
        Person.objects.select_for_update(no_key=True).get(pk=person.pk)
        _check_room(person, item, days)
        _check_days(item, days, today_in(person.municipality, now))
        loan = _begin(item=item, lender_id=item.author_id, borrower_id=person.pk, days=days, now=now, asked_at=now)
        _tell("exchange.loan_asked", loan, person, now)
        return UUID(str(loan.pk))

    loan_id, _is_new = once(person=person, action="exchange:item:borrow", key=request_key, now=now, write=write)
    return Loan.objects.get(pk=loan_id)


def offer_thing(
    *,
    person: Person,
    wish: Post,
    item: Item | None = None,
    name: str = "",
    is_for_shelf: bool = False,
    request_key: UUID,
    now: datetime,
) -> Loan:
    """ "I have one": a thing of one's own from the shelf, or one by its name; once per key.

    Raises LoanRefused, feed.actions.TextRefused.
    """
    require(person, "exchange:wish:answer", wish, now=now)
    name = "" if item else checked_title(name)

    def write() -> UUID:
        Person.objects.select_for_update(no_key=True).get(pk=person.pk)
        if Loan.objects.open().filter(wish=wish, lender=person).exists():
            raise LoanRefused("offered")
        thing = item or (put_on_shelf(person=person, name=name, now=now) if is_for_shelf else None)
        loan = _begin(
            item=thing, wish=wish, lender_id=person.pk, borrower_id=wish.author_id, what=name, now=now, offered_at=now
        )
        _tell("exchange.loan_offered", loan, person, now)
        return UUID(str(loan.pk))

    loan_id, _is_new = once(person=person, action="exchange:wish:answer", key=request_key, now=now, write=write)
    return Loan.objects.get(pk=loan_id)


@transaction.atomic
def agree(*, person: Person, loan: Loan, days: Days | None = None, now: datetime) -> None:
    """Yes: to the days that were asked, or to an offer, with days. From now on they are promised. LoanRefused."""
    require(person, "exchange:loan:agree", loan, now=now)
    loan = _held(loan, lambda there: there.is_waiting)
    today = today_in(loan.municipality, now)
    if loan.is_offer:
        _check_days(loan.item, days, today)
        loan.from_on, loan.to_on = (days.from_on, days.to_on) if days else (None, None)
    elif loan.to_on is not None and loan.to_on < today:
        raise LoanRefused("past")
    with _nobody_else("reserved" if loan.is_gift else "taken"):
        loan.agreed_at = now
        loan.save(update_fields=["agreed_at", "from_on", "to_on"])
    _tell("exchange.loan_agreed", loan, person, now)
    _freshen(loan)


@transaction.atomic
def refuse(*, person: Person, loan: Loan, now: datetime) -> None:
    """No, thank you."""
    require(person, "exchange:loan:refuse", loan, now=now)
    loan = _held(loan, lambda there: there.is_waiting)
    _end(loan, by=person, notice="exchange.loan_refused", now=now)


@transaction.atomic
def cancel(*, person: Person, loan: Loan, now: datetime) -> None:
    """Not needed any more, or it does not suit after all: until it is handed over either of them may say so."""
    require(person, "exchange:loan:cancel", loan, now=now)
    loan = _held(loan, lambda there: there.is_not_handed_over)
    _end(loan, by=person, notice="exchange.loan_cancelled", now=now)


@transaction.atomic
def hand_over(*, person: Person, loan: Loan, now: datetime) -> None:
    """It is with the borrower now; a gift is fetched, and gone from the shelf. Raises LoanRefused."""
    require(person, "exchange:loan:hand_over", loan, now=now)
    loan = _held(loan, lambda there: there.is_agreed)
    with _nobody_else("still_out"):
        Loan.objects.filter(pk=loan.pk).update(out_at=now)
    if loan.is_gift and loan.item_id is not None:
        Item.objects.filter(pk=loan.item_id, removed_at=None).update(removed_at=now, removed_by=loan.lender)
        for other in Loan.objects.open().filter(item=loan.item_id).exclude(pk=loan.pk):
            _end(other, by=loan.lender, notice="exchange.loan_refused", now=now)
    elif loan.wish_id is not None:
        _end_other_offers(loan, now)
    _freshen(loan)


@transaction.atomic
def keep_distance(*, person: Person, loan: Loan, is_wanted: bool, now: datetime) -> None:
    """Hand it over without contact, there and back, because this side wants it; or it need not any more. LoanRefused.

    Of the two wishes each takes back its own. The other hears of the first.
    """
    require(person, "exchange:loan:keep_distance", loan, now=now)
    loan = _held(loan, lambda there: there.is_promised)
    side = "lender" if person.pk == loan.lender_id else "borrower"
    Loan.objects.filter(pk=loan.pk).update(**{f"{side}_keeps_distance": is_wanted})
    if is_wanted and not loan.is_contactless:
        _tell("exchange.loan_contactless", loan, person, now)


@transaction.atomic
def take_back(*, person: Person, loan: Loan, now: datetime) -> None:
    """It is back."""
    require(person, "exchange:loan:return", loan, now=now)
    loan = _held(loan, lambda there: there.is_out)
    Loan.objects.filter(pk=loan.pk).update(back_at=now)
    _tell("exchange.loan_back", loan, person, now)
    _freshen(loan)


@transaction.atomic
def extend(*, person: Person, loan: Loan, now: datetime) -> date:
    """A week longer, with one tap: the borrower once, the lender whenever it suits. Answers the new last day.

    Raises LoanRefused: somebody else has it next, or it was extended already.
    """
    require(person, "exchange:loan:extend", loan, now=now)
    loan = _held(loan, lambda there: there.is_out)
    assert loan.from_on is not None  # noqa: S101  the database lets no loan out without its days
    assert loan.to_on is not None  # noqa: S101
    if person.pk == loan.borrower_id and loan.extended_at is not None:
        raise LoanRefused("extended")
    until = max(loan.to_on, today_in(loan.municipality, now)) + WEEK
    if until - loan.from_on > LONGEST:
        raise LoanRefused("long")
    if loan.item is not None and loan.item.until_on is not None and until > loan.item.until_on:
        raise LoanRefused("until")
    with _nobody_else("next"):
        Loan.objects.filter(pk=loan.pk).update(to_on=until, extended_at=now)
    _tell("exchange.loan_extended", loan, person, now)
    _freshen(loan)
    return until


@transaction.atomic
def note_damage(*, person: Person, loan: Loan, words: str, now: datetime) -> None:
    """What broke, in words that the two of them read and nobody else. Raises feed.actions.TextRefused."""
    require(person, "exchange:loan:note_damage", loan, now=now)
    words = checked(words, most=DAMAGE_LENGTH, may_be_empty=True)
    if words == Loan.objects.select_for_update().get(pk=loan.pk).damage:
        return
    Loan.objects.filter(pk=loan.pk).update(damage=words)
    if words:
        _tell("exchange.loan_damaged", loan, person, now)


def _begin(
    *,
    item: Item | None,
    lender_id: UUID,
    borrower_id: UUID,
    days: Days | None = None,
    wish: Post | None = None,
    what: str = "",
    now: datetime,
    **moment: datetime,
) -> Loan:
    subject = item or wish
    assert subject is not None  # noqa: S101  a loan begins at a thing or at a wish
    return Loan.objects.create(
        id=new_id(now),
        municipality_id=subject.audience.municipality_id,
        kind=item.kind if item else Item.Kind.LEND,
        item=item,
        wish=wish,
        what=item.name if item else what,
        lender_id=lender_id,
        borrower_id=borrower_id,
        from_on=days.from_on if days else None,
        to_on=days.to_on if days else None,
        **moment,
    )


def _check_room(person: Person, item: Item, days: Days | None) -> None:
    mine = [loan for loan in Loan.objects.open().filter(borrower=person) if loan.is_waiting]
    if any(loan.item_id == item.pk and (days is None or _meets(loan, days)) for loan in mine):
        raise LoanRefused("asked")
    if len(mine) >= MOST_WAITING:
        raise LoanRefused("many")


def _meets(loan: Loan, days: Days) -> bool:
    return bool(loan.from_on and loan.to_on and loan.from_on <= days.to_on and days.from_on <= loan.to_on)


def _check_days(item: Item | None, days: Days | None, today: date) -> None:
    """Whether these days can be had now; agreed are only those that still can be had then."""
    if item is not None and item.kind == Item.Kind.GIVE:
        if Loan.objects.promised().filter(item=item).exists():
            raise LoanRefused("reserved")
        return
    trouble = "days" if days is None else days.trouble(today)
    if trouble or days is None:
        raise LoanRefused(trouble)
    if item is None:
        return
    if item.until_on is not None and days.to_on > item.until_on:
        raise LoanRefused("until")
    if Loan.objects.promised().filter(item=item, from_on__lte=days.to_on, to_on__gte=days.from_on).exists():
        raise LoanRefused("taken")


def _held(loan: Loan, fits: Callable[[Loan], bool]) -> Loan:
    """The loan as it is now, and until the end of the transaction. Raises LoanRefused.

    First the messages, then the thing, then the loan: whoever takes them in one order waits, and blocks nobody.
    """
    told = Q(item=loan.item_id, item__isnull=False) | Q(pk=loan.wish_id)
    list(Post.objects.select_for_update(of=("self",)).filter(told).order_by("pk").values_list("pk"))
    list(Item.objects.select_for_update(of=("self",)).filter(pk=loan.item_id).values_list("pk"))
    there = Loan.objects.select_for_update(of=("self",)).select_related("municipality", "item__told_by").get(pk=loan.pk)
    if not fits(there):
        raise LoanRefused("changed")
    return there


@contextmanager
def _nobody_else(reason: str) -> Iterator[None]:
    """What the database refuses, because of somebody else's loan, in a word."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise LoanRefused(reason) from error


def _end(loan: Loan, *, by: Person | None, notice: str, now: datetime) -> None:
    Loan.objects.filter(pk=loan.pk).update(ended_at=now, ended_by=by)
    _tell(notice, loan, by, now)
    _freshen(loan)


def _end_other_offers(loan: Loan, now: datetime) -> None:
    """One ladder is enough: who else offered one reads that it is found."""
    others = Loan.objects.open().filter(wish=loan.wish_id, agreed_at=None).exclude(pk=loan.pk)
    for other in others:
        _end(other, by=loan.borrower, notice="exchange.loan_refused", now=now)


def _tell(notice: str, loan: Loan, actor: Person | None, now: datetime) -> None:
    tell(notice, municipality_id=loan.municipality_id, subject_id=loan.pk, actor=actor, now=now)


def _freshen(loan: Loan) -> None:
    """The cards of the message that tells of it, and of the wish, say something else now."""
    for post in Post.objects.filter(Q(item=loan.item_id, item__isnull=False) | Q(pk=loan.wish_id), removed_at=None):
        touch(post)
        ring(audience_id=post.audience_id, post_id=post.pk)
