"""Who people are: person, household, membership, role, department, suspension. Tables and reads, no doors."""

from functools import cached_property
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.crypto import salted_hmac

from stoep.common.crypto import SealedTextField, keyed_hash
from stoep.common.ids import IdField
from stoep.people.roles import RoleName
from stoep.people.standing import Standing, standing_of
from stoep.places.models import Address, Municipality, Neighbourhood, Street

__all__ = ["RoleName", "Standing"]


class PersonQuerySet(models.QuerySet["Person"]):
    def holding(self, role: str) -> "PersonQuerySet":
        """People who hold `role` now; a suspended neighbour holds only that."""
        suspended = Exists(Suspension.objects.filter(person=OuterRef("pk"), ended_at=None))
        present = self.filter(left_at=None)
        if role == RoleName.SUSPENDED:
            return present.filter(suspended)
        present = present.exclude(suspended)
        if role in {RoleName.NEIGHBOUR, RoleName.PROVISIONAL}:
            standing = Membership.Standing.FULL if role == RoleName.NEIGHBOUR else Membership.Standing.PROVISIONAL
            return present.filter(Exists(_current_membership().filter(standing=standing)))
        return present.filter(Exists(Role.objects.filter(person=OuterRef("pk"), role=role, ended_at=None)))


def _current_membership() -> "models.QuerySet[Membership]":
    return Membership.objects.filter(person=OuterRef("pk"), ended_at=None)


class PersonManager(BaseUserManager["Person"]):
    def get_queryset(self) -> PersonQuerySet:
        return PersonQuerySet(self.model, using=self._db)

    def holding(self, role: str) -> PersonQuerySet:
        return self.get_queryset().holding(role)

    def with_email(self, municipality: Municipality, email: str) -> PersonQuerySet:
        """People of this municipality who can be reached there (a couple may share one address)."""
        return self.get_queryset().filter(municipality=municipality, email_hash=email_hash(email), left_at=None)


def email_hash(email: str) -> str:
    return keyed_hash("people.email", email.strip().casefold())


class Person(AbstractBaseUser):
    """An account: a neighbour or a member of staff, never both. `password` holds the hash of the own key."""

    class Kind(models.TextChoices):
        NEIGHBOUR = "neighbour"
        STAFF = "staff"

    class Look(models.TextChoices):
        AUTO = "auto"
        LIGHT = "light"
        DARK = "dark"

    class TextSize(models.TextChoices):
        MEDIUM = "m"
        LARGE = "l"
        EXTRA_LARGE = "xl"

    USERNAME_FIELD = "id"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    id = IdField()
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="people")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.NEIGHBOUR)
    name = models.CharField(max_length=80)
    email = SealedTextField(blank=True)
    email_hash = models.CharField(max_length=64, blank=True, db_index=True)
    email_confirmed_at = models.DateTimeField(null=True, blank=True)
    language = models.CharField(max_length=5, default="nl")
    look = models.CharField(max_length=5, choices=Look.choices, default=Look.AUTO)
    text_size = models.CharField(max_length=2, choices=TextSize.choices, default=TextSize.MEDIUM)
    session_version = models.PositiveIntegerField(default=1)
    feed_seen_at = models.DateTimeField(null=True, blank=True)
    joined_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[PersonManager] = PersonManager()

    class Meta:
        verbose_name_plural = "people"
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_active(self) -> bool:  # type: ignore[override]  # Django declares a column; leaving is our row's own fact
        return self.left_at is None

    @property
    def is_staff_member(self) -> bool:
        return self.kind == self.Kind.STAFF

    @cached_property
    def standing(self) -> Standing:
        """What this person is and where, read once per loaded row, so that losing a role works on the next request."""
        return standing_of(self.pk, self.municipality_id)

    def set_email(self, email: str) -> None:
        self.email, self.email_hash, self.email_confirmed_at = email.strip(), email_hash(email), None

    def get_session_auth_hash(self) -> str:
        """Raising `session_version` ends every session of this person at once."""
        return self._session_hash()

    def get_session_auth_fallback_hash(self) -> Any:
        return iter(())

    def _session_hash(self) -> str:
        return salted_hmac("stoep.session", f"{self.id}:{self.session_version}", algorithm="sha256").hexdigest()


class Household(models.Model):
    """The people behind one letterbox, as far as they joined."""

    id = IdField()
    address = models.OneToOneField(Address, on_delete=models.PROTECT, related_name="household")
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"household {self.id}"


class Membership(models.Model):
    """A person living in a neighbourhood, with a proof. Posts keep the membership under which they were written."""

    class Standing(models.TextChoices):
        FULL = "full"
        PROVISIONAL = "provisional"

    class Proof(models.TextChoices):
        LETTER = "letter"
        INVITATION = "invitation"
        DESK = "desk"

    id = IdField()
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="memberships")
    neighbourhood = models.ForeignKey(Neighbourhood, on_delete=models.PROTECT, related_name="memberships")
    household = models.ForeignKey(
        Household, null=True, blank=True, on_delete=models.PROTECT, related_name="memberships"
    )
    shown_street = models.ForeignKey(Street, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    standing = models.CharField(max_length=12, choices=Standing.choices, default=Standing.FULL)
    proof = models.CharField(max_length=12, choices=Proof.choices)
    invited_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="invited")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-started_at", "-id"]
        constraints = [
            models.UniqueConstraint("person", condition=Q(ended_at=None), name="one_current_membership_a_person"),
        ]
        indexes = [models.Index(fields=["neighbourhood"], condition=Q(ended_at=None), name="membership_current")]

    def __str__(self) -> str:
        return f"{self.person} in {self.neighbourhood}"


class Department(models.Model):
    """A sender inside a municipality ("dienst")."""

    id = IdField()
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="departments")
    name = models.CharField(max_length=100)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name", "id"]
        constraints = [models.UniqueConstraint("municipality", "name", name="department_name_once")]

    def __str__(self) -> str:
        return self.name


class Role(models.Model):
    """An appointed task: who gave it, when, until when. An editor's role may be bound to one department."""

    id = IdField()
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="roles")
    role = models.CharField(max_length=12, choices=RoleName.choices)
    department = models.ForeignKey(Department, null=True, blank=True, on_delete=models.PROTECT, related_name="roles")
    granted_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    granted_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["role", "id"]
        constraints = [
            models.UniqueConstraint("person", "role", condition=Q(ended_at=None), name="role_held_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.role}"


class Suspension(models.Model):
    """Somebody's access is paused: by whom, why, until when."""

    id = IdField()
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="suspensions")
    imposed_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    reason = models.TextField()
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-started_at", "-id"]
        constraints = [models.UniqueConstraint("person", condition=Q(ended_at=None), name="one_current_suspension")]

    def __str__(self) -> str:
        return f"{self.person} since {self.started_at:%Y-%m-%d}"
