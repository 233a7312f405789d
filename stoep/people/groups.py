"""Groups inside a neighbourhood: a street, an allotment, a school run. Tables only; the doors are in neighbours."""

from django.db import models
from django.db.models import Q

from stoep.common.ids import IdField
from stoep.places.models import Neighbourhood

GROUP_NAME_LENGTH, GROUP_ABOUT_LENGTH = 60, 500


class Group(models.Model):
    """Neighbours who have something in common. `is_open`: whoever lives here joins; else a keeper says yes.

    `hidden_name`, `hidden_about`: what a moderator took out of sight; a number stands in place of the name meanwhile.
    """

    id = IdField()
    neighbourhood = models.ForeignKey(Neighbourhood, on_delete=models.PROTECT, related_name="groups")
    name = models.CharField(max_length=GROUP_NAME_LENGTH)
    about = models.CharField(max_length=GROUP_ABOUT_LENGTH, blank=True)
    is_open = models.BooleanField(default=True)
    created_by = models.ForeignKey(
        "people.Person", null=True, blank=True, on_delete=models.SET_NULL, related_name="groups_made"
    )
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    hidden_name = models.CharField(max_length=GROUP_NAME_LENGTH, blank=True, default="", db_default="")
    hidden_about = models.CharField(max_length=GROUP_ABOUT_LENGTH, blank=True, default="", db_default="")

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                models.F("neighbourhood"),
                models.functions.Lower("name"),
                condition=Q(closed_at=None),
                name="group_name_once_a_neighbourhood",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class GroupMember(models.Model):
    """Somebody in a group, or who asks to be (`joined_at` is empty). A keeper lets others in."""

    id = IdField()
    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="members")
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="group_memberships")
    is_keeper = models.BooleanField(default=False)
    asked_at = models.DateTimeField()
    joined_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint("group", "person", name="group_member_once"),
            models.CheckConstraint(condition=Q(is_keeper=False) | Q(joined_at__isnull=False), name="keeper_is_in"),
        ]
        indexes = [models.Index(fields=["person"], condition=Q(joined_at__isnull=False), name="group_member_of")]

    def __str__(self) -> str:
        return f"member {self.id}"
