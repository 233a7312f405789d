"""Loans and help in the daily mail: each thing once, in words that are still so, and none before the mail is opened."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from stoep.common import clock
from stoep.delivery.models import Digest, Mail, MailChoices, Pace
from stoep.delivery.tests.days import Days
from stoep.exchange.models import HelpOffer
from stoep.exchange.tests.sharing import Visit
from stoep.operations.cast import Cast
from stoep.people.models import Person

GoesTo = Callable[[str], Visit]
Five = Callable[..., Mail | None]


@pytest.fixture(autouse=True)
def _hears_once_a_day(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stoep.delivery.digest.BUSY", 0)  # a mail each day, however little happens
    Person.objects.filter(pk=cast["neighbour"].pk).update(language="en")
    MailChoices.objects.create(person=cast["neighbour"], mine=Pace.DAILY, changed_at=clock.now())


@pytest.fixture
def five(cast: Cast) -> Five:
    """Marie's daily mail, so many days from now, after whatever waits was handed out."""

    def at(days: int = 1) -> Mail | None:
        moment, town = (clock.now() + timedelta(days=days)).replace(hour=17, minute=0), Days(cast)
        town.hand_out(moment - timedelta(minutes=30))
        return town.five(moment).get("neighbour")

    return at


def test_before_it_is_opened_it_names_nobody(visit: GoesTo, five: Five) -> None:
    visit("second-neighbour").asked(visit("neighbour").put_down("Drill"))
    mail = five()
    assert mail is not None
    assert "Ahmed El Amrani would like to have: Drill" in mail.text
    assert "Drill" in mail.subject
    seen = mail.subject + mail.html.partition("display:none")[2].partition("</div>")[0]
    assert "Ahmed" not in seen


def test_what_the_release_before_told_is_not_told_again(visit: GoesTo, cast: Cast, five: Five) -> None:
    loan = visit("second-neighbour").asked(visit("neighbour").put_down("Drill"))
    told = {"on": clock.now().date(), "made_at": clock.now(), "items": [f"exchange.loan_asked {loan.pk}"]}
    Digest.objects.create(person=cast["neighbour"], **told)
    mail = five()
    assert mail is None or "Drill" not in mail.text


def test_an_offer_that_was_counted_is_not_told_again_when_another_goes(visit: GoesTo, five: Five) -> None:
    post = visit("neighbour").place("Who walks my dog?", kind="help_wanted")
    for minutes, key in enumerate(("second-neighbour", "ambassador")):
        with clock.frozen(clock.now() + timedelta(minutes=minutes)):
            assert visit(key).send("helpers", post.pk).status_code == 302
    first = five()
    assert first is not None
    assert "and 1 other want to help you" in first.text
    HelpOffer.objects.filter(helper__name="Jos Vandersmissen").update(withdrawn_at=clock.now())
    second = five(2)
    assert second is None or "help you" not in second.text
