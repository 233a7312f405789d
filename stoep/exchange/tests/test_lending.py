"""A loan from the first question to "back": the words at each step, and every path that is refused."""

from collections.abc import Callable
from uuid import uuid4

import pytest

from stoep.common import clock
from stoep.exchange.models import Item, Loan
from stoep.exchange.tests.sharing import Visit, day, page
from stoep.operations.cast import Cast
from stoep.people.models import Block

GoesTo = Callable[[str], Visit]


def test_from_the_question_to_back_each_side_reads_what_comes_next(visit: GoesTo) -> None:
    lender, borrower = visit("neighbour"), visit("second-neighbour")
    drill = lender.put_down("Drill")
    assert "Borrow it" in borrower.feed()
    assert "Free" in borrower.feed()
    assert "When do you need it?" in page(borrower.get("thing", drill.pk))
    loan = borrower.asked(drill, 0, 3)
    assert "Now Marie Peeters says yes or no." in borrower.reads(loan)
    assert "Ahmed El Amrani would like to borrow it" in lender.reads(loan)
    assert "Yes, that is fine" in lender.reads(loan)

    assert lender.step("agreement", loan).status_code == 302
    assert "Arrange when you fetch it." in borrower.reads(loan)
    assert "I have it now" in borrower.reads(loan)
    assert "I handed it over" in lender.reads(loan)
    lender.step("handover", loan)
    assert "Bring it back to Marie Peeters" in borrower.reads(loan)
    assert "It is back" in lender.reads(loan)
    assert "Back on" in visit("ambassador").feed()
    lender.step("return", loan)
    assert "You brought it back. Thank you!" in borrower.reads(loan)
    assert "Free" in visit("ambassador").feed()
    assert "Over" in page(borrower.get("loans"))


def test_a_wish_is_answered_in_one_tap_and_found(visit: GoesTo) -> None:
    """Who has a ladder? I have one; choose the days; agreed, out, back."""
    asking, having = visit("neighbour"), visit("second-neighbour")
    wish = asking.wish("Who has a ladder?", from_on=str(day(1)), to_on=str(day(2)))
    assert "I have one" in having.feed()
    assert "I have one" not in asking.feed(), "nobody answers themselves"
    form = page(having.get("have_one", wish.pk))
    assert 'value="Ladder"' in form
    having.has_one(wish, is_for_shelf="on")
    loan = Loan.objects.get()
    assert Item.objects.get().own_name == "Ladder"
    assert "Neighbours who have one" in asking.read(wish)
    assert f'value="{day(1)}"' in asking.reads(loan), "the days that the wish named"
    assert asking.step("agreement", loan, from_on=str(day(1)), to_on=str(day(2))).status_code == 302
    assert "Found" in visit("ambassador").feed()
    asking.step("handover", loan)
    having.step("return", loan)
    loan.refresh_from_db()
    assert loan.back_at is not None


def test_a_thing_of_mine_on_the_shelf_answers_a_wish(visit: GoesTo) -> None:
    having = visit("second-neighbour")
    ladder = having.put_down("Houten ladder")
    wish = visit("neighbour").wish("Wie heeft een ladder?")
    assert "Houten ladder" in page(having.get("have_one", wish.pk))
    response = having.has_one(wish, item=str(ladder.pk), name="")
    assert response.headers["Location"] == f"/loans/{Loan.objects.get().pk}/"
    assert Loan.objects.get().item == ladder
    assert having.get("have_one", wish.pk).status_code == 302, "offered already: to the offer"


def test_one_ladder_is_enough(visit: GoesTo) -> None:
    asking, first, second = visit("neighbour"), visit("second-neighbour"), visit("ambassador")
    wish = asking.wish()
    for one in (first, second):
        one.has_one(wish)
    loan, other = Loan.objects.order_by("id")
    asking.step("agreement", loan, from_on=str(day()), to_on=str(day()))
    asking.step("handover", loan)
    assert "It did not suit this time." in second.reads(other)


def test_a_gift_is_reserved_for_one_and_fetched(visit: GoesTo) -> None:
    giver, first, second = visit("neighbour"), visit("second-neighbour"), visit("ambassador")
    sofa = giver.put_down("Sofa", kind="give")
    for one in (first, second):
        assert one.send("ask_loan", sofa.pk, request_key=str(uuid4())).status_code == 302
    loan, other = Loan.objects.order_by("id")
    giver.step("agreement", loan)
    assert "It is reserved for you." in first.reads(loan)
    assert giver.step("agreement", other).headers["Location"].endswith("?trouble=reserved")
    assert "Reserved" in second.feed()
    first.step("handover", loan)
    assert "It did not suit this time." in second.reads(other)
    assert "Given away" in second.feed()
    assert "Sofa" not in page(second.get("shelf"))


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (-1, 2, "Those days are over."),
        (3, 2, "The last day comes before the first."),
        (1, 70, "two months at most"),
        (400, 401, "more than a year away"),
        (4, 8, "Somebody else has it on one of those days."),
        (28, 31, "It is not to be had as long as that."),
    ],
)
def test_days_that_cannot_be_are_refused_in_words(first: int, last: int, words: str, visit: GoesTo) -> None:
    lender, borrower = visit("neighbour"), visit("second-neighbour")
    drill = lender.put_down(until_on=str(day(30)))
    taken = visit("ambassador").asked(drill, 2, 5)
    lender.step("agreement", taken)
    response = borrower.ask(drill, first, last)
    assert response.status_code == 422
    assert words in page(response)
    assert f'value="{day(first)}"' in page(response), "what was chosen stays"
    assert Loan.objects.count() == 1


