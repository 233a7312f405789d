"""What the two sides hear, and the day before: once each, to both, and to nobody who should not."""

from collections.abc import Callable
from datetime import datetime, timedelta

from stoep.common import clock
from stoep.delivery.bell import read_all
from stoep.delivery.digest_lines import Readers
from stoep.delivery.digest_news import SOURCE
from stoep.delivery.models import Mail, MailChoices, Notification, OutboxEntry, Pace
from stoep.delivery.sending import handle_entry
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
    assert _mails("loan_ends", later) == {"neighbour@hasselt.example", "second-neighbour@hasselt.example"}


def test_what_does_not_come_back_is_said_to_both_the_day_after_and_once(visit: GoesTo) -> None:
    lender, borrower = visit("neighbour"), visit("second-neighbour")
    loan = borrower.asked(lender.put_down(), 0, 3)
    for step in ("agreement", "handover"):
        lender.step(step, loan)
    assert remind_of_loans(now=clock.now() + timedelta(days=2)) == 1
    assert remind_of_loans(now=clock.now() + timedelta(days=3)) == 0, "its last day"
    assert remind_of_loans(now=clock.now() + timedelta(days=4)) == 1
    assert [remind_of_loans(now=clock.now() + timedelta(days=days)) for days in (4, 5, 12)] == [0, 0, 0]
    mailed = _mails("loan_late", clock.now() + timedelta(days=4))
    assert mailed == {"neighbour@hasselt.example", "second-neighbour@hasselt.example"}
    assert "It is still out" in Mail.objects.filter(entry__notice="exchange.loan_late")[0].subject


def test_what_came_back_is_not_asked_for(visit: GoesTo) -> None:
    lender = visit("neighbour")
    loan = visit("second-neighbour").asked(lender.put_down(), 0, 3)
    for step in ("agreement", "handover", "return"):
        lender.step(step, loan)
    assert remind_of_loans(now=clock.now() + timedelta(days=4)) == 0


def test_a_week_longer_it_is_said_again_of_the_later_day(visit: GoesTo, cast: Cast) -> None:
    lender, borrower = visit("neighbour"), visit("second-neighbour")
    loan = borrower.asked(lender.put_down(), 0, 3)
    for step in ("agreement", "handover"):
        lender.step(step, loan)
    bell: dict[str, list[bool]] = {}
    for name, day in (("loan_late", 4), ("loan_ends", 10), ("loan_late", 12)):
        assert remind_of_loans(now=clock.now() + timedelta(days=day)) == 1, (name, day)
        with clock.frozen(clock.now() + timedelta(days=day)):
            _mails(name)
            row = Notification.objects.get(person=cast["neighbour"], notice=f"exchange.{name}")
            bell.setdefault(name, []).append(row.read_at is None)
            read_all(person=cast["neighbour"], now=clock.now())
            if day == 4:
                borrower.step("extension", loan)
    assert bell == {"loan_late": [True, True], "loan_ends": [True]}
    assert Mail.objects.filter(entry__notice="exchange.loan_late").count() == 4


def test_what_is_not_so_any_more_when_the_mail_is_made_is_not_said(visit: GoesTo) -> None:
    lender, borrower = visit("neighbour"), visit("second-neighbour")
    loan = borrower.asked(lender.put_down(), 0, 3)
    for step in ("agreement", "handover"):
        lender.step(step, loan)
    on_time = clock.now() + timedelta(days=2)
    assert remind_of_loans(now=on_time) == 1
    assert _mails("loan_ends", on_time + timedelta(days=3)) == set(), "it is no more tomorrow"
    with clock.frozen(clock.now() + timedelta(days=4)):
        assert remind_of_loans(now=clock.now()) == 1
        borrower.step("extension", loan)
        assert _mails("loan_late") == set(), "it may stay a week longer"


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
    [line] = SOURCE.lines(readers)[person.pk]
    assert "Ahmed El Amrani would like to have: Drill" in line.text
    assert line.link.endswith(f"/loans/{loan.pk}/")
    visit("second-neighbour").step("cancellation", loan)
    assert SOURCE.lines(readers)[person.pk] == [], "it is not so any more"


def _mailed(name: str) -> Mail:
    before = set(Mail.objects.values_list("pk", flat=True))
    _mails(name)
    return Mail.objects.exclude(pk__in=before).get()


def _mails(name: str, at: datetime | None = None) -> set[str]:
    for entry in OutboxEntry.objects.filter(notice=f"exchange.{name}", handled_at=None):
        handle_entry(entry.pk, now=at or clock.now())
    found = Mail.objects.filter(entry__notice=f"exchange.{name}")
    return {mail.recipient for mail in found}
