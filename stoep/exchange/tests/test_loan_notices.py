"""What the two sides hear, and the day before: once each, to both, and to nobody who should not."""

from collections.abc import Callable
from datetime import timedelta

from stoep.common import clock
from stoep.delivery.digest_lines import Readers
from stoep.delivery.models import Mail, MailChoices, OutboxEntry, Pace
from stoep.delivery.sending import handle_entry
from stoep.exchange.lending_digest import SOURCE
from stoep.exchange.lending_reminding import remind_of_loans
from stoep.exchange.models import Loan
from stoep.exchange.tests.sharing import Visit, page
from stoep.operations.cast import Cast
from stoep.people.models import Block
from stoep.people.queries import person_with_standing

GoesTo = Callable[[str], Visit]


def test_each_step_is_told_to_the_other_side_by_mail_and_bell(visit: GoesTo, cast: Cast) -> None:
    lender, borrower = visit("neighbour"), visit("second-neighbour")
    loan = borrower.asked(lender.put_down("Drill"), 0, 1)
    mail = _mailed("loan_asked")
    assert mail.person == cast["neighbour"]
    assert mail.subject == "Somebody asks for your Drill"
    assert "Ahmed El Amrani would like to have: Drill" in mail.text
    assert f"/loans/{loan.pk}/" in mail.text
    assert "Ahmed El Amrani would like to have: Drill" in page(lender.get("notifications"))
    lender.step("agreement", loan)
    assert _mailed("loan_agreed").person == cast["second-neighbour"]
    lender.step("handover", loan)
    borrower.step("extension", loan)
    assert _mailed("loan_extended").person == cast["neighbour"]
    lender.step("return", loan)
    assert "Thank you!" in _mailed("loan_back").text


def test_what_is_settled_before_the_mail_is_made_is_not_told(visit: GoesTo) -> None:
    borrower = visit("second-neighbour")
    loan = borrower.asked(visit("neighbour").put_down())
    borrower.step("cancellation", loan)
    for entry in OutboxEntry.objects.filter(notice="exchange.loan_asked"):
        handle_entry(entry.pk, now=clock.now())
    assert not Mail.objects.filter(kind="exchange/mail/loan").exists()


def test_the_day_before_both_are_reminded_once(visit: GoesTo) -> None:
    lender, borrower = visit("neighbour"), visit("second-neighbour")
    loan = borrower.asked(lender.put_down(), 1, 3)
    assert remind_of_loans(now=clock.now()) == 0, "not agreed yet"
    lender.step("agreement", loan)
    assert remind_of_loans(now=clock.now()) == 1
    assert remind_of_loans(now=clock.now()) == 0
    assert _mails("loan_begins") == {"neighbour@hasselt.example", "second-neighbour@hasselt.example"}
    lender.step("handover", loan)
    later = clock.now() + timedelta(days=2)
    assert remind_of_loans(now=later) == 1
    assert remind_of_loans(now=later) == 0
    assert _mails("loan_ends") == {"neighbour@hasselt.example", "second-neighbour@hasselt.example"}


def test_a_block_silences_it(visit: GoesTo, cast: Cast) -> None:
    lender = visit("neighbour")
    loan = visit("second-neighbour").asked(lender.put_down(), 1, 3)
    lender.step("agreement", loan)
    Block.objects.create(person=cast["second-neighbour"], blocked=cast["neighbour"], created_at=clock.now())
    assert remind_of_loans(now=clock.now()) == 1
    assert _mails("loan_begins") == set()
    assert Loan.objects.get().agreed_at is not None


def test_who_hears_once_a_day_reads_it_in_the_daily_mail(visit: GoesTo, cast: Cast) -> None:
    MailChoices.objects.create(person=cast["neighbour"], mine=Pace.DAILY, changed_at=clock.now())
    loan = visit("second-neighbour").asked(visit("neighbour").put_down("Drill"))
    assert _mails("loan_asked") == set()
    person = person_with_standing(cast["neighbour"].pk)
    assert person is not None
    readers = Readers(
        municipality=cast.cities["hasselt"],
        neighbourhood=cast.neighbourhoods["Kermt"],
        people=[person],
        choices={person.pk: MailChoices.objects.get()},
        since=clock.now() - timedelta(days=1),
        until=clock.now(),
    )
    line = SOURCE.lines(readers)[person.pk][0]
    assert "Ahmed El Amrani would like to have: Drill" in line.text
    assert line.link.endswith(f"/loans/{loan.pk}/")
    visit("second-neighbour").step("cancellation", loan)
    assert SOURCE.lines(readers)[person.pk] == [], "it is not so any more"


def _mailed(name: str) -> Mail:
    before = set(Mail.objects.values_list("pk", flat=True))
    _mails(name)
    return Mail.objects.exclude(pk__in=before).get()


def _mails(name: str) -> set[str]:
    for entry in OutboxEntry.objects.filter(notice=f"exchange.{name}", handled_at=None):
        handle_entry(entry.pk, now=clock.now())
    found = Mail.objects.filter(entry__notice=f"exchange.{name}")
    return {mail.recipient for mail in found}
