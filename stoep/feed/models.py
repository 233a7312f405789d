"""Posts, comments, thanks: everything a neighbour can read, with its audience."""

from datetime import datetime, timedelta
from typing import Any, Self
from uuid import UUID

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from stoep.access.models import Audienced, AudiencedQuerySet
from stoep.common.crypto import SealedTextField
from stoep.common.ids import IdField
from stoep.people.models import Person, RoleName

TITLE_LENGTH, POST_LENGTH, COMMENT_LENGTH, THANK_YOU_LENGTH = 100, 5000, 2000, 300

# What was deleted may come back within this time.
RESTORABLE_FOR = timedelta(days=30)
# A draft that nobody touched for so long is forgotten.
DRAFT_KEPT = timedelta(days=30)
MOST_PHOTOS = 6

CITY_READERS = {RoleName.EDITOR, RoleName.APPROVER}
OFFICIAL_READERS = {
    *CITY_READERS,
    *{RoleName.ANALYST, RoleName.CITY_ADMIN, RoleName.MODERATOR, RoleName.DESK, RoleName.DPO},
}


class RestorableQuerySet(AudiencedQuerySet):
    """What its author removed comes back for a while, and only by its author."""

    def restorable_by(self, person: Person, *, now: datetime) -> Self:
        return self.filter(author=person, removed_by=person, removed_at__gte=now - RESTORABLE_FOR)


class PostQuerySet(RestorableQuerySet):
    def visible_to(self, person: Person) -> Self:
        """The posts that exist for this person."""
        standing = person.standing
        condition = self.in_scope_of(standing)
        official = Q(speaking_for__isnull=False)
        ours = Q(audience__municipality=standing.municipality_id)
        if not standing.roles.isdisjoint(CITY_READERS):
            condition |= ours & Q(audience__shared_with_city=True)
        if not standing.roles.isdisjoint(OFFICIAL_READERS):
            condition |= ours & official
        if RoleName.OPERATOR in standing.roles:
            condition |= official
        condition |= self.granted_to(standing)
        return self.filter(condition, removed_at=None)


class Post(Audienced):
    """Whatever stands in a feed. A field that only one kind needs lives in that kind's own table."""

    kind = models.CharField(max_length=20)
    title = models.CharField(max_length=TITLE_LENGTH)
    body = models.TextField(max_length=POST_LENGTH, blank=True)
    comments_open = models.BooleanField(default=True)
    comment_count = models.PositiveIntegerField(default=0)
    thanks_count = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)

    objects = PostQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index("audience", F("id").desc(), condition=Q(removed_at=None), name="post_feed"),
            models.Index(fields=["author", "id"], name="post_by_author"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open_request(self) -> bool:
        return self.kind == "help_wanted" and not hasattr(self, "solution")


class CommentQuerySet(RestorableQuerySet):
    written_by = ("", "post__")

    def visible_to(self, person: Person) -> Self:
        """The answers that exist for this person: to a shared post the city sees only what its author wrote."""
        standing = person.standing
        condition = self.in_scope_of(standing)
        if not standing.roles.isdisjoint(CITY_READERS):
            ours = Q(audience__municipality=standing.municipality_id)
            by_author = Q(audience__shared_with_city=True, author=F("post__author"))
            condition |= ours & (by_author | Q(post__speaking_for__isnull=False))
        condition |= self.granted_to(standing)
        return self.filter(condition, removed_at=None, post__removed_at=None)


class Comment(Audienced):
    """An answer under a post; its audience is the post's."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="comments")
    body = models.TextField(max_length=COMMENT_LENGTH)

    objects = CommentQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["post", "id"], condition=Q(removed_at=None), name="comment_of_post")]

    def __str__(self) -> str:
        return f"comment {self.id}"


class Thanks(models.Model):
    """One "dank je" of one person for one post."""

    id = IdField()
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="thanks")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="thanks")
    created_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "thanks"
        constraints = [models.UniqueConstraint("post", "person", name="thanks_once_a_person")]

    def __str__(self) -> str:
        return f"thanks {self.id}"


class Solution(models.Model):
    """A help request is solved: when, by whom, with which words of thanks."""

    id = IdField()
    post = models.OneToOneField(Post, on_delete=models.CASCADE, related_name="solution")
    helper = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    thank_you = models.CharField(max_length=THANK_YOU_LENGTH, blank=True)
    solved_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"solution of {self.post_id}"


class Draft(models.Model):
    """A message that somebody is still writing: one a person, sealed, for nobody else. Its photos belong to it."""

    id = IdField()
    author = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="draft")
    kind = models.CharField(max_length=20, blank=True)
    title: SealedTextField = SealedTextField(blank=True)
    body: SealedTextField = SealedTextField(blank=True)
    # What was typed into the questions of the kinds (`parts.py`), as JSON.
    answers: SealedTextField = SealedTextField(blank=True, default="", db_default="")
    adjacent: "models.JSONField[Any, Any]" = models.JSONField(default=list)
    shared_with_city = models.BooleanField(default=False)
    updated_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"draft {self.id}"


class Revision(models.Model):
    """What a post or answer said before an edit."""

    class Of(models.TextChoices):
        POST = "post", _("Post")
        COMMENT = "comment", _("Answer")

    id = IdField()
    of = models.CharField(max_length=7, choices=Of.choices)
    subject_id: "models.UUIDField[UUID, UUID]" = models.UUIDField(db_index=True)
    title = models.CharField(max_length=TITLE_LENGTH, blank=True)
    body = models.TextField(blank=True)
    replaced_at = models.DateTimeField()

    class Meta:
        ordering = ["-replaced_at", "-id"]

    def __str__(self) -> str:
        return f"revision {self.id}"
