"""What the two sides of a loan hear, by mail and behind the bell: a question, an answer, and the day before."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from stoep.delivery.links import site_url
from stoep.delivery.models import Stream
from stoep.delivery.notices import Notice, Rung, Told
from stoep.exchange.lending_days import today_in
from stoep.exchange.lending_queries import loans_for, shown_people
from stoep.exchange.lending_words import SOMEBODY, days_between
from stoep.exchange.models import Loan
from stoep.people.models import Person
from stoep.people.queries import apart_from

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Saying:
    """One of the notices. `subject` names nobody: it is read over somebody's shoulder. `text` may name the other.

    `is_still`: whether it is still so when the mail is made; `is_timely`: and whether that day is the one to say it.
    `is_for_both`: else only whoever did not do it hears it.
    """

    name: str
    subject: Promise
    text: Promise
    icon: str
    label: Promise
    is_still: Callable[[Loan], bool] = lambda _loan: True
    is_timely: Callable[[Loan, date], bool] = lambda _loan, _today: True
    is_for_both: bool = False


ANSWER, LOOK = _("Say yes or no"), _("See the loan")
SAYINGS = (
    Saying(
        "loan_asked",
        _("Somebody asks for your %(thing)s"),
        _("%(name)s would like to have: %(what)s."),
        "toolbox",
        ANSWER,
        is_still=lambda loan: loan.is_waiting,
    ),
    Saying(
        "loan_offered",
        _("Somebody has one for you: %(thing)s"),
        _("%(name)s has one for you: %(thing)s."),
        "toolbox",
        _("Choose the days"),
        is_still=lambda loan: loan.is_waiting,
    ),
    Saying(
        "loan_agreed",
        _("Agreed: %(thing)s"),
        _("%(name)s agrees: %(what)s."),
        "check-circle",
        LOOK,
        is_still=lambda loan: loan.is_promised,
    ),
    Saying(
        "loan_contactless",
        _("Without contact: %(thing)s"),
        _("%(name)s would rather hand it over without contact: %(what)s."),
        "hand-heart",
        LOOK,
        is_still=lambda loan: loan.is_promised and loan.is_contactless,
    ),
    Saying(
        "loan_refused",
        _("Not this time: %(thing)s"),
        _("It does not suit this time: %(thing)s."),
        "info",
        LOOK,
        is_still=lambda loan: loan.ended_at is not None,
    ),
    Saying(
        "loan_cancelled",
        _("Called off: %(thing)s"),
        _("%(name)s calls it off: %(what)s."),
        "info",
        LOOK,
        is_still=lambda loan: loan.ended_at is not None,
    ),
    Saying(
        "loan_extended",
        _("A week longer: %(thing)s"),
        _("A week longer: %(thing)s, now %(days)s. Does that not suit? Tell %(name)s."),
        "clock",
        LOOK,
        is_still=lambda loan: loan.is_out,
    ),
    Saying("loan_back", _("Back: %(thing)s"), _("%(name)s has it back: %(thing)s. Thank you!"), "check-circle", LOOK),
    Saying(
        "loan_damaged",
        _("Something is broken: %(thing)s"),
        _("%(name)s wrote down what is broken: %(thing)s."),
        "warning",
        LOOK,
        is_still=lambda loan: bool(loan.damage),
    ),
    Saying(
        "loan_begins",
        _("Tomorrow: %(thing)s"),
        _("Tomorrow it begins: %(what)s, with %(name)s."),
        "bell",
        LOOK,
        is_still=lambda loan: loan.is_agreed,
        is_timely=lambda loan, today: loan.from_on == today + DAY,
        is_for_both=True,
    ),
    Saying(
        "loan_ends",
        _("Back tomorrow: %(thing)s"),
        _("Tomorrow it goes back: %(thing)s, with %(name)s."),
        "bell",
        LOOK,
        is_still=lambda loan: loan.is_out,
        is_timely=lambda loan, today: loan.to_on == today + DAY,
        is_for_both=True,
    ),
    Saying(
        "loan_late",
        _("It is still out: %(thing)s"),
        _("It was to go back: %(thing)s, with %(name)s. Does it take longer? Tell each other."),
        "bell",
        LOOK,
        is_still=lambda loan: loan.is_out,
        is_timely=lambda loan, today: loan.to_on is not None and loan.to_on < today,
        is_for_both=True,
    ),
)


def _sides(saying: Saying, told: Told) -> Iterable[Person]:
    """Both, or whoever of them did not do it; as far as they may see it."""
    loan = Loan.objects.filter(pk=told.subject_id).first()
    if loan is None:
        return []
    there = {each for each in loan.sides if each}
    hearing = Person.objects.filter(pk__in=there - (set() if saying.is_for_both else {told.actor_id}), left_at=None)
    return hearing.exclude(pk__in=apart_from(there))


def _context(saying: Saying, told: Told, reader: Person) -> dict[str, Any] | None:
    loan = loans_for(reader).filter(pk=told.subject_id).first()
    if loan is None or not saying.is_still(loan) or _is_apart(reader, loan):
        return None
    if not saying.is_timely(loan, today_in(loan.municipality, told.now)):
        return None
    names = _names(reader, [loan])
    return {
        "subject": str(saying.subject) % {"thing": loan.name},
        "sentence": said(saying, reader, loan, names),
        "label": saying.label,
        "link": site_url(loan.municipality, f"/loans/{loan.pk}/"),
        "thread_id": loan.pk,
    }


def _describe(saying: Saying, reader: Person, groups: Mapping[UUID, list[UUID]]) -> dict[UUID, Rung]:
    found = [loan for loan in loans_for(reader).filter(pk__in=groups) if not _is_apart(reader, loan)]
    names = _names(reader, found)
    return {
        loan.pk: Rung(said(saying, reader, loan, names), loan.name, f"/loans/{loan.pk}/", saying.icon) for loan in found
    }


def _names(reader: Person, loans: Iterable[Loan]) -> dict[UUID, str]:
    shown = shown_people(reader, [loan.other_than(reader) for loan in loans])
    return {key: each.name for key, each in shown.items()}


def said(saying: Saying, reader: Person, loan: Loan, names: Mapping[UUID, str]) -> str:
    other = loan.other_than(reader)
    name = names.get(other, str(SOMEBODY)) if other else str(SOMEBODY)
    days = days_between(loan.from_on, loan.to_on)
    what = f"{loan.name}, {days}" if days else loan.name
    text = str(saying.text) % {"thing": loan.name, "name": name, "days": days, "what": what}
    return text[:1].upper() + text[1:]


def _is_apart(reader: Person, loan: Loan) -> bool:
    """Whoever lent something out to somebody they no longer see finds it on its page, and is not rung for it."""
    return loan.other_than(reader) in reader.standing.apart


def _loan_itself(told: Told) -> UUID | None:
    return told.subject_id


def _notice(saying: Saying) -> Notice:
    return Notice(
        f"exchange.{saying.name}",
        partial(_sides, saying),
        "exchange/mail/loan",
        partial(_context, saying),
        stream=Stream.MINE,
        group=_loan_itself,
        describe=partial(_describe, saying),
        push=_("There is news about something you lend or borrow."),
        repeats=True,
    )


NOTICES = tuple(_notice(saying) for saying in SAYINGS)
