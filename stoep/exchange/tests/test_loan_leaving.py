"""Leaving with something open, coming back, being erased; and what is kept no longer."""

from collections.abc import Callable
from datetime import timedelta

from stoep.common import clock
from stoep.exchange.lending_leaving import erase_loans, forget_loans, forget_things
from stoep.exchange.models import Item, Loan
from stoep.exchange.tests.sharing import Visit, page
from stoep.operations.cast import Cast
from stoep.people.models import Person
from stoep.privacy.leaving import come_back, hide

GoesTo = Callable[[str], Visit]


def test_open_loans_are_listed_before_somebody_leaves(visit: GoesTo) -> None:
    lender, borrower = visit("neighbour"), visit("second-neighbour")
    drill, saw = lender.put_down("Drill"), lender.put_down("Saw")
    out, promised = borrower.asked(drill, 0, 1), borrower.asked(saw, 2, 3)
    for loan in (out, promised):
        lender.step("agreement", loan)
    lender.step("handover", out)
    assert "You still have the Drill of Marie Peeters." in page(borrower.get("leave"))
    assert "Ahmed El Amrani still has your Drill." in page(lender.get("leave"))
    assert "Saw: agreed with Ahmed El Amrani." in page(lender.get("leave"))
    lender.step("return", out)
    assert "Drill" not in page(borrower.get("leave"))


def test_what_is_out_outlives_who_leaves_and_the_rest_is_called_off(visit: GoesTo, cast: Cast) -> None:
    lender, borrower = visit("neighbour"), visit("second-neighbour")
    drill, saw = lender.put_down("Drill"), lender.put_down("Saw")
    out, promised = borrower.asked(drill, 0, 1), borrower.asked(saw, 2, 3)
    for loan in (out, promised):
        lender.step("agreement", loan)
    lender.step("handover", out)
    now = clock.now()
    leaving = Person.objects.get(pk=cast["second-neighbour"].pk)
    hide(leaving, now)
    assert "A neighbour has it." in lender.reads(out)
    assert "It was called off." in lender.reads(promised)
    come_back(returning=leaving, now=now + timedelta(days=1))
    assert "Ahmed El Amrani has it" in lender.reads(promised)
    hide(Person.objects.get(pk=leaving.pk), now)
    visit("ambassador")
    lender.step("agreement", visit("ambassador").asked(saw, 2, 2))
    come_back(returning=leaving, now=now + timedelta(days=1))
    assert "It was called off." in lender.reads(promised), "the days went to somebody else meanwhile"


def test_who_is_erased_has_no_name_in_what_the_other_keeps(visit: GoesTo, cast: Cast) -> None:
    lender, borrower = visit("neighbour"), visit("second-neighbour")
    agreed, asked = borrower.asked(lender.put_down("Drill"), 0, 1), borrower.asked(lender.put_down("Saw"))
    lender.step("agreement", agreed)
    lender.step("handover", agreed)
    lender.step("return", agreed)
    erase_loans(cast["second-neighbour"], clock.now())
    assert "A neighbour" in lender.reads(agreed) or "a neighbour" in lender.reads(agreed)
    assert not Loan.objects.filter(pk=asked.pk).exists()
    erase_loans(cast["neighbour"], clock.now())
    assert not Loan.objects.exists()


def test_half_a_year_later_it_is_forgotten_but_not_what_is_out(visit: GoesTo) -> None:
    lender, borrower = visit("neighbour"), visit("second-neighbour")
    drill, saw = lender.put_down("Drill"), lender.put_down("Saw")
    back, out = borrower.asked(drill, 0, 1), borrower.asked(saw, 0, 1)
    for loan in (back, out):
        lender.step("agreement", loan)
        lender.step("handover", loan)
    lender.step("return", back)
    assert forget_loans(clock.now() + timedelta(days=180)) == 0
    assert forget_loans(clock.now() + timedelta(days=190)) == 1
    assert Loan.objects.get() == out
    lender.send("at_home", things=["tent"])
    lender.send("at_home", things=[])
    assert forget_things(clock.now() + timedelta(days=190)) == 1
    assert Item.objects.count() == 2
