"""The city's side of joining: imports and their log, letter runs and batches, openings, frozen weekly figures."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from stoep.common.ids import IdField
from stoep.people.models import Person
from stoep.places.models import Municipality, Neighbourhood, Street, StreetPart


class ImportRun(models.Model):
    """A file of borders or addresses: first shown, then applied whole or not at all. The row is the log."""

    class Kind(models.TextChoices):
        BORDERS = "borders", _("Borders")
        ADDRESSES = "addresses", _("Addresses")

    class State(models.TextChoices):
        READING = "reading", _("Being read")
        SHOWN = "shown", _("Shown, not applied")
        APPLYING = "applying", _("Being applied")
        APPLIED = "applied", _("Applied")
        UNREADABLE = "unreadable", _("Could not be read")
        DROPPED = "dropped", _("Not applied")

    id = IdField()
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.READING)
    file_name = models.CharField(max_length=200)
    file_format = models.CharField(max_length=60, blank=True)
    file_sha256 = models.CharField(max_length=64)
    # The counts and the first rows of each list, as shown on the page: {"added": 12, …, "refused_rows": […]}.
    summary: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    message = models.TextField(blank=True)
    started_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    started_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-started_at", "-id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.file_name}"


class LetterRun(models.Model):
    """A round of letters to every door of some streets, neighbourhoods, or the city."""

    class State(models.TextChoices):
        MAKING = "making", _("Being made")
        READY = "ready", _("Ready to fetch")
        RECEIVED = "received", _("Received")
        GONE = "gone", _("Files removed")

    id = IdField()
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="letter_runs")
    neighbourhoods = models.ManyToManyField(Neighbourhood, blank=True, related_name="+")
    streets = models.ManyToManyField(Street, blank=True, related_name="+")
    parts = models.ManyToManyField(StreetPart, blank=True, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.MAKING)
    letter_count = models.PositiveIntegerField(default=0)
    made_count = models.PositiveIntegerField(default=0)
    # The text as it was when the run was ordered: later edits do not change letters under way.
    layout: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    ordered_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    ordered_at = models.DateTimeField()
    ready_at = models.DateTimeField(null=True, blank=True)
    received_at = models.DateTimeField(null=True, blank=True)
    gone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-ordered_at", "-id"]

    def __str__(self) -> str:
        return f"letter run of {self.ordered_at:%Y-%m-%d}"


class LetterBatch(models.Model):
    """A part of a run, made in one go. Killed while being made, it is made anew with new codes."""

    id = IdField()
    run = models.ForeignKey(LetterRun, on_delete=models.CASCADE, related_name="batches")
    number = models.PositiveIntegerField()
    address_ids: "models.JSONField[Any, Any]" = models.JSONField(default=list)
    letter_count = models.PositiveIntegerField()
    # Letters by neighbourhood, {id: 12}: the codes forget their address one day, the city's count stays.
    counts: "models.JSONField[Any, Any]" = models.JSONField(default=dict, db_default={})
    made_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "letter batches"
        ordering = ["run", "number"]
        constraints = [models.UniqueConstraint("run", "number", name="letter_batch_once")]

    def __str__(self) -> str:
        return f"batch {self.number}"


class Opening(models.Model):
    """A neighbourhood's state changed: who decided, when."""

    id = IdField()
    neighbourhood = models.ForeignKey(Neighbourhood, on_delete=models.CASCADE, related_name="openings")
    state = models.CharField(max_length=10, choices=Neighbourhood.State.choices)
    decided_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        ordering = ["-decided_at", "-id"]

    def __str__(self) -> str:
        return f"{self.neighbourhood}: {self.state}"


class FrozenFigure(models.Model):
    """A published figure of a closed week: written once, never again (docs/trust.md S9). NULL: too few to show."""

    class Metric(models.TextChoices):
        MEMBERS = "members", _("Neighbours")
        CODES_USED = "codes_used", _("Codes used")

    id = IdField()
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    # None: the municipality as a whole, rounded on its own (S4).
    neighbourhood = models.ForeignKey(Neighbourhood, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    metric = models.CharField(max_length=15, choices=Metric.choices)
    week_starts_on = models.DateField()
    value = models.PositiveIntegerField(null=True, blank=True)
    frozen_at = models.DateTimeField()

    class Meta:
        ordering = ["week_starts_on", "metric", "id"]
        constraints = [
            models.UniqueConstraint(
                "municipality",
                "neighbourhood",
                "metric",
                "week_starts_on",
                name="figure_frozen_once",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.metric} {self.week_starts_on}"
