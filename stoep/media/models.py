"""Photos: whose they are, what they belong to, what is in them. The pictures themselves lie in `files.py`."""

from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from stoep.common.ids import IdField
from stoep.people.models import Person
from stoep.places.models import Municipality

ALT_LENGTH = 200
# The widths that are kept, and the square one for avatars and lists.
WIDTHS = {"360": 360, "720": 720, "1440": 1440}
THUMB = "thumb"
SQUARES = {THUMB: 192}
SIZES = (*WIDTHS, THUMB)
# What has one photo: a new one takes the place of the one before.
ONE_EACH = ("item", "person")


class Photo(models.Model):
    """A picture that somebody added to a thing of theirs. `owner_kind` and `owner_id` name the thing (`owners.py`).

    `renditions`: by size its width, height and the hash of its file. `tries` counts how often making them began: a
    file that ends the worker each time is refused in the end.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("The photo comes in a moment.")
        READY = "ready", _("Ready")
        REFUSED = "refused", _("This photo could not be read.")

    id = IdField()
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    author = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="photos")
    owner_kind = models.CharField(max_length=20)
    owner_id: "models.UUIDField[UUID, UUID]" = models.UUIDField()
    position = models.PositiveSmallIntegerField(default=0)
    alt = models.CharField(max_length=ALT_LENGTH, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    renditions: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    tries = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["position", "id"]
        indexes = [
            models.Index(fields=["owner_kind", "owner_id", "position"], name="photo_of_owner"),
            models.Index(fields=["created_at"], condition=Q(state="waiting"), name="photo_waiting"),
        ]
        constraints = [
            models.UniqueConstraint(
                "owner_id", condition=Q(owner_kind__in=ONE_EACH, state="ready"), name="one_photo_each"
            ),
            models.CheckConstraint(condition=Q(width__gt=0, height__gt=0), name="photo_has_a_size"),
        ]

    def __str__(self) -> str:
        return f"photo {self.id}"

    @property
    def is_ready(self) -> bool:
        return self.state == self.State.READY

    @property
    def is_waiting(self) -> bool:
        return self.state == self.State.WAITING
