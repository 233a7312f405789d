"""Staff that acts for a resident who asked: half an hour, and every act of it a row."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from stoep.common.ids import IdField
from stoep.people.models import Consent, Person
from stoep.places.models import Municipality

SESSION_LENGTH = timedelta(minutes=30)


class DeskSession(models.Model):
    """`staff` acts for `person`, who said yes at the desk or by phone. Never longer than half an hour."""

    class Channel(models.TextChoices):
        DESK = "desk", _("At the desk")
        PHONE = "phone", _("By phone")

    id = IdField()
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    staff = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="desk_sessions")
    consent = models.ForeignKey(Consent, null=True, on_delete=models.SET_NULL, related_name="+")
    channel = models.CharField(max_length=5, choices=Channel.choices)
    # The letter that the resident had in hand: a new own key belongs to it.
    code_hash = models.CharField(max_length=64)
    started_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-started_at", "-id"]
        constraints = [
            models.UniqueConstraint("staff", condition=Q(ended_at=None), name="desk_session_open_once_a_staff"),
            models.CheckConstraint(
                condition=Q(ends_at__lte=F("started_at") + SESSION_LENGTH), name="desk_session_half_an_hour"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__lte=F("ends_at")), name="desk_session_ends_in_time"
            ),
        ]
        indexes = [models.Index(fields=["person", "started_at"], name="desk_session_of_person")]

    def __str__(self) -> str:
        return f"desk session {self.id}"

    @property
    def author_id(self) -> UUID | None:
        """Whose it is, as the rules ask: the member of staff's."""
        staff_id: UUID | None = self.staff_id
        return staff_id

    def is_running(self, now: datetime) -> bool:
        return self.ended_at is None and self.started_at <= now < self.ends_at

    @property
    def over_at(self) -> datetime:
        """When it ended, or will at the latest."""
        return self.ended_at or self.ends_at


class DeskAct(models.Model):
    """One thing that was done in a session. `subject_id`: what came of it, as a post; nothing of its words."""

    class What(models.TextChoices):
        JOINED = "joined", _("Joined the neighbourhood")
        MESSAGE = "message", _("Placed a message")
        OWN_KEY = "own_key", _("Made a new own key. The old one has stopped")
        LETTER = "letter", _("Made a new letter code for your door. The old one lets nobody in")
        EMAIL = "email", _("Noted an e-mail address. You get one mail to confirm it")
        PHONE = "phone", _("Noted a mobile number")
        NAME = "name", _("Corrected your name")
        CONFIRMED = "confirmed", _("Confirmed that you live here")
        MAIL_STOPPED = "mail_stopped", _("Stopped all mail")
        DISPUTE = "dispute", _("Reported that your letter was used by somebody else")
        LEAVING = "leaving", _("Left the neighbourhood for you. You can come back for 14 days")

    id = IdField()
    session = models.ForeignKey(DeskSession, on_delete=models.CASCADE, related_name="acts")
    what = models.CharField(max_length=15, choices=What.choices)
    subject_id: "models.UUIDField[UUID | None, UUID | None]" = models.UUIDField(null=True, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint("session", "what", "subject_id", name="desk_act_once", nulls_distinct=False),
        ]

    def __str__(self) -> str:
        return f"{self.what} in {self.session_id}"
