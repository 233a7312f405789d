"""Who may see a thing: the audience, the base of everything with one; and what guards the doors."""

from typing import Any, ClassVar, Self
from uuid import UUID

from django.db import models
from django.db.models import Q

from stoep.common.ids import IdField
from stoep.people.models import Department, Group, GroupMember, Membership, Person, RoleName, Suspension
from stoep.people.queries import Standing
from stoep.places.models import Municipality, Neighbourhood, Street

# What the city appoints: whoever holds one of these moderates nobody there.
OF_THE_CITY = frozenset(
    {RoleName.EDITOR, RoleName.APPROVER, RoleName.ANALYST, RoleName.ROLLOUT, RoleName.CITY_ADMIN, RoleName.DESK}
)


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
        Q(group=None) | Q(group__in=standing.groups),
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
    """A neighbourhood, a street, the part of a street in a neighbourhood; with neither: the whole municipality.

    With a group: only its members, as long as they live in its neighbourhood.
    """

    id = IdField()
    audience = models.ForeignKey(Audience, on_delete=models.CASCADE, related_name="atoms")
    neighbourhood = models.ForeignKey(Neighbourhood, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    street = models.ForeignKey(Street, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    group = models.ForeignKey(Group, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "audience", "neighbourhood", "street", "group", name="audience_atom_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=Q(group=None) | Q(neighbourhood__isnull=False, street=None), name="group_atom_has_its_place"
            ),
        ]
        indexes = [models.Index(fields=["neighbourhood", "street"], name="audience_atom_place")]

    def __str__(self) -> str:
        return f"{self.neighbourhood or '*'} / {self.group or self.street or '*'}"

    def lived_in(self) -> Q:
        """The condition on `Membership` of living in this atom."""
        condition = Q(neighbourhood__municipality=self.audience.municipality_id)
        if self.neighbourhood_id:
            condition &= Q(neighbourhood=self.neighbourhood_id)
        if self.street_id:
            condition &= Q(household__address__street=self.street_id)
        if self.group_id:
            inside = GroupMember.objects.filter(group=self.group_id, joined_at__isnull=False)
            condition &= Q(person__in=inside.values("person"))
        return condition


class AudiencedQuerySet(models.QuerySet[Any]):
    """Reads of what has an audience. Each concrete queryset has its own `visible_to(person)` on top of this."""

    # Whose words they are: a block between one of these and the reader hides the thing from both.
    written_by: ClassVar[tuple[str, ...]] = ("",)

    def in_scope_of(self, standing: Standing) -> Q:
        """What neighbours see, the condition that all of them share: my audiences and what I wrote myself."""
        condition = Q(pk__in=[])
        if standing.is_member:
            mine = Q(audience__in=Audience.objects.including(standing))
            if standing.horizon is not None:
                mine &= Q(created_at__gte=standing.horizon)
            if standing.apart:
                mine &= ~self.apart_from(standing)
            condition |= mine | Q(author=standing.person_id)
        return condition

    def granted_to(self, standing: Standing) -> Q:
        """What a moderator sees while a case is open, and nothing else of what neighbours write."""
        if not moderates(standing):
            return Q(pk__in=[])
        return Q(pk__in=Grant.objects.open_to(standing, self.model.__name__.lower()).values("subject_id"))

    def apart_from(self, standing: Standing) -> Q:
        """What a block hides. Whatever a department says cuts through."""
        condition = Q(pk__in=[])
        for path in self.written_by:
            condition |= Q(**{f"{path}author__in": standing.apart, f"{path}speaking_for": None})
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


class GrantQuerySet(models.QuerySet["Grant"]):
    def open_to(self, standing: Standing, kind: str) -> Self:
        """Grants on things of this kind that this person may use: moderators, of their own municipality."""
        if not moderates(standing):
            return self.none()
        return self.filter(municipality_id=standing.municipality_id, subject_kind=kind, ended_at=None)


class Grant(models.Model):
    """A moderator may see this one thing while a case is open. Written and ended by moderation alone."""

    id = IdField()
    case_id: "models.UUIDField[UUID, UUID]" = models.UUIDField()
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    subject_kind = models.CharField(max_length=20)
    subject_id: "models.UUIDField[UUID, UUID]" = models.UUIDField()
    granted_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = GrantQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint("case_id", "subject_kind", "subject_id", name="grant_once_a_case")]
        indexes = [models.Index(fields=["subject_kind", "subject_id"], condition=Q(ended_at=None), name="grant_open")]

    def __str__(self) -> str:
        return f"{self.subject_kind} {self.subject_id}"


def moderates(standing: Standing) -> bool:
    """Whoever works for the city moderates nobody in it, whatever else they were given (docs/trust.md 2.1)."""
    return RoleName.MODERATOR in standing.roles and standing.roles.isdisjoint(OF_THE_CITY)


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
