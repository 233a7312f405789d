"""How a neighbour becomes an ambassador, whom they welcomed, and which newcomer put the question for a hello away.

The city hands out a one-time link: it never sees a list of members to choose from.
"""

from datetime import datetime

from django.db import models
from django.db.models import Q

from stoep.common.ids import IdField
from stoep.people.models import Membership, Person
from stoep.places.models import Neighbourhood


class AppointmentLink(models.Model):
    """Made by the city for one neighbourhood, used once by who lives there; the token itself is kept nowhere."""

    id = IdField()
    neighbourhood = models.ForeignKey(Neighbourhood, on_delete=models.PROTECT, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    accepted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-made_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(accepted_at=None) | Q(withdrawn_at=None), name="appointment_accepted_or_withdrawn"
            ),
        ]

    def __str__(self) -> str:
        return f"appointment in {self.neighbourhood}"

    def is_open(self, now: datetime) -> bool:
        return self.accepted_at is None and self.withdrawn_at is None and now < self.expires_at


class Welcome(models.Model):
    """Somebody who came to live here was welcomed: once, by whichever ambassador was first."""

    id = IdField()
    membership = models.OneToOneField(Membership, on_delete=models.CASCADE, related_name="welcome")
    welcomed_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    welcomed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"welcome {self.id}"


class Hello(models.Model):
    """A newcomer would rather not say hello: they are not asked again."""

    id = IdField()
    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="+")
    put_away_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"hello {self.id}"