def test_two_questions_for_the_same_days_end_in_one_loan(visit: GoesTo) -> None:
    lender = visit("neighbour")
    drill = lender.put_down()
    first, second = visit("second-neighbour").asked(drill), visit("ambassador").asked(drill)
    lender.step("agreement", first)
    assert lender.step("agreement", second).headers["Location"].endswith("?trouble=taken")
    assert "Somebody else has it on one of those days." in page(lender.client.get(f"/loans/{second.pk}/?trouble=taken"))


def test_a_loan_is_extended_with_one_tap_unless_somebody_is_next(visit: GoesTo) -> None:
    lender, borrower, nxt = visit("neighbour"), visit("second-neighbour"), visit("ambassador")
    drill = lender.put_down()
    loan = borrower.asked(drill, 0, 3)
    lender.step("agreement", loan)
    lender.step("handover", loan)
    borrower.step("extension", loan)
    loan.refresh_from_db()
    assert loan.to_on == day(10)
    assert "A week longer" not in borrower.reads(loan).split("So far")[0], "once is enough for one tap"
    assert borrower.step("extension", loan).headers["Location"].endswith("?trouble=extended")
    after = nxt.asked(drill, 12, 13)
    lender.step("agreement", after)
    assert lender.step("extension", loan).headers["Location"].endswith("?trouble=next")


def test_a_thing_is_with_one_at_a_time_even_when_it_comes_back_late(visit: GoesTo) -> None:
    lender, late, nxt = visit("neighbour"), visit("second-neighbour"), visit("ambassador")
    drill = lender.put_down()
    loan = late.asked(drill, 0, 0)
    lender.step("agreement", loan)
    lender.step("handover", loan)
    Loan.objects.filter(pk=loan.pk).update(from_on=day(-3), to_on=day(-1))
    assert "It should have been back" in lender.reads(loan)
    after = nxt.asked(drill, 0, 1)
    lender.step("agreement", after)
    assert nxt.step("handover", after).headers["Location"].endswith("?trouble=still_out")


def test_no_and_never_mind_are_said_until_it_is_handed_over(visit: GoesTo) -> None:
    lender, borrower = visit("neighbour"), visit("second-neighbour")
    drill = lender.put_down()
    refused = borrower.asked(drill)
    lender.step("refusal", refused)
    assert "It did not suit this time." in borrower.reads(refused)
    withdrawn = borrower.asked(drill)
    borrower.step("cancellation", withdrawn)
    assert "The question was taken back." in lender.reads(withdrawn)
    off = borrower.asked(drill)
    lender.step("agreement", off)
    lender.step("cancellation", off)
    assert "It was called off." in borrower.reads(off)
    assert "Free" in borrower.feed()


def test_what_is_broken_is_between_the_two_of_them(visit: GoesTo) -> None:
    lender, borrower = visit("neighbour"), visit("second-neighbour")
    loan = borrower.asked(lender.put_down(), 0, 1)
    assert borrower.step("damage", loan, damage="The bit broke.").status_code == 403, "nothing was handed over yet"
    lender.step("agreement", loan)
    lender.step("handover", loan)
    borrower.step("damage", loan, damage="The bit broke.")
    assert "The bit broke." in lender.reads(loan)
    assert borrower.step("damage", loan, damage="Call 85.07.30-033.28").status_code == 422
    assert visit("ambassador").get("loan", loan.pk).status_code == 404


def test_pressed_twice_or_by_the_wrong_hand(visit: GoesTo) -> None:
    lender, borrower = visit("neighbour"), visit("second-neighbour")
    drill, key = lender.put_down(), str(uuid4())
    for _time in range(2):
        assert borrower.ask(drill, key=key).status_code == 302
    loan = Loan.objects.get()
    assert "You asked for it already." in page(borrower.ask(drill))
    assert borrower.step("agreement", loan).status_code == 403
    for _time in range(2):
        assert lender.step("agreement", loan).status_code == 302
    lender.step("handover", loan)
    assert borrower.step("return", loan).status_code == 403
    for noun in ("agreement", "handover", "return", "refusal", "extension", "cancellation", "damage"):
        assert visit("ambassador").step(noun, loan).status_code == 404
    assert lender.send("ask_loan", drill.pk, request_key=str(uuid4())).status_code == 403, "one's own"
    assert visit("newcomer").ask(drill).status_code == 403
    assert "With the code from a letter" in page(visit("newcomer").get("thing", drill.pk))
    assert visit("next-neighbourhood").ask(drill).status_code == 404


def test_a_block_hides_things_and_loans_but_a_lender_finds_their_own_back(visit: GoesTo, cast: Cast) -> None:
    lender, borrower = visit("neighbour"), visit("second-neighbour")
    drill, saw = lender.put_down(), lender.put_down("Saw")
    out, asked = borrower.asked(drill, 0, 2), borrower.asked(saw)
    lender.step("agreement", out)
    lender.step("handover", out)
    Block.objects.create(person=cast["neighbour"], blocked=cast["second-neighbour"], created_at=clock.now())
    assert borrower.get("thing", drill.pk).status_code == 404
    assert borrower.get("loan", out.pk).status_code == 404
    assert lender.get("loan", asked.pk).status_code == 404
    html = lender.reads(out)
    assert "Ahmed" not in html
    assert "A neighbour has it." in html
    assert lender.step("return", out).status_code == 302
    assert lender.get("loan", out.pk).status_code == 404, "back, it is over and hidden as the rest"
