"""What must reach people: the outbox, written in the writer's transaction, and the mails made from it."""

from typing import Any
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from stoep.common.crypto import SealedTextField
from stoep.common.ids import IdField
from stoep.people.models import Person
from stoep.places.models import Municipality, Neighbourhood


class Stream(models.TextChoices):
    """What somebody hears of; each has its own choice of when."""

    MINE = "mine", _("Answers and thanks to me")
    CHAT = "chat", _("Chat")
    NEIGHBOURHOOD = "neighbourhood", _("New messages in my neighbourhood")
    CITY = "city", _("Messages of the city")
    URGENT = "urgent", _("Urgent messages")


# The daily mail holds what several streams say once a day; stopped, it stops all of those.
DIGEST = "digest"


class Pace(models.TextChoices):
    NOW = "now", _("At once")
    DAILY = "daily", _("Once a day")
    NEVER = "never", _("Never")


class MailChoices(models.Model):
    """When somebody hears of what. Whoever chose nothing has no row: the defaults are the calmest that still help."""

    person = models.OneToOneField(Person, primary_key=True, on_delete=models.CASCADE, related_name="mail_choices")
    mine = models.CharField(max_length=5, choices=Pace.choices, default=Pace.NOW)
    chat = models.CharField(max_length=5, choices=Pace.choices, default=Pace.NOW)
    neighbourhood = models.CharField(max_length=5, choices=Pace.choices, default=Pace.DAILY)
    city = models.CharField(max_length=5, choices=Pace.choices, default=Pace.DAILY)
    urgent = models.CharField(max_length=5, choices=Pace.choices, default=Pace.NOW)
    is_weekly = models.BooleanField(default=False)
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "mail choices"

    def __str__(self) -> str:
        return f"mail choices of {self.person_id}"

    def pace_of(self, stream: str) -> str:
        return str(getattr(self, stream))


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
    tries = models.PositiveSmallIntegerField(default=0, db_default=0)
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
    # One of `Stream`, or DIGEST. Empty: what nobody can stop, as the code to sign in.
    stream = models.CharField(max_length=13, blank=True, default="", db_default="")
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


class DigestBatch(models.Model):
    """Some hundred neighbours whose daily mail of one day is made in one transaction: `first_id` to `last_id`."""

    id = IdField()
    neighbourhood = models.ForeignKey(Neighbourhood, on_delete=models.CASCADE, related_name="+")
    on = models.DateField()
    first_id: "models.UUIDField[UUID, UUID]" = models.UUIDField()
    last_id: "models.UUIDField[UUID, UUID]" = models.UUIDField()
    planned_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "digest batches"
        constraints = [models.UniqueConstraint("neighbourhood", "on", "first_id", name="digest_batch_once_a_day")]
        indexes = [models.Index(fields=["planned_at"], condition=Q(done_at=None), name="digest_batch_waiting")]

    def __str__(self) -> str:
        return f"{self.neighbourhood_id} on {self.on}"


class Digest(models.Model):
    """That somebody got the daily mail of a day, and what it told them (`feed.new_post 0193…`), once and for good."""

    id = IdField()
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="digests")
    on = models.DateField()
    made_at = models.DateTimeField()
    items: "ArrayField[Any, Any]" = ArrayField(models.CharField(max_length=100))

    class Meta:
        constraints = [models.UniqueConstraint("person", "on", name="digest_once_a_day")]
        indexes = [models.Index(fields=["made_at"], name="digest_by_time")]

    def __str__(self) -> str:
        return f"digest {self.person_id} {self.on}"


class Notification(models.Model):
    """A line behind somebody's bell. What belongs together (all answers to one post) has the same `group_id`."""

    id = IdField()
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="notifications")
    notice = models.CharField(max_length=60)
    subject_id: "models.UUIDField[UUID, UUID]" = models.UUIDField()
    group_id: "models.UUIDField[UUID, UUID]" = models.UUIDField()
    actor = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    happened_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("person", "notice", "subject_id", name="notification_once"),
        ]
        indexes = [
            models.Index(fields=["person", "-id"], name="notification_of_person"),
            models.Index(fields=["person", "group_id"], condition=Q(read_at=None), name="notification_unread"),
        ]

    def __str__(self) -> str:
        return f"{self.notice} {self.subject_id}"


class TextMessage(models.Model):
    """One text message to one number. `id` is the key by which a provider recognises a repeat."""

    class State(models.TextChoices):
        WAITING = "waiting"
        SENT = "sent"
        REFUSED = "refused"
        EXPIRED = "expired"

    id = IdField()
    entry = models.ForeignKey(OutboxEntry, null=True, blank=True, on_delete=models.CASCADE, related_name="texts")
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, null=True, blank=True, on_delete=models.CASCADE, related_name="texts")
    kind = models.CharField(max_length=60)
    recipient: SealedTextField = SealedTextField()
    words: SealedTextField = SealedTextField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint("entry", "person", name="text_once_an_entry_and_person")]
        indexes = [models.Index(fields=["due_at"], condition=Q(state="waiting"), name="text_waiting")]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class PushDevice(models.Model):
    """A browser that asked to be told. `endpoint`: where its maker's server takes messages for it, with its keys."""

    id = IdField()
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="push_devices")
    endpoint: SealedTextField = SealedTextField()
    endpoint_hash = models.CharField(max_length=64, unique=True)
    key: SealedTextField = SealedTextField()
    secret: SealedTextField = SealedTextField()
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["-made_at", "-id"]

    def __str__(self) -> str:
        return f"push device {self.id}"


class Push(models.Model):
    """One message to one device: a calm sentence and where to read more, never anybody's words."""

    id = IdField()
    device = models.ForeignKey(PushDevice, on_delete=models.CASCADE, related_name="pushes")
    entry = models.ForeignKey(OutboxEntry, on_delete=models.CASCADE, related_name="pushes")
    title = models.CharField(max_length=100)
    text = models.CharField(max_length=200)
    path = models.CharField(max_length=100)
    due_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "pushes"
        constraints = [models.UniqueConstraint("entry", "device", name="push_once_an_entry_and_device")]
        indexes = [models.Index(fields=["due_at"], condition=Q(sent_at=None), name="push_waiting")]

    def __str__(self) -> str:
        return f"push {self.id}"
