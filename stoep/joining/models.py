"""The resident's door: letters, invitations, who vouches for whom, sign-in tickets, the credential without e-mail."""

from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from stoep.common.crypto import SealedTextField
from stoep.common.ids import IdField
from stoep.people.models import Household, Membership, Person, Suspension
from stoep.places.models import Address, Municipality, Neighbourhood


class LetterCode(models.Model):
    """A code printed on a letter: only its keyed hash is kept. After `expires_at` it enrols nobody."""

    # More people than this do not join with one letter (docs/trust.md T6).
    MOST_USES = 8

    id = IdField()
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    # Erased 30 days after the code expired; the counts stay (docs/trust.md 4.3).
    address = models.ForeignKey(Address, null=True, blank=True, on_delete=models.SET_NULL, related_name="codes")
    # The letter run of `rollout`, which stands above: no foreign key points up the ladder.
    run_id: "models.UUIDField[UUID | None, UUID | None]" = models.UUIDField(null=True, blank=True, db_index=True)
    code_hash = models.CharField(max_length=64, unique=True)
    uses = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(uses__lte=8), name="letter_code_uses_at_most_8")]
        indexes = [models.Index(fields=["municipality", "created_at"], name="letter_code_by_time")]

    def __str__(self) -> str:
        return f"letter code {self.id}"


class CodeUse(models.Model):
    """Somebody joined with a code."""

    id = IdField()
    code = models.ForeignKey(LetterCode, on_delete=models.CASCADE, related_name="used_by")
    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="code_use")
    used_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"use of {self.code_id}"


class Invitation(models.Model):
    """A neighbour's way in for people they know: a link, and a code for paper; for a fortnight and a handful of people.

    Link and code are sealed and not only hashed, because the inviter may look at them and print them again.
    """

    MOST_USES = 5
    MOST_LIVING = 5

    id = IdField()
    inviter = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="invitations")
    neighbourhood = models.ForeignKey(Neighbourhood, on_delete=models.PROTECT, related_name="+")
    token: SealedTextField = SealedTextField()
    token_hash = models.CharField(max_length=64, unique=True)
    code: SealedTextField = SealedTextField()
    code_hash = models.CharField(max_length=64, unique=True)
    uses = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [models.CheckConstraint(condition=Q(uses__lte=5), name="invitation_uses_at_most_5")]

    def __str__(self) -> str:
        return f"invitation {self.id}"

    @property
    def author_id(self) -> UUID:
        """Whose it is, in the words of the rules."""
        return UUID(str(self.inviter_id))


class InvitationUse(models.Model):
    """Somebody joined with an invitation."""

    id = IdField()
    invitation = models.ForeignKey(Invitation, on_delete=models.CASCADE, related_name="used_by")
    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="invitation_use")
    used_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"use of {self.invitation_id}"


class Vouch(models.Model):
    """A neighbour with a letter says: I know this newcomer, they live here. `slot` numbers a neighbour's in a month."""

    NEEDED = 2
    MOST_A_MONTH = 3

    id = IdField()
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="vouches")
    newcomer = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    voucher = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="vouches")
    household = models.ForeignKey(Household, on_delete=models.CASCADE, related_name="+")
    month = models.DateField()
    slot = models.PositiveSmallIntegerField()
    created_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "vouches"
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint("membership", "household", name="vouch_once_an_address"),
            models.UniqueConstraint("voucher", "month", "slot", name="vouch_at_most_3_a_month"),
            models.CheckConstraint(condition=Q(slot__gte=1, slot__lte=3), name="vouch_slot_1_to_3"),
            models.CheckConstraint(condition=~Q(newcomer=models.F("voucher")), name="vouch_for_somebody_else"),
        ]

    def __str__(self) -> str:
        return f"vouch {self.id}"


class Dispute(models.Model):
    """Whether `person` lives at `address` is asked: who holds a letter of it says no. Open until the desk decides."""

    class Outcome(models.TextChoices):
        RESIDENT = "resident"
        PERSON = "person"

    id = IdField()
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    address = models.ForeignKey(Address, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="disputes")
    suspension = models.ForeignKey(Suspension, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    opened_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("person", condition=Q(decided_at=None), name="one_open_dispute_a_person"),
            models.CheckConstraint(
                condition=Q(decided_at=None, outcome="") | (Q(decided_at__isnull=False) & ~Q(outcome="")),
                name="dispute_decided_with_an_outcome",
            ),
        ]

    def __str__(self) -> str:
        return f"dispute {self.id}"


class NewcomerReminder(models.Model):
    """A newcomer for whom few speak was reminded of it."""

    id = IdField()
    membership = models.OneToOneField(Membership, on_delete=models.CASCADE, related_name="newcomer_reminder")
    reminded_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"reminder {self.id}"


class LetterRequest(models.Model):
    """Somebody without a code asked for a letter. What they typed goes as soon as the door is found."""

    id = IdField()
    municipality = models.ForeignKey(Municipality, on_delete=models.CASCADE, related_name="+")
    address = models.ForeignKey(
        Address, null=True, blank=True, on_delete=models.CASCADE, related_name="letter_requests"
    )
    street: SealedTextField = SealedTextField(blank=True)
    number: SealedTextField = SealedTextField(blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint("address", name="letter_request_once_an_address")]

    def __str__(self) -> str:
        return f"letter request {self.id}"


class NoLetters(models.Model):
    """A letterbox to which no round of letters goes, by what stands on its door: its row may come and go."""

    id = IdField()
    municipality = models.ForeignKey(Municipality, on_delete=models.CASCADE, related_name="+")
    door_hash = models.CharField(max_length=64)
    since = models.DateTimeField()

    class Meta:
        verbose_name_plural = "no letters"
        constraints = [models.UniqueConstraint("municipality", "door_hash", name="no_letters_once_a_door")]

    def __str__(self) -> str:
        return f"no letters {self.id}"


class ReturnCredential(models.Model):
    """How somebody without e-mail comes back: the code on their paper (hashed) with the own key (`Person.password`)."""

    id = IdField()
    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="return_credential")
    code_hash = models.CharField(max_length=64, db_index=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"return credential {self.id}"


class Ticket(models.Model):
    """A way in or a question, mailed or texted: a link, and for signing in also six digits that work in any browser."""

    class Purpose(models.TextChoices):
        SIGN_IN = "sign_in", _("Sign in")
        CONFIRM_EMAIL = "confirm_email", _("Confirm an e-mail address")
        CONFIRM_PHONE = "confirm_phone", _("Confirm a phone number")

    # More wrong codes than this close a ticket.
    MOST_TRIES = 5

    id = IdField()
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="tickets")
    purpose = models.CharField(max_length=15, choices=Purpose.choices)
    token_hash = models.CharField(max_length=64, unique=True)
    code_hash = models.CharField(max_length=64, blank=True)
    email: SealedTextField = SealedTextField(blank=True)
    number: SealedTextField = SealedTextField(blank=True, db_default="")
    tries = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["person", "purpose", "created_at"], name="ticket_of_person")]

    def __str__(self) -> str:
        return f"{self.purpose} ticket {self.id}"


class StaffProvider(models.Model):
    """Where the staff of a municipality sign in with their organisation's own account (OpenID Connect)."""

    id = IdField()
    municipality = models.OneToOneField(Municipality, on_delete=models.PROTECT, related_name="staff_provider")
    name = models.CharField(max_length=60)
    issuer = models.URLField(max_length=300)
    client_id = models.CharField(max_length=200)
    client_secret: SealedTextField = SealedTextField()
    set_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} ({self.issuer})"
