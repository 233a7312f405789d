"""The resident's door: letter codes, their uses, sign-in tickets, and the credential of people without e-mail."""

from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from stoep.common.crypto import SealedTextField
from stoep.common.ids import IdField
from stoep.people.models import Person
from stoep.places.models import Address, Municipality


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


class ReturnCredential(models.Model):
    """How somebody without e-mail comes back: the letter's code (hashed) with the own key (`Person.password`)."""

    id = IdField()
    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="return_credential")
    code_hash = models.CharField(max_length=64, db_index=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"return credential {self.id}"


class Ticket(models.Model):
    """A mailed way in, or a mailed question: a link, and for signing in also six digits that work in any browser."""

    class Purpose(models.TextChoices):
        SIGN_IN = "sign_in", _("Sign in")
        CONFIRM_EMAIL = "confirm_email", _("Confirm an e-mail address")

    # More wrong codes than this close a ticket.
    MOST_TRIES = 5

    id = IdField()
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="tickets")
    purpose = models.CharField(max_length=15, choices=Purpose.choices)
    token_hash = models.CharField(max_length=64, unique=True)
    code_hash = models.CharField(max_length=64, blank=True)
    email: SealedTextField = SealedTextField(blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["person", "purpose", "created_at"], name="ticket_of_person")]

    def __str__(self) -> str:
        return f"{self.purpose} ticket {self.id}"
