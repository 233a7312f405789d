"""What neighbours lend and give: the things on the shelf, the wishes of who looks for one, the loans of both."""

from typing import Self
from uuid import UUID

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q, QuerySet, Value
from django.utils.translation import gettext_lazy as _

from stoep.access.models import Audienced, AudiencedQuerySet
from stoep.common.crypto import SealedTextField
from stoep.common.ids import IdField
from stoep.exchange.shelf_kinds import COMMON
from stoep.feed.models import TITLE_LENGTH, Post
from stoep.people.models import Person
from stoep.places.models import Municipality

DAMAGE_LENGTH = 500


class ItemQuerySet(AudiencedQuerySet):
    def visible_to(self, person: Person) -> Self:
        """The things that exist for this person; one that a message tells of, only while the message stands.

        To a moderator, one that was reported.

        One without a message stays where it is, and is lent there no more, when its owner moves away.
        """
        here = Q(membership__ended_at=None) | Q(author=person)
        stands = Q(removed_at=None) & (Q(told_by=None) & here | Q(told_by__removed_at=None))
        granted = self.granted_to(person.standing) & Q(removed_at=None)
        return self.filter(self.in_scope_of(person.standing) & stands | granted)


class Item(Audienced):
    """A thing on the shelf. Its name stands in the message that tells of it, in the list of common things, or here."""

    class Kind(models.TextChoices):
        LEND = "lend", _("To lend")
        GIVE = "give", _("To give away")

    kind = models.CharField(max_length=4, choices=Kind.choices, default=Kind.LEND)
    category = models.CharField(max_length=10)
    told_by = models.OneToOneField(Post, null=True, blank=True, on_delete=models.CASCADE, related_name="item")
    # A key of `shelf_kinds.COMMON`: then it is called as the reader's language calls it.
    common = models.CharField(max_length=20, blank=True)
    own_name = models.CharField(max_length=TITLE_LENGTH, blank=True)
    until_on = models.DateField(null=True, blank=True)

    objects = ItemQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index("audience", F("id").desc(), condition=Q(removed_at=None), name="item_shelf"),
            models.Index(fields=["author", "id"], name="item_by_author"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(told_by__isnull=False, common="", own_name="")
                | (Q(told_by=None) & (Q(common="") ^ Q(own_name=""))),
                name="item_has_one_name",
            ),
            models.UniqueConstraint(
                "author", "common", condition=Q(removed_at=None) & ~Q(common=""), name="common_thing_once_a_neighbour"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        if self.told_by is not None:
            return self.told_by.title
        return str(COMMON[self.common].label) if self.common else self.own_name

    @property
    def is_live(self) -> bool:
        return self.removed_at is None and (self.told_by is None or self.told_by.is_live)


class Wish(models.Model):
    """When somebody needs what their message looks for; both may be open."""

    id = IdField()
    post = models.OneToOneField(Post, on_delete=models.CASCADE, related_name="wish")
    from_on = models.DateField(null=True, blank=True)
    to_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(to_on__gte=F("from_on")), name="wish_ends_after_it_begins"),
        ]

    def __str__(self) -> str:
        return f"wish of {self.post_id}"


# An open loan that was agreed: its thing, or its days, are promised.
PROMISED = Q(agreed_at__isnull=False, back_at=None, ended_at=None)
OUT = Q(out_at__isnull=False, back_at=None)
# Nothing more will come of it.
OVER = Q(ended_at__isnull=False) | Q(back_at__isnull=False) | Q(kind=Item.Kind.GIVE, out_at__isnull=False)


class LoanQuerySet(QuerySet["Loan"]):
    def visible_to(self, person: Person) -> Self:
        """The loans of this person. A block hides them; but whoever lent something out still finds their thing."""
        standing = person.standing
        if not standing.is_member:
            return self.none()
        lent = Q(lender=person) & ((PROMISED & ~OVER) | ~Q(borrower__in=standing.apart) | Q(borrower=None))
        borrowed = Q(borrower=person) & (~Q(lender__in=standing.apart) | Q(lender=None))
        return self.filter(lent | borrowed)

    def open(self) -> Self:
        return self.exclude(OVER)

    def promised(self) -> Self:
        return self.filter(PROMISED)


