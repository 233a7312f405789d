"""A loan without contact: the wish of one is enough, both see it, and each takes back only their own."""

from collections.abc import Callable

import pytest

from stoep.access.gate import INSTALLATION
from stoep.cityhall.crisis import switch_crisis
from stoep.common import clock
from stoep.delivery.models import Mail, Notification, OutboxEntry
from stoep.delivery.sending import handle_entry
from stoep.exchange.lending_data import DATA
from stoep.exchange.lending_leaving import erase_loans
from stoep.exchange.models import Loan
from stoep.exchange.tests.sharing import Visit
from stoep.operations.cast import Cast
from stoep.people.data_map import ExportedBy
from stoep.people.models import Block, Person

GoesTo = Callable[[str], Visit]
OFFER, HOW = "Without contact, please", "leave it at the door"


@pytest.fixture
def agreed(visit: GoesTo) -> Loan:
    """Marie lends her drill to Ahmed."""
    lender, borrower = visit("neighbour"), visit("second-neighbour")
    loan = borrower.asked(lender.put_down())
    lender.step("agreement", loan)
    return loan


def in_crisis(cast: Cast) -> None:
    switch_crisis(person=INSTALLATION, municipality=cast.cities["hasselt"], is_on=True, now=clock.now())


def test_one_asks_both_see_it_and_the_other_hears_of_it(visit: GoesTo, agreed: Loan, cast: Cast) -> None:
    in_crisis(cast)
    lender, borrower = visit("neighbour"), visit("second-neighbour")
    for each in (lender, borrower):
        assert "How do you hand it over?" in each.reads(agreed)
        assert HOW not in each.reads(agreed)
        assert f'formaction="/loans/{agreed.pk}/distance/"' in each.reads(agreed)
    for _twice in range(2):
        assert borrower.step("distance", agreed, wish="yes").headers["Location"] == f"/loans/{agreed.pk}/"
    assert "You asked for it, and Marie Peeters knows." in borrower.reads(agreed)
    html = lender.reads(agreed)
    assert "Ahmed El Amrani asks for it." in html
    assert HOW in html
    assert _told() == [cast["neighbour"]]
    mail = Mail.objects.filter(kind="exchange/mail/loan", person=cast["neighbour"]).latest("id")
    assert "without contact" in mail.text


def test_it_holds_on_the_way_back_and_each_takes_back_their_own(visit: GoesTo, agreed: Loan) -> None:
    lender, borrower = visit("neighbour"), visit("second-neighbour")
    borrower.step("distance", agreed, wish="yes")
    lender.step("handover", agreed)
    assert HOW in lender.reads(agreed)
    assert "It need not be without contact" not in lender.reads(agreed)
    lender.step("distance", agreed, wish="no")
    assert HOW in borrower.reads(agreed), "somebody else's wish stands"
    borrower.step("distance", agreed, wish="no")
    assert HOW not in lender.reads(agreed)
    lender.step("return", agreed)
    assert OFFER not in lender.reads(agreed), "it is over"


def test_in_calm_days_it_is_folded_away_and_what_was_asked_stays(visit: GoesTo, agreed: Loan, cast: Cast) -> None:
    borrower = visit("second-neighbour")
    assert "Rather without contact?" in borrower.reads(agreed)
    assert "How do you hand it over?" not in borrower.reads(agreed)
    in_crisis(cast)
    borrower.step("distance", agreed, wish="yes")
    switch_crisis(person=INSTALLATION, municipality=cast.cities["hasselt"], is_on=False, now=clock.now())
    assert HOW in borrower.reads(agreed)


def test_before_a_yes_and_for_others_there_is_nothing_to_ask(visit: GoesTo, cast: Cast) -> None:
    in_crisis(cast)
    lender, borrower = visit("neighbour"), visit("second-neighbour")
    loan = borrower.asked(lender.put_down())
    assert OFFER not in borrower.reads(loan)
    assert borrower.step("distance", loan, wish="yes").status_code == 302
    assert not Loan.objects.get(pk=loan.pk).is_contactless
    lender.step("agreement", loan)
    for stranger in ("ambassador", "next-neighbourhood", "newcomer", "other-city"):
        assert visit(stranger).step("distance", loan, wish="yes").status_code == 404
    assert not Loan.objects.get(pk=loan.pk).is_contactless
    Block.objects.create(person=cast["neighbour"], blocked=cast["second-neighbour"], created_at=clock.now())
    assert borrower.step("distance", loan, wish="yes").status_code == 404


def test_each_takes_along_only_their_own_wish_and_it_goes_with_them(visit: GoesTo, agreed: Loan, cast: Cast) -> None:
    visit("second-neighbour").step("distance", agreed, wish="yes")
    exported = next(each.exported for each in DATA if each.model is Loan)
    assert isinstance(exported, ExportedBy)
    assert [row["without_contact"] for row in exported.find(cast["second-neighbour"])] == [True]
    assert [row["without_contact"] for row in exported.find(cast["neighbour"])] == [False]
    erase_loans(cast["second-neighbour"], clock.now())
    assert not Loan.objects.get(pk=agreed.pk).is_contactless


def _told() -> list[Person]:
    for entry in OutboxEntry.objects.filter(notice="exchange.loan_contactless", handled_at=None).order_by("told_at"):
        handle_entry(entry.pk, now=clock.now())
    return [each.person for each in Notification.objects.filter(notice="exchange.loan_contactless")]
