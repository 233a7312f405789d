"""Who people are: person, household, membership, role, department, suspension. Tables and reads, no doors."""

from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from stoep.common.crypto import SealedTextField, keyed_hash
from stoep.common.ids import IdField
from stoep.people.apart import Block, KeptBlock, Mute
from stoep.people.groups import Group, GroupMember
from stoep.people.roles import RoleName
from stoep.people.standing import Standing, standing_of
from stoep.places.models import Address, Municipality, Neighbourhood, Street

__all__ = ["Block", "Group", "GroupMember", "KeptBlock", "Mute", "RoleName", "Standing"]


# After leaving, everything stands ready for this long; then it is erased (docs/trust.md 4.4).
COMES_BACK_WITHIN = timedelta(days=14)
# Whoever put their data aside (GDPR art. 18) finds them again for so long: as somebody who is simply away.
KEPT_ASIDE_FOR = timedelta(days=730)


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

    def without_role(self) -> "PersonQuerySet":
        """Who is still here and holds none of them: their membership ended, or their last task did."""
        suspended = Suspension.objects.filter(person=OuterRef("pk"), ended_at=None)
        appointed = Role.objects.filter(person=OuterRef("pk"), ended_at=None)
        bare = self.filter(left_at=None).exclude(Exists(suspended)).exclude(Exists(appointed))
        return bare.exclude(Exists(_current_membership()))


def _current_membership() -> "models.QuerySet[Membership]":
    return Membership.objects.filter(person=OuterRef("pk"), ended_at=None)


class PersonManager(BaseUserManager["Person"]):
    def get_queryset(self) -> PersonQuerySet:
        return PersonQuerySet(self.model, using=self._db)

    def holding(self, role: str) -> PersonQuerySet:
        return self.get_queryset().holding(role)

    def with_email(
        self, municipality: Municipality, email: str, *, may_enter_at: datetime | None = None
    ) -> PersonQuerySet:
        """People of this municipality who can be reached there (a couple may share one address).

        `may_enter_at`: also neighbours who left, while they may come back.
        """
        found = self.get_queryset().filter(municipality=municipality, email_hash=email_hash(email))
        return found.filter(may_enter(may_enter_at)) if may_enter_at else found.filter(left_at=None)

    def with_number(self, municipality: Municipality, number: str, *, may_enter_at: datetime) -> PersonQuerySet:
        """As `with_email`, for who gave this number to be reached at."""
        phones = Phone.objects.filter(purpose=Phone.Purpose.REACH, number_hash=number_hash(number))
        found = self.get_queryset().filter(municipality=municipality, pk__in=phones.values("person"))
        return found.filter(may_enter(may_enter_at))


def may_enter(now: datetime, *, path: str = "") -> Q:
    """The condition of not having left, or so lately that one may come back; `path` ("person__") leads there."""
    lately = Q(**{f"{path}left_at__gt": now - COMES_BACK_WITHIN})
    aside = Q(**{f"{path}is_aside": True, f"{path}left_at__gt": now - KEPT_ASIDE_FOR})
    return Q(**{f"{path}left_at": None}) | lately | aside


def number_hash(number: str) -> str:
    """Of a phone number as `joining/phones.py` writes it: +32470123456."""
    return keyed_hash("people.phone", number)


def email_hash(email: str) -> str:
    return keyed_hash("people.email", email.strip().casefold())