class Loan(models.Model):
    """From the first question, or the first offer, to "back". Each step is a moment; whoever was erased has no name.

    `what`: how the thing was called, for when it is gone from the shelf. A gift has no days: fetched, it is over.
    """

    id = IdField()
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=4, choices=Item.Kind.choices, default=Item.Kind.LEND)
    item = models.ForeignKey(Item, null=True, blank=True, on_delete=models.SET_NULL, related_name="loans")
    wish = models.ForeignKey(Post, null=True, blank=True, on_delete=models.SET_NULL, related_name="offers")
    what = models.CharField(max_length=TITLE_LENGTH)
    lender = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="lent")
    borrower = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="borrowed")
    from_on = models.DateField(null=True, blank=True)
    to_on = models.DateField(null=True, blank=True)
    offered_at = models.DateTimeField(null=True, blank=True)
    asked_at = models.DateTimeField(null=True, blank=True)
    agreed_at = models.DateTimeField(null=True, blank=True)
    out_at = models.DateTimeField(null=True, blank=True)
    extended_at = models.DateTimeField(null=True, blank=True)
    back_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    damage: SealedTextField = SealedTextField(blank=True, default="", db_default="")
    # Who of the two would rather hand it over without contact; one such wish is enough.
    lender_keeps_distance = models.BooleanField(default=False, db_default=False)
    borrower_keeps_distance = models.BooleanField(default=False, db_default=False)
    # For which day both were reminded last.
    reminded_for = models.DateField(null=True, blank=True)

    objects = LoanQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["lender", "id"], name="loan_by_lender"),
            models.Index(fields=["borrower", "id"], name="loan_by_borrower"),
        ]
        constraints = [
            ExclusionConstraint(
                name="no_two_loans_of_a_thing_on_one_day",
                expressions=[
                    ("item", RangeOperators.EQUAL),
                    (
                        Func(F("from_on"), F("to_on"), Value("[]"), function="daterange"),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=PROMISED & Q(kind=Item.Kind.LEND),
            ),
            models.UniqueConstraint("item", condition=OUT & Q(kind=Item.Kind.LEND), name="thing_is_with_one_at_a_time"),
            models.UniqueConstraint(
                "item", condition=PROMISED & Q(kind=Item.Kind.GIVE), name="gift_is_reserved_for_one"
            ),
            models.CheckConstraint(condition=Q(to_on__gte=F("from_on")), name="loan_ends_after_it_begins"),
            models.CheckConstraint(
                condition=Q(offered_at__isnull=False) | Q(asked_at__isnull=False), name="loan_has_a_beginning"
            ),
            models.CheckConstraint(
                condition=Q(agreed_at=None) | Q(kind=Item.Kind.GIVE) | Q(from_on__isnull=False, to_on__isnull=False),
                name="agreed_loan_has_its_days",
            ),
            models.CheckConstraint(condition=Q(out_at=None) | Q(agreed_at__isnull=False), name="loan_out_was_agreed"),
            models.CheckConstraint(condition=Q(back_at=None) | Q(out_at__isnull=False), name="loan_back_was_out"),
            models.CheckConstraint(condition=Q(ended_at=None) | Q(out_at=None), name="loan_out_comes_back"),
            models.CheckConstraint(
                condition=Q(lender=None) | Q(borrower=None) | ~Q(lender=F("borrower")),
                name="nobody_lends_to_themselves",
            ),
        ]

    def __str__(self) -> str:
        return f"loan {self.id}"

    @property
    def name(self) -> str:
        return self.item.name if self.item is not None else self.what

    @property
    def is_gift(self) -> bool:
        return self.kind == Item.Kind.GIVE

    @property
    def is_over(self) -> bool:
        return self.ended_at is not None or self.back_at is not None or (self.is_gift and self.out_at is not None)

    @property
    def is_waiting(self) -> bool:
        """For a yes or no of the other side."""
        return not self.is_over and self.agreed_at is None

    @property
    def is_agreed(self) -> bool:
        """Promised, and not handed over yet."""
        return not self.is_over and self.agreed_at is not None and self.out_at is None

    @property
    def is_not_handed_over(self) -> bool:
        return self.is_waiting or self.is_agreed

    @property
    def is_out(self) -> bool:
        return not self.is_over and self.out_at is not None

    @property
    def is_promised(self) -> bool:
        return self.agreed_at is not None and not self.is_over

    @property
    def was_out(self) -> bool:
        return self.out_at is not None and not self.is_gift

    @property
    def is_offer(self) -> bool:
        """It began with "I have one" under a wish."""
        return self.offered_at is not None

    @property
    def asker_id(self) -> UUID | None:
        """Whose question it is; the other one answers it."""
        found: UUID | None = self.lender_id if self.is_offer else self.borrower_id
        return found

    @property
    def answerer_id(self) -> UUID | None:
        found: UUID | None = self.borrower_id if self.is_offer else self.lender_id
        return found

    @property
    def sides(self) -> tuple[UUID | None, UUID | None]:
        return self.lender_id, self.borrower_id

    @property
    def is_contactless(self) -> bool:
        return self.lender_keeps_distance or self.borrower_keeps_distance

    def keeps_distance(self, person: Person) -> bool:
        """Whether it is this side's wish."""
        wishes = {self.lender_id: self.lender_keeps_distance, self.borrower_id: self.borrower_keeps_distance}
        return wishes.get(person.pk, False)

    def other_than(self, person: Person) -> UUID | None:
        found: UUID | None = self.borrower_id if person.pk == self.lender_id else self.lender_id
        return found
