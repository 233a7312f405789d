"""What breaks the rules: a report opens a case, a decision with its reasons closes it, an appeal looks again.

What the law asks of a decision (DSA art. 17) and of an appeal (art. 20) stands as constraints in the database.
"""

import json
from datetime import timedelta
from typing import Any, ClassVar
from uuid import UUID

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from stoep.common.crypto import SealedTextField
from stoep.common.ids import IdField
from stoep.people.models import Person
from stoep.places.models import Municipality, Neighbourhood

EXPLANATION_LENGTH, WHERE_LENGTH, GROUND_LENGTH, NUMBER_LENGTH = 2000, 500, 300, 12
# An objection is free, for six months (DSA art. 20).
OBJECT_WITHIN = timedelta(days=183)


class Reason(models.TextChoices):
    """Why somebody reports, in plain words. DANGER goes first."""

    DANGER = "danger", _("Somebody is in danger")
    INSULT = "insult", _("It hurts, threatens or bullies somebody")
    HATE = "hate", _("Hate against a group of people")
    PRIVATE = "private", _("It shows somebody's private details or photo")
    SCAM = "scam", _("Fraud, or advertising")
    ILLEGAL = "illegal", _("It is against the law in another way")
    NOT_REAL_NAME = "not_real_name", _("This is not the real name")
    RULES = "rules", _("It is against the house rules in another way")


class Outcome(models.TextChoices):
    """HOLD is an ambassador's: out of sight until a moderator decides, for a day at most. The others close the case."""

    KEEP = "keep", _("It may stay")
    HIDE = "hide", _("Hide it for a time")
    REMOVE = "remove", _("Remove it")
    ASK_NAME = "ask_name", _("Ask for the real name")
    WARN = "warn", _("Warn the writer")
    PAUSE = "pause", _("Pause the writer's access")
    HOLD = "hold", _("Hidden until a moderator looks")


# What takes something out of sight, and what has an end of its own.
HIDING = {Outcome.HIDE, Outcome.REMOVE, Outcome.HOLD}
FOR_A_TIME = {Outcome.HIDE, Outcome.PAUSE, Outcome.HOLD}
MEASURES = HIDING | {Outcome.PAUSE}


class Case(models.Model):
    """One thing that was reported, by however many. `copy`: what it said then; only a moderator reads it."""

    id = IdField()
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    neighbourhood = models.ForeignKey(Neighbourhood, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    subject_kind = models.CharField(max_length=20, blank=True)
    subject_id: "models.UUIDField[UUID | None, UUID | None]" = models.UUIDField(null=True, blank=True)
    author = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    copy: SealedTextField = SealedTextField(blank=True)
    is_urgent = models.BooleanField(default=False)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-is_urgent", "opened_at", "id"]
        constraints = [
            models.UniqueConstraint(
                "subject_kind", "subject_id", condition=Q(closed_at=None), name="one_open_case_a_thing"
            ),
        ]

    def __str__(self) -> str:
        return f"case {self.id}"

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def copied(self) -> dict[str, str]:
        """title, body, writer; empty once the copy is gone."""
        found: dict[str, str] = json.loads(self.copy) if self.copy else {}
        return found


class Report(models.Model):
    """Somebody says that something is not right. Who it was, nobody is shown: no moderator, and not the author."""

    id = IdField()
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="reports")
    reporter = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    number = models.CharField(max_length=NUMBER_LENGTH, unique=True)
    request_key: "models.UUIDField[UUID | None, UUID | None]" = models.UUIDField(null=True, unique=True)
    reason = models.CharField(max_length=20, choices=Reason.choices)
    explanation: SealedTextField = SealedTextField(blank=True)
    where = models.CharField(max_length=WHERE_LENGTH, blank=True)
    name: SealedTextField = SealedTextField(blank=True)
    email: SealedTextField = SealedTextField(blank=True)
    language = models.CharField(max_length=5)
    is_in_good_faith = models.BooleanField(default=True)
    reported_at = models.DateTimeField()

    class Meta:
        ordering = ["reported_at", "id"]
        constraints = [models.CheckConstraint(condition=Q(is_in_good_faith=True), name="report_in_good_faith")]

    def __str__(self) -> str:
        return self.number


class Decision(models.Model):
    """What was decided, with the whole statement of reasons. `was_live`: what it hid was in sight until then."""

    class Ground(models.TextChoices):
        RULES = "rules", _("The house rules")
        LAW = "law", _("The law")

    class Redress(models.TextChoices):
        OBJECT = "object", _("You may object within six months. Another moderator decides, and it costs nothing.")

    id = IdField()
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="decisions")
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    ground = models.CharField(max_length=10, choices=Ground.choices)
    ground_text = models.CharField(max_length=GROUND_LENGTH)
    facts = models.TextField()
    until = models.DateTimeField(null=True, blank=True)
    by_automation = models.BooleanField(default=False)
    redress = models.CharField(max_length=10, choices=Redress.choices)
    was_live = models.BooleanField(default=False)
    decided_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-decided_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(ground_text="") & ~Q(facts="") & ~Q(redress="") & Q(ground__in=["rules", "law"]),
                name="decision_says_why",
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=["hide", "pause", "hold"], until__isnull=False)
                | (~Q(outcome__in=["hide", "pause", "hold"]) & Q(until__isnull=True)),
                name="decision_says_how_long",
            ),
            models.CheckConstraint(condition=Q(by_automation=False), name="decision_by_a_person"),
            models.CheckConstraint(condition=Q(outcome__in=Outcome.values), name="decision_of_a_known_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.outcome} of {self.case_id}"

    @property
    def municipality_id(self) -> Any:
        return self.case.municipality_id

    @property
    def concerned(self) -> set[UUID]:
        """Both sides: whoever wrote it, unless nothing happened to them, and whoever reported it."""
        people = set(self.case.reports.exclude(reporter=None).values_list("reporter", flat=True))
        if self.case.author_id and self.outcome != Outcome.KEEP:
            people.add(self.case.author_id)
        return people

    @property
    def is_measure_standing(self) -> bool:
        return self.outcome in MEASURES and self.lifted_at is None


class Appeal(models.Model):
    """Somebody does not agree. Another moderator than the first one decides."""

    id = IdField()
    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="appeals")
    person = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    words: SealedTextField = SealedTextField()
    filed_at = models.DateTimeField()
    first_decided_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    decided_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    is_granted = models.BooleanField(default=False)
    reasons = models.TextField(blank=True)

    IS_OPEN: ClassVar[Q] = Q(decided_at=None)

    class Meta:
        ordering = ["filed_at", "id"]
        constraints = [
            models.UniqueConstraint("decision", "person", name="one_appeal_a_person"),
            models.CheckConstraint(condition=~Q(decided_by=F("first_decided_by")), name="appeal_decided_by_another"),
            models.CheckConstraint(
                condition=Q(decided_at=None, is_granted=False, reasons="")
                | (Q(decided_at__isnull=False) & ~Q(reasons="")),
                name="appeal_decided_with_reasons",
            ),
        ]

    def __str__(self) -> str:
        return f"appeal {self.id}"

    @property
    def municipality_id(self) -> Any:
        return self.decision.case.municipality_id

    @property
    def is_open(self) -> bool:
        return self.decided_at is None