class Person(AbstractBaseUser):
    """An account: a neighbour or a member of staff, never both. `password` holds the hash of the own key."""

    class Kind(models.TextChoices):
        NEIGHBOUR = "neighbour"
        STAFF = "staff"
        GONE = "gone"  # nobody: whose name stood there is erased (`ghosts.py`)

    class Look(models.TextChoices):
        AUTO = "auto", _("As on my device")
        LIGHT = "light", _("Light")
        DARK = "dark", _("Dark")

    class TextSize(models.TextChoices):
        MEDIUM = "m", _("Normal")
        LARGE = "l", _("Large")
        EXTRA_LARGE = "xl", _("Extra large")

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
    # Kept by `delivery`, and here because every page begins with this row: how many notices wait to be read, and since
    # when the address takes no mail. `unread_chats` is kept by `conversations`: in how many of them something is new.
    unread_count = models.PositiveIntegerField(default=0, db_default=0)
    unread_chats = models.PositiveIntegerField(default=0, db_default=0)
    unreachable_at = models.DateTimeField(null=True, blank=True)
    # When they answered, or did not want to, what they can help with.
    skills_asked_at = models.DateTimeField(null=True, blank=True)
    # While somebody is protected, `name` is one that they chose; their own stands here, for nobody but them.
    own_name = SealedTextField(blank=True, default="", db_default="")
    protected_at = models.DateTimeField(null=True, blank=True)
    joined_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)
    # They did not leave for good: all is hidden as of who left, and kept for longer.
    is_aside = models.BooleanField(default=False, db_default=False)

    objects: ClassVar[PersonManager] = PersonManager()

    class Meta:
        verbose_name_plural = "people"
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint("municipality", condition=Q(kind="gone"), name="one_nobody_a_municipality"),
            models.CheckConstraint(condition=Q(is_aside=False) | Q(left_at__isnull=False), name="aside_is_away"),
            models.CheckConstraint(condition=Q(own_name="") | Q(protected_at__isnull=False), name="own_name_is_kept"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def back_until(self) -> datetime | None:
        """Until when somebody who left may come back; None for who is here."""
        within = KEPT_ASIDE_FOR if self.is_aside else COMES_BACK_WITHIN
        return self.left_at + within if self.left_at else None

    @property
    def is_active(self) -> bool:  # type: ignore[override]  # Django declares a column; leaving is our row's own fact
        return self.left_at is None

    @property
    def is_staff_member(self) -> bool:
        return self.kind == self.Kind.STAFF

    @property
    def is_protected(self) -> bool:
        return self.protected_at is not None

    @property
    def is_unreachable(self) -> bool:
        """The address takes no mail, and was not confirmed again since."""
        if self.unreachable_at is None:
            return False
        return self.email_confirmed_at is None or self.unreachable_at >= self.email_confirmed_at

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
        FULL = "full", _("Neighbour")
        PROVISIONAL = "provisional", _("Provisional neighbour")

    class Proof(models.TextChoices):
        LETTER = "letter", _("A letter with a code")
        INVITATION = "invitation", _("An invitation")
        DESK = "desk", _("At the desk")

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
    """Somebody's access is paused: by whom, why, until when.

    Two at one time are two reasons: each ends for itself, and access comes back with the last.
    """

    id = IdField()
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="suspensions")
    imposed_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    reason = models.TextField()
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-started_at", "-id"]

    def __str__(self) -> str:
        return f"{self.person} since {self.started_at:%Y-%m-%d}"


class Phone(models.Model):
    """A number at which somebody can be reached: for codes to sign in, or for emergencies only."""

    class Purpose(models.TextChoices):
        REACH = "reach", _("To reach you")
        EMERGENCY = "emergency", _("For emergencies only")

    id = IdField()
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="phones")
    purpose = models.CharField(max_length=10, choices=Purpose.choices)
    number: SealedTextField = SealedTextField()
    number_hash = models.CharField(max_length=64, db_index=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["purpose", "id"]
        constraints = [models.UniqueConstraint("person", "purpose", name="phone_once_a_purpose")]

    def __str__(self) -> str:
        return f"{self.purpose} phone {self.id}"


class PersonSkill(models.Model):
    """Something that somebody ticked to help neighbours with: a key of `skills.py`."""

    id = IdField()
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="skills")
    skill = models.CharField(max_length=20)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint("person", "skill", name="skill_once_a_person")]
        indexes = [models.Index(fields=["skill"], name="person_skill")]

    def __str__(self) -> str:
        return self.skill


class Consent(models.Model):
    """What somebody agreed to, in which words (`version`) and where, and when they took it back."""

    class Purpose(models.TextChoices):
        HOUSE_RULES = "house_rules", _("House rules, and 16 years or older")
        DIGEST = "digest", _("The daily mail")
        PUSH = "push", _("Messages on this device")
        PROFILE_PHOTO = "profile_photo", _("A photo in the profile")
        EMERGENCY_PHONE = "emergency_phone", _("A number for emergencies")
        ACTING_FOR = "acting_for", _("Somebody of the desk acts for me")

    id = IdField()
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="consents")
    purpose = models.CharField(max_length=20, choices=Purpose.choices)
    version = models.CharField(max_length=20)
    form = models.CharField(max_length=60)
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-given_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                "person", "purpose", condition=Q(withdrawn_at=None), name="one_current_consent_a_purpose"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.version}"
