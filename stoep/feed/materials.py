"""What the feed hands to moderation: how a post or an answer is found, shown, taken out of sight and put back."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from stoep.delivery.outbox import ring
from stoep.feed.actions import touch
from stoep.feed.models import Comment, Post
from stoep.feed.reading import WITH_WRITER, comments_for, posts_for, writer_of
from stoep.moderation.materials import Found, Material, Near, Piece
from stoep.people.models import Person

SIDE = 2
Written = Post | Comment


def _found(written: Written, writer: str) -> Found:
    home = written.membership
    return Found(
        municipality_id=written.audience.municipality_id,
        neighbourhood_id=home.neighbourhood_id if home else None,
        author_id=written.author_id,
        title=getattr(written, "title", ""),
        body=written.body,
        writer=writer,
        link=_link(written),
    )


def _link(written: Written) -> str:
    if isinstance(written, Post):
        return reverse("post", args=[written.pk])
    return reverse("post", args=[written.post_id]) + f"#comment-{written.pk}"


def _seen(reader: Person, written: Written | None) -> Found | None:
    """Only what neighbours say themselves: a department's message is the city's own to answer for."""
    if written is None or written.speaking_for_id is not None:
        return None
    return _found(written, writer_of(reader, written).name)


def _find_post(reader: Person, subject_id: UUID) -> Found | None:
    return _seen(reader, posts_for(reader).filter(pk=subject_id).first())


def _find_comment(reader: Person, subject_id: UUID) -> Found | None:
    return _seen(reader, comments_for(reader).filter(pk=subject_id).first())


def _load(model: type[Post] | type[Comment], subject_id: UUID) -> Found | None:
    found = model.objects.filter(pk=subject_id, removed_at=None).select_related(*WITH_WRITER).first()
    return _found(found, found.author.name) if found and found.speaking_for_id is None else None


def _near_post(subject_id: UUID) -> list[Near]:
    """The two before and the two after, for the same readers."""
    audience = Post.objects.filter(pk=subject_id).values("audience")
    others = Post.objects.filter(audience__in=audience, removed_at=None)
    before = others.filter(pk__lt=subject_id).order_by("-id").values_list("pk", flat=True)[:SIDE]
    after = others.filter(pk__gt=subject_id).order_by("id").values_list("pk", flat=True)[:SIDE]
    return [Near("post", pk) for pk in (*before, *after)]


def _near_comment(subject_id: UUID) -> list[Near]:
    """As in the thread: the post is what the first answer follows. Beside one that is gone stands nothing."""
    comment = Comment.objects.filter(pk=subject_id).first()
    if comment is None:
        return []
    answers = Comment.objects.filter(post=comment.post_id, removed_at=None).order_by("id").values_list("pk", flat=True)
    thread = [Near("post", comment.post_id), *(Near("comment", pk) for pk in answers)]
    at = next((place for place, near in enumerate(thread) if near.id == subject_id), len(thread))
    return [*thread[max(0, at - SIDE) : at], *thread[at + 1 : at + 1 + SIDE]]


def _show_posts(reader: Person, ids: Sequence[UUID]) -> list[Piece]:
    return [_piece(reader, post, post.title) for post in posts_for(reader).filter(pk__in=ids)]


def _show_comments(reader: Person, ids: Sequence[UUID]) -> list[Piece]:
    return [_piece(reader, comment, "") for comment in comments_for(reader).filter(pk__in=ids)]


def _piece(reader: Person, written: Written, title: str) -> Piece:
    writer = written.speaking_for.name if written.speaking_for else writer_of(reader, written).name
    return Piece(written.pk, title, written.body, writer, written.created_at)


def _hide_post(subject_id: UUID, by: Person, now: datetime) -> bool:
    """What its author took away already stays away, and is no longer theirs to bring back."""
    post = Post.objects.select_for_update().filter(pk=subject_id).first()
    if post is None:
        return False
    touch(post, removed_at=post.removed_at or now, removed_by=by)
    ring(audience_id=post.audience_id, post_id=post.pk)
    return bool(post.is_live)


def _restore_post(subject_id: UUID, was_live: bool) -> None:
    post = Post.objects.filter(pk=subject_id, removed_at__isnull=False).select_related("author").first()
    if post is not None:
        touch(post, **_as_it_was(post, was_live=was_live))
        ring(audience_id=post.audience_id, post_id=post.pk)


def _hide_comment(subject_id: UUID, by: Person, now: datetime) -> bool:
    comment = Comment.objects.select_for_update().filter(pk=subject_id).first()
    if comment is None:
        return False
    Comment.objects.filter(pk=subject_id).update(removed_at=comment.removed_at or now, removed_by=by)
    if comment.is_live:
        touch(comment.post, comment_count=F("comment_count") - 1)
        ring(audience_id=comment.audience_id, post_id=comment.post_id, is_comment=True)
    return bool(comment.is_live)


def _restore_comment(subject_id: UUID, was_live: bool) -> None:
    comment = Comment.objects.filter(pk=subject_id, removed_at__isnull=False).select_related("author").first()
    if comment is None:
        return
    Comment.objects.filter(pk=subject_id).update(**_as_it_was(comment, was_live=was_live))
    if was_live and comment.author.left_at is None:
        touch(comment.post, comment_count=F("comment_count") + 1)
        ring(audience_id=comment.audience_id, post_id=comment.post_id, is_comment=True)


def _as_it_was(written: Written, *, was_live: bool) -> dict[str, Any]:
    """Whoever left meanwhile took it along: it is hidden as by their leaving, and comes back with them."""
    if not was_live:
        return {"removed_by": written.author_id}
    left_at = written.author.left_at
    return {"removed_at": left_at, "removed_by": written.author_id if left_at else None}


MATERIALS = (
    Material(
        kind="post",
        label=_("Message"),
        find=_find_post,
        load=lambda subject_id: _load(Post, subject_id),
        near=_near_post,
        show=_show_posts,
        hide=_hide_post,
        restore=_restore_post,
    ),
    Material(
        kind="comment",
        label=_("Answer"),
        find=_find_comment,
        load=lambda subject_id: _load(Comment, subject_id),
        near=_near_comment,
        show=_show_comments,
        hide=_hide_comment,
        restore=_restore_comment,
    ),
)
