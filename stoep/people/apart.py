"""Who stands apart from whom: blocked, muted, and blocked once by or from somebody who is gone. Tables only."""

from django.db import models
from django.db.models import Q

from stoep.common.ids import IdField


class Block(models.Model):
    """`person` wants nothing to do with `blocked`, and the other way round: it works both ways, and says nothing.

    With `household` it holds for everybody behind that letterbox, now and later; nobody is told whether there is any.
    """

    id = IdField()
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="blocks")
    blocked = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="blocked_by")
    household = models.ForeignKey("people.Household", null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint("person", "blocked", name="block_once_a_pair"),
            models.CheckConstraint(condition=~Q(person=models.F("blocked")), name="block_not_oneself"),
        ]

    def __str__(self) -> str:
        return f"block {self.id}"


class Mute(models.Model):
    """`person` sees less of `muted`: nothing of theirs in feed and mail. Only the one who muted is concerned."""

    id = IdField()
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="mutes")
    muted = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="muted_by")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint("person", "muted", name="mute_once_a_pair"),
            models.CheckConstraint(condition=~Q(person=models.F("muted")), name="mute_not_oneself"),
        ]

    def __str__(self) -> str:
        return f"mute {self.id}"


class KeptBlock(models.Model):
    """A block that `person` stood on either side of when the other was erased; it stands again if that one comes back.

    `mark`: a keyed hash of that one's letterbox and e-mail address, nothing else is left of them. `was_set_by_gone`:
    they set it, and may take it back. `with_letterbox`: it held for everybody behind theirs.
    """

    id = IdField()
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    mark = models.CharField(max_length=64, db_index=True)
    was_set_by_gone = models.BooleanField()
    with_letterbox = models.BooleanField(default=False)
    kept_since = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint("person", "mark", name="kept_block_once")]

    def __str__(self) -> str:
        return f"kept block {self.id}"
