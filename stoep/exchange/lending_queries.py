"""Reads of loans: mine, as lender and as borrower, with the other side as I may see them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from stoep.exchange.lending_words import SOMEBODY, Step, is_lender, next_step, other_steps, standing
from stoep.exchange.models import Loan, LoanQuerySet
from stoep.media.queries import profile_photos
from stoep.people.models import Membership, Person
from stoep.people.naming import ShownPerson, shown_to

MOST = 100


@dataclass(frozen=True)
class LoanLine:
    """A loan as one of its sides reads it. `other`: None where a neighbour left, or is not shown any more."""

    loan: Loan
    other: ShownPerson | None
    other_id: UUID | None
    words: str
    is_lender: bool
    step: Step | None
    steps: Sequence[Step]

    @property
    def who(self) -> str:
        return self.other.name if self.other else str(SOMEBODY)


def loans_for(person: Person) -> LoanQuerySet:
    return Loan.objects.visible_to(person).select_related("item__told_by", "municipality")


def loan_lines(person: Person, loans: Iterable[Loan], *, today: date) -> list[LoanLine]:
    found = list(loans)
    shown = shown_people(person, {loan.other_than(person) for loan in found})
    return [_line(person, loan, shown, today) for loan in found]


def _line(person: Person, loan: Loan, shown: dict[UUID, ShownPerson], today: date) -> LoanLine:
    other_id = loan.other_than(person)
    other = shown.get(other_id) if other_id else None
    name = other.name if other else str(SOMEBODY)
    words = standing(loan, person, name, today=today)
    return LoanLine(
        loan=loan,
        other=other,
        other_id=other_id if other else None,
        words=words[:1].upper() + words[1:],
        is_lender=is_lender(loan, person),
        step=next_step(loan, person),
        steps=other_steps(loan, person),
    )


def shown_people(reader: Person, ids: Iterable[UUID | None]) -> dict[UUID, ShownPerson]:
    """These people, by where they live now; not who left, nor who stands apart from the reader."""
    homes = homes_of({each for each in ids if each not in reader.standing.apart})
    faces = profile_photos(homes) if homes else {}
    return {person_id: shown_home(reader, home, faces.get(person_id)) for person_id, home in homes.items()}


def homes_of(ids: Iterable[UUID | None]) -> dict[UUID, Membership]:
    """Where these people live now; without those who left."""
    wanted = {each for each in ids if each is not None}
    if not wanted:
        return {}
    found = Membership.objects.filter(person__in=wanted, person__left_at=None, ended_at=None)
    return {home.person_id: home for home in found.select_related("person", "neighbourhood", "shown_street")}


def shown_home(reader: Person, home: Membership, face: UUID | None = None) -> ShownPerson:
    """Whoever lives there, as the reader may see them."""
    return shown_to(
        reader.standing,
        name=home.person.name,
        neighbourhood_id=home.neighbourhood_id,
        neighbourhood_name=home.neighbourhood.name,
        street_name=home.shown_street.name if home.shown_street else None,
        photo_id=face,
    )
