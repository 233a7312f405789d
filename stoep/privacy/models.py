"""What the rights need to remember: downloads that were asked for, who was reminded, and who was erased."""

from django.db import models

from stoep.common.ids import IdField
from stoep.people.models import Person


class Download(models.Model):
    """Somebody asked for everything that is held about them: made by a job, fetched within seven days."""

    id = IdField()
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="downloads")
    asked_at = models.DateTimeField()
    ready_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-asked_at", "-id"]

    def __str__(self) -> str:
        return f"download {self.id}"


class Reminder(models.Model):
    """Somebody was away for so many months and heard that they will be erased."""

    id = IdField()
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="reminders")
    months = models.PositiveSmallIntegerField()
    sent_at = models.DateTimeField()

    class Meta:
        ordering = ["person", "months"]
        constraints = [models.UniqueConstraint("person", "months", name="reminder_once_a_person_and_months")]

    def __str__(self) -> str:
        return f"reminder {self.id}"


class ErasedPerson(models.Model):
    """A random id that means nothing any more: whoever had it is erased, in every backup that is put back too."""

    person_id = models.UUIDField(primary_key=True)
    erased_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "erased people"
        ordering = ["erased_at"]

    def __str__(self) -> str:
        return f"erased {self.person_id}"
