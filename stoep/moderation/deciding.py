"""Deciding: what becomes of a reported thing, with reasons that both sides read; and looking at it once more."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import translation

from stoep.access.gate import NotAllowed, require
from stoep.access.limits import Limit, hit
from stoep.access.models import Grant
from stoep.common.ids import new_id
from stoep.common.text import clean_name, clean_text
from stoep.delivery.letterbox import Envelope, post_mail
from stoep.delivery.outbox import tell
from stoep.moderation.actions import grant, receipt_link
from stoep.moderation.materials import material
from stoep.moderation.models import (
    FOR_A_TIME,
    HIDING,
    MEASURES,
    OBJECT_WITHIN,
    Appeal,
    Case,
    Decision,
    Outcome,
)
from stoep.people.models import Person, Suspension

# A hacked moderator does this much and no more (docs/trust.md 1.2, T9).
REMOVALS_AN_HOUR = Limit("removals", 20, timedelta(hours=1))
HELD_FOR = timedelta(hours=24)


class DecisionRefused(ValueError):
    """`reason`: `decided` already, `outcome` does not fit, `too_many` in an hour, `late`, `incomplete`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Verdict:
    """What the moderator filled in. `days`: how long, for what has an end."""

    outcome: str
    ground: str
    ground_text: str
    facts: str
    days: int = 7


def outcomes_of(case: Case) -> list[Outcome]:
    """What can be decided about this: nobody hides a person, and nobody asks a message for its name."""
    source = material(case.subject_kind)
    found = [Outcome.KEEP]
    if source is not None and source.hide is not None:
        found += [Outcome.HIDE, Outcome.REMOVE]
    if case.subject_kind == "person":
        found.append(Outcome.ASK_NAME)
    return [*found, Outcome.WARN, Outcome.PAUSE] if case.author_id else found


def decide(*, person: Person, case: Case, verdict: Verdict, now: datetime) -> Decision:
    """Close a case. Raises DecisionRefused."""
    require(person, "moderation:case:decide", case, now=now)
    if verdict.outcome not in outcomes_of(case):
        raise DecisionRefused("outcome")
    if verdict.outcome in MEASURES and not hit(REMOVALS_AN_HOUR, str(person.pk), now=now):
        raise DecisionRefused("too_many")
    with transaction.atomic():
        _lock(case)
        for held in case.decisions.filter(outcome=Outcome.HOLD, lifted_at=None):
            lift(held, now)
        made = _write(person, case, verdict, now, until=now + timedelta(days=verdict.days))
        _pause(made, person, now)
        Case.objects.filter(pk=case.pk).update(closed_at=now)
        Grant.objects.filter(case_id=case.pk, ended_at=None).update(ended_at=now)
        _tell_visitors(made, now)
    return made


def hold(*, person: Person, case: Case, facts: str, now: datetime) -> Decision:
    """An ambassador takes it out of sight until a moderator decides, for a day at most. Raises DecisionRefused."""
    require(person, "moderation:case:hold", case, now=now)
    source = material(case.subject_kind)
    if source is None or source.hide is None or case.subject_id is None or source.find(person, case.subject_id) is None:
        raise DecisionRefused("outcome")
    with transaction.atomic():
        _lock(case)
        if case.decisions.filter(outcome=Outcome.HOLD).exists():
            raise DecisionRefused("decided")
        with translation.override("nl"):
            ground = str(Outcome.HOLD.label)
        verdict = Verdict(Outcome.HOLD, Decision.Ground.RULES, ground, facts)
        return _write(person, case, verdict, now, until=now + HELD_FOR)


def appeal(*, person: Person, decision: Decision, words: str, now: datetime) -> Appeal:
    """Object to a decision about oneself, or about what one reported. Once, free, for six months."""
    require(person, "moderation:decision:appeal", decision, now=now)
    words = clean_text(words)
    if now - decision.decided_at > OBJECT_WITHIN:
        raise DecisionRefused("late")
    if not words:
        raise DecisionRefused("incomplete")
    with transaction.atomic():
        made, is_new = Appeal.objects.get_or_create(
            decision=decision,
            person=person,
            defaults={"words": words, "filed_at": now, "first_decided_by_id": decision.decided_by_id},
        )
        if is_new:
            grant(decision.case, now)
    return made


