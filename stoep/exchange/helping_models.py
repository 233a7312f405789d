"""What the exchange keeps beside a post: what a request for help asks, who wants to help; services; lost and found.

And what is unsafe: a place, a moment, never a person.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from stoep.common.ids import IdField
from stoep.feed.models import Post
from stoep.people.models import Person

WHERE_LENGTH, WHEN_LENGTH, AGES_LENGTH, THANK_YOU_LENGTH = 60, 80, 60, 300


class HelpRequest(models.Model):
    """What a request for help says besides its words, and how far its author lets it go when nobody answers."""

    class When(models.TextChoices):
        ON = "on", _("On that day")
        BY = "by", _("Not later than that day")

    class Where(models.TextChoices):
        HOME = "home", _("At my home")
        STREET = "street", _("In my street")
        NEIGHBOURHOOD = "neighbourhood", _("Somewhere in the neighbourhood")
        ELSEWHERE = "elsewhere", _("Somewhere else")

    id = IdField()
    post = models.OneToOneField(Post, on_delete=models.CASCADE, related_name="help_request")
    when = models.CharField(max_length=2, choices=When.choices, blank=True)
    day = models.DateField(null=True, blank=True)
    where = models.CharField(max_length=13, choices=Where.choices, blank=True)
    skill = models.CharField(max_length=20, blank=True)
    # Its author would rather be helped without contact.
    keeps_distance = models.BooleanField(default=False, db_default=False)
    may_go_next_door = models.BooleanField(default=False)
    may_go_to_city = models.BooleanField(default=False)
    opened_next_door_at = models.DateTimeField(null=True, blank=True)
    shared_with_city_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(when="", day=None) | (~Q(when="") & Q(day__isnull=False)), name="help_request_day"
            ),
        ]
        indexes = [
            models.Index(
                fields=["post"],
                condition=Q(may_go_next_door=True, opened_next_door_at=None)
                | Q(may_go_to_city=True, shared_with_city_at=None),
                name="help_request_may_go",
            ),
            models.Index(fields=["opened_next_door_at"], name="help_request_opened"),
        ]

    def __str__(self) -> str:
        return f"help request {self.post_id}"


class HelpOfferQuerySet(models.QuerySet["HelpOffer"]):
    def standing(self) -> "HelpOfferQuerySet":
        """Those that were not taken back, by who did not leave."""
        return self.filter(withdrawn_at=None, helper__left_at=None)


class HelpOffer(models.Model):
    """Somebody wants to help with a request. Its author sees who, and chooses one."""

    id = IdField()
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="help_offers")
    helper = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="help_offers")
    offered_at = models.DateTimeField()
    chosen_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    # The helper would rather help without contact.
    keeps_distance = models.BooleanField(default=False, db_default=False)

    objects = HelpOfferQuerySet.as_manager()

    class Meta:
        ordering = ["offered_at", "id"]
        constraints = [
            models.UniqueConstraint("post", "helper", name="help_offer_once_a_person"),
            models.UniqueConstraint(
                fields=["post"], condition=Q(chosen_at__isnull=False, withdrawn_at=None), name="help_one_chosen"
            ),
        ]
        indexes = [models.Index(fields=["helper", "offered_at"], name="help_offer_by_helper")]

    def __str__(self) -> str:
        return f"help offer {self.id}"

    @property
    def is_chosen(self) -> bool:
        return self.chosen_at is not None and self.withdrawn_at is None


class Service(models.Model):
    """Babysitting and services: sought or offered, when, and for children of which age."""

    class Side(models.TextChoices):
        SOUGHT = "sought", _("I look for somebody")
        OFFERED = "offered", _("I offer it")

    id = IdField()
    post = models.OneToOneField(Post, on_delete=models.CASCADE, related_name="service")
    side = models.CharField(max_length=7, choices=Side.choices, blank=True)
    when = models.CharField(max_length=WHEN_LENGTH, blank=True)
    ages = models.CharField(max_length=AGES_LENGTH, blank=True)

    def __str__(self) -> str:
        return f"service {self.post_id}"


class LostFound(models.Model):
    """An animal or a thing that was lost, or found; where; and that it is back, with a word for who searched."""

    class Side(models.TextChoices):
        LOST = "lost", _("I lost it")
        FOUND = "found", _("I found it")

    class What(models.TextChoices):
        ANIMAL = "animal", _("An animal")
        THING = "thing", _("A thing")

    id = IdField()
    post = models.OneToOneField(Post, on_delete=models.CASCADE, related_name="lost_found")
    side = models.CharField(max_length=5, choices=Side.choices, blank=True)
    what = models.CharField(max_length=6, choices=What.choices, blank=True)
    where = models.CharField(max_length=WHERE_LENGTH, blank=True)
    opened_next_door_at = models.DateTimeField(null=True, blank=True, db_index=True)
    found_at = models.DateTimeField(null=True, blank=True)
    thank_you = models.CharField(max_length=THANK_YOU_LENGTH, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(thank_you="") | Q(found_at__isnull=False), name="lost_found_thanks_when_found"
            ),
        ]

    def __str__(self) -> str:
        return f"lost or found {self.post_id}"


class Hazard(models.Model):
    """Something unsafe: what, where, when. There is no kind of it for a person, and no suspicion."""

    class What(models.TextChoices):
        TRAFFIC = "traffic", _("Dangerous traffic")
        STREET = "street", _("Something broken in the street")
        FIRE = "fire", _("Fire, smoke or gas")
        WATER = "water", _("Water, ice or storm")
        ANIMAL = "animal", _("A loose animal")
        THEFT = "theft", _("A theft or a break-in")
        FRAUD = "fraud", _("Swindle at the door or by phone")
        OTHER = "other", _("Something else")

    id = IdField()
    post = models.OneToOneField(Post, on_delete=models.CASCADE, related_name="hazard")
    what = models.CharField(max_length=7, choices=What.choices)
    where = models.CharField(max_length=WHERE_LENGTH)
    when = models.CharField(max_length=WHEN_LENGTH)

    def __str__(self) -> str:
        return f"hazard {self.post_id}"
