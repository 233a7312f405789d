"""Where people live: municipality, neighbourhood, street, address. Tables and reads; the verbs live in `rollout`."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from stoep.common.ids import IdField


class Municipality(models.Model):
    """A tenant: found by the host of the request. No row ever refers from one municipality to another."""

    id = IdField()
    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=100)
    host = models.CharField(max_length=200, unique=True)
    postcode = models.CharField(max_length=10, blank=True)
    # The country (ISO 3166) in whose way phone numbers are written here.
    country = models.CharField(max_length=2, default="BE", db_default="BE")
    languages = ArrayField(models.CharField(max_length=5), default=list)
    default_language = models.CharField(max_length=5, default="nl")
    time_zone = models.CharField(max_length=40, default="Europe/Brussels")
    theme_colour = models.CharField(max_length=7, default="#0B6B5D")
    logo_svg = models.TextField(blank=True)
    help_phone = models.CharField(max_length=30, blank=True)
    help_hours = models.CharField(max_length=100, blank=True)
    help_place = models.CharField(max_length=200, blank=True)
    mail_from = models.EmailField(blank=True)
    controller = models.CharField(max_length=200, blank=True)
    dpo_contact = models.CharField(max_length=200, blank=True)
    letter_text = models.JSONField(default=dict, blank=True)
    code_days = models.PositiveSmallIntegerField(default=90)
    # Whether neighbours may invite somebody they know (docs/trust.md 1.3).
    invitations_open = models.BooleanField(default=True, db_default=True)
    # Since when the city is in crisis mode: neighbours keep their distance, and meeting rests. None: it is not.
    crisis_since = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "municipalities"
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class Neighbourhood(models.Model):
    """A private square with a border. `polygon` is WKB, MultiPolygon, WGS84 longitude/latitude."""

    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")
        PILOT = "pilot", _("Pilot")
        OPEN = "open", _("Open")
        PAUSED = "paused", _("Paused")

    id = IdField()
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="neighbourhoods")
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=100)
    polygon = models.BinaryField()
    adjacent = models.ManyToManyField("self", symmetrical=True, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PLANNED)
    address_count = models.PositiveIntegerField(default=0)
    member_count = models.PositiveIntegerField(default=0)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                "municipality", "code", condition=Q(retired_at=None), name="neighbourhood_code_once_a_municipality"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def admits(self) -> bool:
        """Whether a letter's code lets people in now."""
        return self.retired_at is None and self.state in {self.State.PILOT, self.State.OPEN}


class Street(models.Model):
    """A street of a municipality; it may lie in several neighbourhoods."""

    id = IdField()
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="streets")
    name = models.CharField(max_length=120)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint("municipality", Lower("name"), name="street_name_once_a_municipality"),
        ]

    def __str__(self) -> str:
        return self.name


class StreetPart(models.Model):
    """A street as far as it lies in one neighbourhood, with its kept number of addresses."""

    # A street with fewer addresses than this shows the neighbourhood instead (docs/trust.md, promise 2).
    SHOWN_FROM = 10

    id = IdField()
    street = models.ForeignKey(Street, on_delete=models.CASCADE, related_name="parts")
    neighbourhood = models.ForeignKey(Neighbourhood, on_delete=models.CASCADE, related_name="street_parts")
    address_count = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["street__name", "id"]
        constraints = [models.UniqueConstraint("street", "neighbourhood", name="street_part_once")]

    def __str__(self) -> str:
        return f"{self.street} ({self.neighbourhood})"

    @property
    def may_be_shown(self) -> bool:
        return self.address_count >= self.SHOWN_FROM


class Address(models.Model):
    """A letterbox: street, number, box; a point if it is known; never deleted, only retired."""

    class PlacedBy(models.TextChoices):
        POINT = "point"
        HAND = "hand"
        NOBODY = "nobody"

    id = IdField()
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="addresses")
    street = models.ForeignKey(Street, on_delete=models.PROTECT, related_name="addresses")
    neighbourhood = models.ForeignKey(
        Neighbourhood, null=True, blank=True, on_delete=models.PROTECT, related_name="addresses"
    )
    postcode = models.CharField(max_length=10)
    number = models.CharField(max_length=20)
    box = models.CharField(max_length=20, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    households = models.PositiveSmallIntegerField(null=True, blank=True)
    register_id = models.CharField(max_length=120, blank=True)
    placed_by = models.CharField(max_length=10, choices=PlacedBy.choices, default=PlacedBy.NOBODY)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "addresses"
        ordering = ["street__name", "number", "box", "id"]
        constraints = [
            models.UniqueConstraint(
                "municipality", "postcode", "street", "number", "box", name="address_once_a_municipality"
            ),
            models.CheckConstraint(
                condition=Q(longitude=None, latitude=None) | Q(longitude__isnull=False, latitude__isnull=False),
                name="address_point_whole_or_absent",
            ),
        ]
        indexes = [
            models.Index(fields=["neighbourhood", "street"], condition=Q(retired_at=None), name="address_living"),
            models.Index(
                fields=["municipality"], condition=Q(neighbourhood=None, retired_at=None), name="address_waiting"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.street} {self.door}"

    @property
    def door(self) -> str:
        """Number and box as written on a letter. Only for letters and the address's own people."""
        return f"{self.number} bus {self.box}" if self.box else self.number
