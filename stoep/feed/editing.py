"""Changing what stands there: edit with a mark, delete and restore, solve a request."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.db.models import F, Q

from stoep.access.gate import NotVisible, require
from stoep.common.text import checked
from stoep.delivery.outbox import ring, tell
from stoep.feed.actions import checked_title, touch
from stoep.feed.models import (
    COMMENT_LENGTH,
    POST_LENGTH,
    RESTORABLE_FOR,
    THANK_YOU_LENGTH,
    Comment,
    Post,
    Revision,
    Solution,
)
from stoep.feed.parts import is_removed, is_solved, other_helpers
from stoep.people.models import Person


class NotAHelper(ValueError):
    """Only somebody who answered, or said that they want to help, can have helped."""


@transaction.atomic
def edit_post(
    *, person: Person, post: Post, title: str, body: str, also: Callable[[Post], None] | None = None, now: datetime
) -> None:
    """Change the words; the old ones are kept. `also`: as in `publish_post`. Raises TextRefused."""
    require(person, "feed:post:edit", post, now=now)
    title, body = checked_title(title), checked(body, most=POST_LENGTH, may_be_empty=True)
    old = Post.objects.select_for_update().get(pk=post.pk)
    if also is not None:
        also(post)
        touch(post)
        ring(audience_id=post.audience_id, post_id=post.pk)
    if (title, body) == (old.title, old.body):
        return
    Revision.objects.create(of=Revision.Of.POST, subject_id=post.pk, title=old.title, body=old.body, replaced_at=now)
    touch(post, title=title, body=body, edited_at=now)
    ring(audience_id=post.audience_id, post_id=post.pk)


@transaction.atomic
def edit_comment(*, person: Person, comment: Comment, body: str, now: datetime) -> None:
    require(person, "feed:comment:edit", comment, now=now)
    body = checked(body, most=COMMENT_LENGTH)
    old = Comment.objects.select_for_update().get(pk=comment.pk)
    if body == old.body:
        return
    Revision.objects.create(of=Revision.Of.COMMENT, subject_id=comment.pk, body=old.body, replaced_at=now)
    Comment.objects.filter(pk=comment.pk).update(body=body, edited_at=now)
    touch(comment.post)
    ring(audience_id=comment.audience_id, post_id=comment.post_id, is_comment=True)


@transaction.atomic
def remove_post(*, person: Person, post: Post, now: datetime) -> None:
    """Gone for everybody at once; its author may bring it back within thirty days."""
    require(person, "feed:post:remove", post, now=now)
    _remove_post(person, post, now)


@transaction.atomic
def remove_official_post(*, person: Person, post: Post, now: datetime) -> None:
    """Withdraw what a department said."""
    require(person, "cityhall:announcement:withdraw", post, now=now)
    _remove_post(person, post, now)


@transaction.atomic
def restore_post(*, person: Person, post: Post, now: datetime) -> None:
    require(person, "feed:post:restore", post, now=now)
    _require_recent(post, now)
    touch(post, removed_at=None, removed_by=None)
    ring(audience_id=post.audience_id, post_id=post.pk)


@transaction.atomic
def remove_comment(*, person: Person, comment: Comment, now: datetime) -> None:
    require(person, "feed:comment:remove", comment, now=now)
    gone = Comment.objects.filter(pk=comment.pk, removed_at=None).update(removed_at=now, removed_by=person)
    if gone:
        touch(comment.post, comment_count=F("comment_count") - 1)
        ring(audience_id=comment.audience_id, post_id=comment.post_id, is_comment=True)


@transaction.atomic
def restore_comment(*, person: Person, comment: Comment, now: datetime) -> None:
    require(person, "feed:comment:restore", comment, now=now)
    _require_recent(comment, now)
    back = Comment.objects.filter(pk=comment.pk, removed_at__isnull=False).update(removed_at=None, removed_by=None)
    if back:
        touch(comment.post, comment_count=F("comment_count") + 1)
        ring(audience_id=comment.audience_id, post_id=comment.post_id, is_comment=True)


@transaction.atomic
def solve_request(*, author: Person, post: Post, helper: Person | None, thank_you: str, now: datetime) -> Solution:
    """A request for help is solved; whoever helped hears the thank-you. Raises NotAHelper, TextRefused."""
    require(author, "feed:post:solve", post, now=now)
    if helper is not None and helper not in helpers_of(post):
        raise NotAHelper
    words = checked(thank_you, most=THANK_YOU_LENGTH, may_be_empty=True)
    solution, is_new = Solution.objects.get_or_create(
        post=post, defaults={"helper": helper, "thank_you": words, "solved_at": now}
    )
    if is_new:
        touch(post)
        ring(audience_id=post.audience_id, post_id=post.pk)
        municipality_id = post.audience.municipality_id
        tell("feed.solved", municipality_id=municipality_id, subject_id=post.pk, actor=author, now=now)
        is_solved(post, now)
    return solution


def helpers_of(post: Post) -> list[Person]:
    """Who may be thanked: everybody whose answer or offer the author sees, but the author."""
    answers = Comment.objects.all().visible_to(post.author).filter(post=post).exclude(author=post.author_id)
    known = Q(pk__in=answers.values("author")) | Q(pk__in=list(other_helpers(post.author, post)))
    return list(Person.objects.filter(known, left_at=None).order_by("name", "id"))


def _remove_post(person: Person, post: Post, now: datetime) -> None:
    touch(post, removed_at=now, removed_by=person)
    is_removed(post, now)
    ring(audience_id=post.audience_id, post_id=post.pk)


def _require_recent(thing: Post | Comment, now: datetime) -> None:
    if thing.removed_at is not None and thing.removed_at < now - RESTORABLE_FOR:
        raise NotVisible