def decide_appeal(*, person: Person, appeal: Appeal, is_granted: bool, reasons: str, now: datetime) -> None:
    """Another moderator looks again. Granted, the measure ends; what was kept is decided anew."""
    require(person, "moderation:appeal:decide", appeal, now=now)
    if appeal.first_decided_by_id == person.pk:
        raise NotAllowed
    reasons = clean_text(reasons)
    if not reasons:
        raise DecisionRefused("incomplete")
    with transaction.atomic():
        found = Appeal.objects.select_for_update().get(pk=appeal.pk)
        if not found.is_open:
            raise DecisionRefused("decided")
        Appeal.objects.filter(pk=found.pk).update(
            decided_by=person, decided_at=now, is_granted=is_granted, reasons=reasons
        )
        Grant.objects.filter(case_id=appeal.decision.case_id, ended_at=None).update(ended_at=now)
        if is_granted:
            _overturn(appeal.decision, now)
        case = appeal.decision.case
        tell(
            "moderation.looked_again",
            municipality_id=case.municipality_id,
            subject_id=appeal.pk,
            actor=person,
            now=now,
        )


def lift(decision: Decision, now: datetime) -> None:
    """End what a decision did: put back what it hid, let in whom it paused. Once, whoever else ends it just now."""
    standing = Decision.objects.filter(pk=decision.pk, outcome__in=MEASURES, lifted_at=None)
    if not standing.update(lifted_at=now):
        return
    source = material(decision.case.subject_kind)
    if decision.outcome in HIDING and source and source.restore and decision.case.subject_id:
        _restore(decision, source.restore)
    if decision.outcome == Outcome.PAUSE:
        pauses = Suspension.objects.filter(person=decision.case.author_id, started_at=decision.decided_at)
        pauses.filter(ended_at=None).update(ended_at=now)


def _restore(decision: Decision, restore: Callable[[UUID, bool], None]) -> None:
    """Not while another decision hides the same thing: that one restores it, should it end."""
    case = decision.case
    same = Decision.objects.filter(case__subject_kind=case.subject_kind, case__subject_id=case.subject_id)
    others = same.filter(outcome__in=HIDING, lifted_at=None).exclude(pk=decision.pk)
    if others.exists():
        if decision.was_live:
            others.update(was_live=True)
    elif case.subject_id is not None:
        restore(case.subject_id, decision.was_live)


def end_what_is_over(*, now: datetime) -> int:
    """What was for a time is lifted when that is over. Answers how many."""
    over = Decision.objects.filter(outcome__in=FOR_A_TIME, lifted_at=None, until__lte=now).select_related("case")
    for decision in over:
        with transaction.atomic():
            lift(decision, now)
    return len(over)


def _lock(case: Case) -> None:
    if not Case.objects.select_for_update().get(pk=case.pk).is_open:
        raise DecisionRefused("decided")


def _write(person: Person, case: Case, verdict: Verdict, now: datetime, *, until: datetime) -> Decision:
    ground_text, facts = clean_name(verdict.ground_text), clean_text(verdict.facts)
    if not ground_text or not facts:
        raise DecisionRefused("incomplete")
    source = material(case.subject_kind)
    was_live = False
    if verdict.outcome in HIDING and source and source.hide and case.subject_id:
        was_live = source.hide(case.subject_id, person, now)
    made = Decision.objects.create(
        id=new_id(now),
        case=case,
        outcome=verdict.outcome,
        ground=verdict.ground,
        ground_text=ground_text,
        facts=facts,
        until=until if verdict.outcome in FOR_A_TIME else None,
        redress=Decision.Redress.OBJECT,
        was_live=was_live,
        decided_by=person,
        decided_at=now,
    )
    tell("moderation.decided", municipality_id=case.municipality_id, subject_id=made.pk, actor=person, now=now)
    return made


def _pause(decision: Decision, person: Person, now: datetime) -> None:
    """From the next request on, whoever paused them already for another reason."""
    author = decision.case.author_id
    if decision.outcome != Outcome.PAUSE or author is None:
        return
    Suspension.objects.create(person_id=author, imposed_by=person, reason=decision.facts, started_at=now)


def _overturn(decision: Decision, now: datetime) -> None:
    lift(decision, now)
    case = decision.case
    is_kept = decision.outcome == Outcome.KEEP
    if (
        is_kept
        and not Case.objects.filter(subject_kind=case.subject_kind, subject_id=case.subject_id, closed_at=None).exists()
    ):
        Case.objects.filter(pk=case.pk).update(closed_at=None)
        grant(case, now)


def _tell_visitors(decision: Decision, now: datetime) -> None:
    """Whoever gave an address with the public form; people of ours are told by the outbox."""
    case = decision.case
    for report in case.reports.filter(reporter=None):
        if report.email:
            envelope = Envelope(case.municipality, report.email, report.language)
            facts = {"decision": decision, "is_author": False, "link": receipt_link(case.municipality, report)}
            post_mail(envelope, template="moderation/mail/decided", context={**facts, "reader": None}, now=now)
