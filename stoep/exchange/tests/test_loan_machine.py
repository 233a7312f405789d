"""Whatever two neighbours and a third press in whatever order: the days never overlap, and every refusal has words.

And when two take the same drill at the same moment, one of them has it.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import combinations
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import close_old_connections, connection, transaction
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from stoep.access.gate import NotAllowed, NotVisible
from stoep.common import clock
from stoep.exchange import lending
from stoep.exchange.lending import LoanRefused
from stoep.exchange.lending_days import Days
from stoep.exchange.lending_words import REASONS
from stoep.exchange.models import Item, Loan
from stoep.exchange.shelf import tick_things
from stoep.exchange.tests.sharing import day
from stoep.operations.cast import Cast, make_cast
from stoep.people.models import Person

STEPS: dict[str, Callable[..., object]] = {
    "agree": lending.agree,
    "refuse": lending.refuse,
    "cancel": lending.cancel,
    "hand over": lending.hand_over,
    "extend": lending.extend,
    "take back": lending.take_back,
}
WHO = ("neighbour", "second-neighbour", "ambassador")


class Lending(RuleBasedStateMachine):
    """One drill of a neighbour, two who want it, and time that goes on."""

    cast: Cast
    drill: Item

    @initialize()
    def begin(self) -> None:
        self.now = clock.now()
        self.said: list[str] = []
        Loan.objects.all().delete()

    @rule(who=st.sampled_from(WHO[1:]), first=st.integers(-1, 9), length=st.integers(-1, 5))
    def ask(self, who: str, first: int, length: int) -> None:
        today = self.now.date()
        days = Days(today + timedelta(days=first), today + timedelta(days=first + length))
        try:
            lending.ask_loan(person=self._who(who), item=self.drill, days=days, request_key=uuid4(), now=self.now)
        except LoanRefused as error:
            self.said.append(error.reason)

    @precondition(lambda _self: Loan.objects.exists())
    @rule(who=st.sampled_from(WHO), step=st.sampled_from(sorted(STEPS)), which=st.integers(0, 4))
    def press(self, who: str, step: str, which: int) -> None:
        loans = list(Loan.objects.order_by("id"))
        loan = loans[which % len(loans)]
        try:
            STEPS[step](person=self._who(who), loan=loan, now=self.now)
        except LoanRefused as error:
            self.said.append(error.reason)
        except (NotAllowed, NotVisible):
            self.said.append("changed")  # not theirs to press: the page shows them no such button

    @rule(days=st.integers(1, 4))
    def wait(self, days: int) -> None:
        self.now += timedelta(days=days)

    @invariant()
    def nobody_shares_a_day(self) -> None:
        promised = list(Loan.objects.promised())
        for one, other in combinations(promised, 2):
            first, last = sorted([(one.from_on, one.to_on), (other.from_on, other.to_on)], key=str)
            assert str(first[1]) < str(last[0]), "a day of one is a day of the other"
        assert sum(loan.is_out for loan in promised) <= 1

    @invariant()
    def every_refusal_has_its_words(self) -> None:
        assert all(str(REASONS[reason]) for reason in self.said)

    @invariant()
    def every_loan_is_in_one_state(self) -> None:
        for loan in Loan.objects.all():
            assert [loan.is_waiting, loan.is_agreed, loan.is_out, loan.is_over].count(True) == 1

    def _who(self, key: str) -> Person:
        return self.cast[key]


def test_no_order_of_steps_breaks_a_promise(cast: Cast) -> None:
    tick_things(person=cast["neighbour"], chosen=["drill"], now=clock.now())
    Lending.cast, Lending.drill = cast, Item.objects.get()
    few = hypothesis_settings(max_examples=15, stateful_step_count=12, deadline=None, derandomize=True)
    run_state_machine_as_test(Lending, settings=few)
    assert not connection.needs_rollback


@pytest.mark.django_db(transaction=True)
def test_two_who_take_the_same_drill_at_one_moment_end_with_one() -> None:
    """The lender says yes to both from two windows."""
    cast = make_cast()
    lender = cast["neighbour"]
    tick_things(person=lender, chosen=["drill"], now=clock.now())
    drill, days = Item.objects.get(), Days(day(1), day(3))
    loans = [
        lending.ask_loan(person=cast[key], item=drill, days=days, request_key=uuid4(), now=clock.now())
        for key in WHO[1:]
    ]
    start = Barrier(2)

    def say_yes(loan: Loan) -> str:
        start.wait()
        try:
            with transaction.atomic():
                lending.agree(person=Person.objects.get(pk=lender.pk), loan=loan, now=clock.now())
        except LoanRefused as error:
            return error.reason
        finally:
            close_old_connections()
            connection.close()
        return "agreed"

    with ThreadPoolExecutor(2) as both:
        assert sorted(both.map(say_yes, loans)) == ["agreed", "taken"]
    assert Loan.objects.promised().count() == 1
