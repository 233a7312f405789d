"""Who may see a thing: the audience, the base of everything with one; and what guards the doors."""

from typing import Any, Self
from uuid import UUID

from django.db import models
from django.db.models import Q

from stoep.common.ids import IdField
from stoep.people.models import Department, Membership, Person, Suspension
from stoep.people.queries import Standing
from stoep.places.models import Municipality, Neighbourhood, Street


class AudienceQuerySet(models.QuerySet["Audience"]):
    def including(self, standing: Standing) -> Self:
        """Audiences that this member belongs to."""
        if not standing.is_member:
            return self.none()
        return self.filter(municipality_id=standing.municipality_id, atoms__in=atoms_of(standing)).distinct()


def atoms_of(standing: Standing) -> "models.QuerySet[AudienceAtom]":
    """The place atoms that a member lives in. `KnownAudience.includes` is the same rule in memory."""
    return AudienceAtom.objects.filter(
        Q(neighbourhood=None) | Q(neighbourhood=standing.neighbourhood_id),
        Q(street=None) | Q(street=standing.street_id),
        audience__municipality_id=standing.municipality_id,
    )


class Audience(models.Model):
    """A set of place atoms. Equal sets are one row (`digest`), so a feed reads a handful of audiences."""

    id = IdField()
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="audiences")
    digest = models.CharField(max_length=64)
    shared_with_city = models.BooleanField(default=False)

    objects = AudienceQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint("municipality", "digest", name="audience_once_a_municipality")]

    def __str__(self) -> str:
        return f"audience {self.id}"

    def includes(self, standing: Standing) -> bool:
        """Whether this member belongs to it: the same question as `including`, asked of one."""
        return standing.is_member and atoms_of(standing).filter(audience=self).exists()

    def people(self) -> "models.QuerySet[Person]":
        """Everybody who belongs to it now, provisional members too, suspended ones not."""
        condition = Q(pk__in=[])
        for atom in self.atoms.all():
            condition |= atom.lived_in()
        inside = Membership.objects.filter(condition, ended_at=None)
        return Person.objects.filter(
            pk__in=inside.values("person"), municipality=self.municipality_id, left_at=None
        ).exclude(suspensions__in=Suspension.objects.filter(ended_at=None))


class AudienceAtom(models.Model):
    """A neighbourhood, a street, the part of a street in a neighbourhood; with neither: the whole municipality."""

    id = IdField()
    audience = models.ForeignKey(Audience, on_delete=models.CASCADE, related_name="atoms")
    neighbourhood = models.ForeignKey(Neighbourhood, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    street = models.ForeignKey(Street, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "audience", "neighbourhood", "street", name="audience_atom_once", nulls_distinct=False
            ),
        ]
        indexes = [models.Index(fields=["neighbourhood", "street"], name="audience_atom_place")]

    def __str__(self) -> str:
        return f"{self.neighbourhood or '*'} / {self.street or '*'}"

    def lived_in(self) -> Q:
        """The condition on `Membership` of living in this atom."""
        condition = Q(neighbourhood__municipality=self.audience.municipality_id)
        if self.neighbourhood_id:
            condition &= Q(neighbourhood=self.neighbourhood_id)
        if self.street_id:
            condition &= Q(household__address__street=self.street_id)
        return condition


class AudiencedQuerySet(models.QuerySet[Any]):
    """Reads of what has an audience. Each concrete queryset has its own `visible_to(person)` on top of this."""

    def in_scope_of(self, standing: Standing) -> Q:
        """What neighbours see, the condition that all of them share: my audiences and what I wrote myself."""
        condition = Q(pk__in=[])
        if standing.is_member:
            mine = Q(audience__in=Audience.objects.including(standing))
            if standing.horizon is not None:
                mine &= Q(created_at__gte=standing.horizon)
            condition |= mine | Q(author=standing.person_id)
        return condition


class Audienced(models.Model):
    """Base of posts, comments and what else has an author and an audience."""

    id = IdField()
    author = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="%(class)ss")
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="%(class)ss")
    membership = models.ForeignKey(Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    speaking_for = models.ForeignKey(Department, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        abstract = True

    @property
    def is_live(self) -> bool:
        return self.removed_at is None


class Once(models.Model):
    """A write that was asked for under this key and done: asked again, it answers the same and does nothing."""

    id = IdField()
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    key = models.UUIDField()
    action = models.CharField(max_length=60)
    result_id = models.UUIDField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint("person", "key", "action", name="once_a_person_and_key")]

    def __str__(self) -> str:
        return f"{self.action} {self.key}"


class Hits(models.Model):
    """How often something was tried within a window: shared by all workers through the database."""

    id = IdField()
    bucket = models.CharField(max_length=140)
    window_start = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name_plural = "hits"
        constraints = [models.UniqueConstraint("bucket", "window_start", name="hits_once_a_window")]

    def __str__(self) -> str:
        return f"{self.bucket}: {self.count}"


class AccessLog(models.Model):
    """What staff did, written by the gate itself. Rows are only ever added."""

    id = IdField()
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    action = models.CharField(max_length=60)
    subject_kind = models.CharField(max_length=40)
    subject_id: "models.UUIDField[UUID | None, UUID | None]" = models.UUIDField(null=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["municipality", "at"], name="access_log_by_time")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action}"
