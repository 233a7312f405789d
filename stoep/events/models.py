"""What takes place when and where, on which days, and who comes. An event is a post, and a row of its own beside it."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from stoep.common.ids import IdField
from stoep.feed.models import Post
from stoep.people.models import Person

PLACE_LENGTH, COST_LENGTH, WANTED_LENGTH, BRINGS_LENGTH, REASON_LENGTH = 100, 60, 200, 100, 300
MOST_SEATS, MOST_TOGETHER = 500, 6


class Event(models.Model):
    """`rule`: how it repeats (RFC 5545), in the local time of its place; empty: once. `wanted`: what to bring."""

    id = IdField()
    post = models.OneToOneField(Post, on_delete=models.CASCADE, related_name="event")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    place = models.CharField(max_length=PLACE_LENGTH)
    # By phone or online: nobody comes near anybody, so it goes on while meeting rests.
    is_remote = models.BooleanField(default=False, db_default=False)
    seats = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(MOST_SEATS)]
    )
    cost = models.CharField(max_length=COST_LENGTH, blank=True)
    wanted = models.CharField(max_length=WANTED_LENGTH, blank=True)
    rule = models.CharField(max_length=100, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=REASON_LENGTH, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_at=None) | Q(ends_at__gt=F("starts_at")), name="event_ends_later"),
            models.CheckConstraint(condition=Q(seats=None) | Q(seats__gte=1), name="event_has_a_seat"),
        ]

    def __str__(self) -> str:
        return f"event {self.id}"

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.post.audience.municipality.time_zone)

    @property
    def lasts(self) -> timedelta | None:
        return self.ends_at - self.starts_at if self.ends_at else None


class Occurrence(models.Model):
    """One day of an event. `coming`: how many come, kept by whoever changes it under a lock on this row."""

    id = IdField()
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="occurrences")
    starts_at = models.DateTimeField()
    coming = models.PositiveIntegerField(default=0)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=REASON_LENGTH, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint("event", "starts_at", name="occurrence_once_a_moment")]
        indexes = [models.Index(fields=["starts_at", "id"], name="occurrence_agenda")]

    def __str__(self) -> str:
        return f"occurrence {self.id}"

    @property
    def ends_at(self) -> datetime | None:
        lasts = self.event.lasts
        return self.starts_at + lasts if lasts else None

    @property
    def seats_left(self) -> int | None:
        """None: everybody is welcome."""
        return None if self.event.seats is None else max(0, self.event.seats - self.coming)


class Attendance(models.Model):
    """Somebody's answer to one day. `together`: with how many; `waiting_since`: they would come, but it is full."""

    class Answer(models.TextChoices):
        YES = "yes", _("I come")
        MAYBE = "maybe", _("Maybe")
        NO = "no", _("No")

    id = IdField()
    occurrence = models.ForeignKey(Occurrence, on_delete=models.CASCADE, related_name="attendances")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="attendances")
    answer = models.CharField(max_length=5, choices=Answer.choices)
    together = models.PositiveSmallIntegerField(
        default=1, validators=[MinValueValidator(1), MaxValueValidator(MOST_TOGETHER)]
    )
    brings = models.CharField(max_length=BRINGS_LENGTH, blank=True)
    waiting_since = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint("occurrence", "person", name="attendance_once_a_person"),
            models.CheckConstraint(
                condition=Q(together__gte=1, together__lte=MOST_TOGETHER), name="attendance_of_a_few"
            ),
            models.CheckConstraint(condition=Q(waiting_since=None) | Q(answer="yes"), name="attendance_waits_to_come"),
        ]

    def __str__(self) -> str:
        return f"attendance {self.id}"


class Meeting(models.Model):
    """One "we met": keyed hashes of who and of which letterbox, good for counting and for nothing else."""

    id = IdField()
    occurrence = models.ForeignKey(Occurrence, on_delete=models.CASCADE, related_name="meetings")
    who = models.CharField(max_length=64)
    home = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint("occurrence", "who", name="meeting_once_a_person")]

    def __str__(self) -> str:
        return f"meeting {self.id}"


class CalendarLink(models.Model):
    """An address that nobody can guess, for a calendar program: only its keyed hash is kept."""

    class Kind(models.TextChoices):
        MINE = "mine", _("What I come to")
        NEIGHBOURHOOD = "neighbourhood", _("Everything in my neighbourhood")

    id = IdField()
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="calendar_links")
    kind = models.CharField(max_length=13, choices=Kind.choices)
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint("person", "kind", name="calendar_link_once_a_kind")]

    def __str__(self) -> str:
        return f"calendar link {self.id}"
