"""What a loan says to each of its two sides: where it stands, what comes next, and why something cannot be.

`who` is the other side, as the reader may see them. Words only: no reads.
"""

from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stoep.exchange.models import Item, Loan
from stoep.people.models import Person
from stoep.shell.moments import short_day

REASONS = {
    "days": gettext_lazy("Choose from which day to which day."),
    "past": gettext_lazy("Those days are over. Choose days from today on."),
    "order": gettext_lazy("The last day comes before the first. Turn them around."),
    "far": gettext_lazy("That is more than a year away. Choose an earlier day."),
    "long": gettext_lazy("That is too long: two months at most."),
    "until": gettext_lazy("It is not to be had as long as that. Choose an earlier last day."),
    "taken": gettext_lazy("Somebody else has it on one of those days. Choose other days."),
    "next": gettext_lazy("Somebody else has it next. It cannot stay longer."),
    "reserved": gettext_lazy("It is reserved for somebody else."),
    "asked": gettext_lazy("You asked for it already. Wait for the answer."),
    "offered": gettext_lazy("You offered one already. Wait for the answer."),
    "many": gettext_lazy("You wait for many answers already. Wait for those first."),
    "extended": gettext_lazy("It was kept longer once already. Ask whoever lends it."),
    "still_out": gettext_lazy("Somebody else still has it. First it must be back."),
    "changed": gettext_lazy("This changed in the meantime. Look again where it stands."),
}
SOMEBODY = gettext_lazy("a neighbour")


@dataclass(frozen=True)
class Step:
    """A button: the noun of its address (`loan_…`), and what stands on it."""

    noun: str
    label: str | Promise
    icon: str = ""


def days_between(from_on: date | None, to_on: date | None) -> str:
    """From Thu 3 Dec to Sat 5 Dec; Thu 3 Dec; until Sat 5 Dec; from Thu 3 Dec."""
    if from_on and to_on:
        if from_on == to_on:
            return short_day(from_on)
        return _("from %(first)s to %(last)s") % {"first": short_day(from_on), "last": short_day(to_on)}
    if to_on:
        return _("until %(last)s") % {"last": short_day(to_on)}
    return _("from %(first)s") % {"first": short_day(from_on)} if from_on else ""


def is_lender(loan: Loan, reader: Person) -> bool:
    return bool(loan.lender_id == reader.pk)


def standing(loan: Loan, reader: Person, who: str, *, today: date) -> str:
    """Where it stands, in a sentence or two."""
    facts = {"name": who, "days": days_between(loan.from_on, loan.to_on), "last": _last_day(loan)}
    return (_gift_words if loan.is_gift else _loan_words)(loan, is_lender(loan, reader), today) % facts


def _last_day(loan: Loan) -> str:
    return short_day(loan.to_on) if loan.to_on else ""


def _loan_words(loan: Loan, is_mine: bool, today: date) -> str:  # noqa: PLR0911  one line for each state
    if loan.ended_at is not None:
        return _ended(loan)
    if loan.back_at is not None:
        return _("It is back. Thank you!") if is_mine else _("You brought it back. Thank you!")
    if loan.is_out:
        return _out(loan, is_mine, today)
    if loan.is_agreed and is_mine:
        return _("Agreed: %(name)s has it %(days)s. Arrange when it is fetched.")
    if loan.is_agreed:
        return _("Agreed: you have it %(days)s. Arrange when you fetch it.")
    if loan.is_offer:
        return (
            _("You offered it to %(name)s, who now chooses the days.")
            if is_mine
            else _("You can borrow it from %(name)s.")
        )
    if is_mine:
        return _("%(name)s would like to borrow it, %(days)s.")
    return _("You asked to borrow it, %(days)s. Now %(name)s says yes or no.")


def _out(loan: Loan, is_mine: bool, today: date) -> str:
    is_late = loan.to_on is not None and loan.to_on < today
    if is_late and is_mine:
        return _("%(name)s has it. It should have been back on %(last)s.")
    if is_late:
        return _("You have it. It should have been back with %(name)s on %(last)s.")
    if is_mine:
        return _("%(name)s has it. It comes back on %(last)s at the latest.")
    return _("You have it. Bring it back to %(name)s on %(last)s at the latest.")


def _gift_words(loan: Loan, is_mine: bool, _today: date) -> str:
    if loan.ended_at is not None:
        return _ended(loan)
    if loan.out_at is not None:
        return _("%(name)s fetched it.") if is_mine else _("You fetched it. Enjoy it!")
    if loan.is_agreed:
        return _("It is reserved for %(name)s.") if is_mine else _("It is reserved for you. Arrange when you fetch it.")
    if is_mine:
        return _("%(name)s would like to have it.")
    return _("You would like to have it. Now %(name)s says yes or no.")


def _ended(loan: Loan) -> str:
    if loan.agreed_at is not None:
        return _("It was called off.")
    is_refusal = loan.ended_by_id is not None and loan.ended_by_id == loan.answerer_id
    return _("It did not suit this time.") if is_refusal else _("The question was taken back.")


def next_step(loan: Loan, reader: Person) -> Step | None:
    """The one thing that this reader does next, if it is their turn."""
    is_theirs = loan.answerer_id == reader.pk
    if loan.is_waiting and is_theirs:
        yes = _("Yes, I would like to borrow it") if loan.is_offer else _("Yes, that is fine")
        return Step("agreement", _("Yes, it is for you") if loan.is_gift else yes, "check")
    if loan.is_agreed:
        if loan.is_gift:
            return Step("handover", _("It is fetched"), "check")
        return Step("handover", _("I handed it over") if is_lender(loan, reader) else _("I have it now"), "check")
    if loan.is_out and is_lender(loan, reader):
        return Step("return", _("It is back"), "check")
    return None


def other_steps(loan: Loan, reader: Person) -> list[Step]:
    """What else they may do."""
    if loan.is_waiting:
        if loan.answerer_id == reader.pk:
            return [Step("refusal", _("No, it does not suit me"))]
        return [Step("cancellation", _("Take the offer back") if loan.is_offer else _("I do not need it any more"))]
    if loan.is_agreed:
        return [Step("cancellation", _("Call it off"))]
    if loan.is_out and (is_lender(loan, reader) or loan.extended_at is None):
        return [Step("extension", _("A week longer"), "clock")]
    return []


def thing_state(kind: str, back_on: date | None, *, is_promised: bool) -> str:
    """Free, or when it is."""
    if kind == Item.Kind.GIVE:
        return _("Reserved") if is_promised else _("Free to fetch")
    if not is_promised:
        return _("Free to borrow")
    return _("Back on %(day)s") % {"day": short_day(back_on)} if back_on else _("Lent out")


def unfinished(loan: Loan, reader: Person, who: str) -> str:
    """Before somebody leaves."""
    facts = {"thing": loan.name, "name": who}
    if loan.is_out and is_lender(loan, reader):
        return _("%(name)s still has your %(thing)s.") % facts
    if loan.is_out:
        return _("You still have the %(thing)s of %(name)s.") % facts
    return _("%(thing)s: agreed with %(name)s.") % facts
