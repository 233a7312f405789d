"""Reads for the pages of moderation. No moderator is told who reported."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from stoep.access.gate import may, require
from stoep.access.models import Grant
from stoep.media.models import Photo
from stoep.media.queries import photos_seen_by
from stoep.moderation.materials import Piece, material
from stoep.moderation.models import OBJECT_WITHIN, Appeal, Case, Decision, Outcome, Reason, Report
from stoep.people.models import Person


@dataclass(frozen=True)
class Complaint:
    """A report without who made it."""

    reason: str
    explanation: str
    where: str
    reported_at: datetime


@dataclass(frozen=True)
class OpenCase:
    """`label`: what kind of thing; `around`: what the moderator sees beside it, if it still stands; `photos`: of it."""

    case: Case
    label: str
    complaints: list[Complaint]
    around: list[Piece]
    held: Decision | None
    photos: list[Photo] = field(default_factory=list)

    @property
    def title(self) -> str:
        """The first reason given; whoever gave it may be erased meanwhile."""
        return self.complaints[0].reason if self.complaints else self.label


@dataclass(frozen=True)
class Told:
    """A decision as one side reads it. `appeal`: theirs, if they objected."""

    decision: Decision
    label: str
    is_mine: bool
    appeal: Appeal | None
    may_object: bool


def open_cases(person: Person) -> list[OpenCase]:
    """Urgent first, then the oldest."""
    found = Case.objects.filter(municipality=person.municipality_id, closed_at=None)
    return [_opened(case) for case in found if may(person, "moderation:case:read", case)]


def open_appeals(person: Person) -> QuerySet[Appeal]:
    """Those that this moderator may decide: not about their own decision."""
    found = Appeal.objects.filter(Appeal.IS_OPEN, decision__case__municipality=person.municipality_id)
    return found.exclude(first_decided_by=person).select_related("decision__case")


def case_for(person: Person, case_id: UUID, *, now: datetime) -> OpenCase | None:
    """One case with what lies around the reported thing; looking at it is written down."""
    case = Case.objects.filter(pk=case_id, municipality=person.municipality_id).first()
    if case is None or not may(person, "moderation:case:read", case):
        return None
    require(person, "moderation:case:read", case, now=now)
    return _opened(case, for_whom=person)


def label_of(case: Case) -> str:
    source = material(case.subject_kind)
    return str(source.label) if source else ""


def reports_by(person: Person) -> QuerySet[Report]:
    return Report.objects.filter(reporter=person).select_related("case").order_by("-reported_at", "-id")


def told_to(person: Person, *, now: datetime) -> list[Told]:
    """Decisions about what this person wrote, and about what they reported."""
    about = Q(case__author=person) & ~Q(outcome=Outcome.KEEP)
    found = Decision.objects.filter(about | Q(case__reports__reporter=person)).distinct().select_related("case")
    appeals = {appeal.decision_id: appeal for appeal in Appeal.objects.filter(person=person)}
    return [
        Told(
            decision=decision,
            label=label_of(decision.case),
            is_mine=decision.case.author_id == person.pk,
            appeal=appeals.get(decision.pk),
            may_object=decision.pk not in appeals and now - decision.decided_at <= OBJECT_WITHIN,
        )
        for decision in found
    ]


def decision_for(person: Person, decision_id: UUID) -> Decision | None:
    found = Decision.objects.filter(pk=decision_id).select_related("case").first()
    return found if found and may(person, "moderation:decision:appeal", found) else None


def receipt(number: str) -> Report | None:
    return Report.objects.filter(number=number.upper()).select_related("case").first()


def last_decision(report: Report) -> Decision | None:
    return report.case.decisions.exclude(outcome=Outcome.HOLD).first()


def cases_to_look_at(ambassador: Person) -> list[OpenCase]:
    """Open cases of the own neighbourhood about what this ambassador sees and may hide for a day."""
    found = Case.objects.filter(neighbourhood=ambassador.standing.neighbourhood_id, closed_at=None)
    return [_opened(case) for case in found if _is_theirs(ambassador, case)]


def _is_theirs(ambassador: Person, case: Case) -> bool:
    source = material(case.subject_kind)
    is_hideable = source is not None and source.hide is not None and case.subject_id is not None
    if not is_hideable or not may(ambassador, "moderation:case:hold", case):
        return False
    has_held = case.decisions.filter(outcome=Outcome.HOLD).exists()
    return has_held or (
        source is not None and case.subject_id is not None and bool(source.find(ambassador, case.subject_id))
    )


def _opened(case: Case, *, for_whom: Person | None = None) -> OpenCase:
    reports = case.reports.all()
    return OpenCase(
        case=case,
        label=label_of(case),
        complaints=[
            Complaint(str(Reason(each.reason).label), each.explanation, each.where, each.reported_at)
            for each in reports
        ],
        around=_around(case, for_whom) if for_whom else [],
        held=case.decisions.filter(outcome=Outcome.HOLD, lifted_at=None).first(),
        photos=photos_seen_by(for_whom, case.subject_kind, case.subject_id) if for_whom and case.subject_id else [],
    )


def _around(case: Case, person: Person) -> list[Piece]:
    """By what the grants of this case let a moderator see, oldest first."""
    granted = Grant.objects.filter(case_id=case.pk, ended_at=None)
    if case.subject_id is not None:
        granted = granted.exclude(subject_id=case.subject_id)
    pieces: list[Piece] = []
    for kind in {grant.subject_kind for grant in granted}:
        source = material(kind)
        ids = [grant.subject_id for grant in granted if grant.subject_kind == kind]
        pieces += source.show(person, ids) if source else []
    return sorted(pieces, key=lambda piece: piece.created_at)
