"""What an installation knows about itself: one row, and nothing about anybody. And who runs a city's place."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q

from stoep.common.crypto import seal, unseal
from stoep.places.models import Municipality

PURPOSE = "operations.installation"
WORDS = "the data key fits this database"


class Installation(models.Model):
    """`key_sample`: words sealed by the data key. `restored_at`: put back from a backup, and the erasures since then
    are still to be applied."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    key_sample = models.TextField()
    restored_at: "models.DateTimeField[datetime | None, datetime | None]" = models.DateTimeField(null=True, blank=True)
    backed_up_at: "models.DateTimeField[datetime | None, datetime | None]" = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="installation_is_one")]

    def __str__(self) -> str:
        return "this installation"

    @classmethod
    def here(cls) -> Self:
        """The row; made, with a sample sealed by the key of now, where there is none yet."""
        made, _is_new = cls.objects.get_or_create(id=1, defaults={"key_sample": seal(PURPOSE, WORDS)})
        return made

    @property
    def key_fits(self) -> bool:
        from cryptography.fernet import InvalidToken

        try:
            return unseal(PURPOSE, self.key_sample) == WORDS
        except InvalidToken:
            return False


class Hosting(models.Model):
    """What was answered when a municipality was added: whether it runs this server itself, and when that was said."""

    municipality = models.OneToOneField(Municipality, on_delete=models.CASCADE, primary_key=True, related_name="+")
    is_self_hosted = models.BooleanField()
    said_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "hosting"

    def __str__(self) -> str:
        return f"{self.municipality}: {'itself' if self.is_self_hosted else 'an independent body'}"
