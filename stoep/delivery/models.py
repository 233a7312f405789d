"""What must reach people: the outbox, written in the writer's transaction, and the mails made from it."""

from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Q

from stoep.common.crypto import SealedTextField
from stoep.common.ids import IdField
from stoep.people.models import Person
from stoep.places.models import Municipality


class OutboxEntry(models.Model):
    """Something happened that others must hear of. Whom it concerns is asked when it is handled, not before."""

    id = IdField()
    notice = models.CharField(max_length=60)
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    subject_id: "models.UUIDField[UUID, UUID]" = models.UUIDField()
    actor = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    told_at = models.DateTimeField()
    handled_at = models.DateTimeField(null=True, blank=True)
    # After a try that failed for somebody: how often, and when it is tried again.
    tries = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "outbox entries"
        indexes = [models.Index(fields=["told_at"], condition=Q(handled_at=None), name="outbox_waiting")]

    def __str__(self) -> str:
        return f"{self.notice} {self.subject_id}"


class Mail(models.Model):
    """One mail to one address. `id` gives the Message-ID, so that a repeat after a crash is recognised as one."""

    class State(models.TextChoices):
        WAITING = "waiting"
        SENT = "sent"
        REFUSED = "refused"
        EXPIRED = "expired"

    id = IdField()
    entry = models.ForeignKey(OutboxEntry, null=True, blank=True, on_delete=models.CASCADE, related_name="mails")
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, null=True, blank=True, on_delete=models.CASCADE, related_name="mails")
    kind = models.CharField(max_length=60)
    recipient: SealedTextField = SealedTextField()
    subject: SealedTextField = SealedTextField()
    text: SealedTextField = SealedTextField()
    html: SealedTextField = SealedTextField()
    headers: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("entry", "person", name="mail_once_an_entry_and_person"),
        ]
        indexes = [models.Index(fields=["due_at"], condition=Q(state="waiting"), name="mail_waiting")]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"
