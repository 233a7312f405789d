"""What the feed keeps no longer than it must (docs/trust.md 4.3). What departments said is the city's archive."""

from datetime import datetime
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q

from stoep.feed.kinds import GONE, SHORT_LIVED
from stoep.feed.models import RESTORABLE_FOR, Comment, Post, Revision
from stoep.people.data_map import months
from stoep.people.models import Person

KEPT = months(36)
SHORT_LIVED_KEPT = months(6)
# Old words end with what they became; this is for those of what was deleted at once.
REVISIONS_KEPT = KEPT


def forget_posts(now: datetime) -> int:
    """Posts, with the answers under them."""
    return delete_posts(Q(created_at__lt=now - KEPT))


def forget_short_lived(now: datetime) -> int:
    """What was to lend or to give, what was lost or found: nobody looks for it after half a year."""
    return delete_posts(Q(kind__in=SHORT_LIVED, created_at__lt=now - SHORT_LIVED_KEPT))


def forget_deleted(now: datetime) -> int:
    """What its author deleted and can bring back no more."""
    return delete_posts(Q(removed_by=F("author"), removed_at__lt=now - RESTORABLE_FOR))


def forget_comments(now: datetime) -> int:
    """Answers, under announcements too; where they still stood, the count knows."""
    gone = 0
    old = Q(created_at__lt=now - KEPT) | Q(removed_by=F("author"), removed_at__lt=now - RESTORABLE_FOR)
    for comment in Comment.objects.filter(old, speaking_for=None).only("pk", "post_id", "removed_at"):
        if comment.removed_at is None:
            _uncount(comment.post_id)
        Revision.objects.filter(of=Revision.Of.COMMENT, subject_id=comment.pk).delete()
        comment.delete()
        gone += 1
    return gone


def forget_gaps(_now: datetime) -> int:
    """A gap stays only while somebody else's words hang on it."""
    others = Comment.objects.exclude(author__kind=Person.Kind.GONE).filter(removed_at=None)
    last = Comment.objects.filter(author__kind=Person.Kind.GONE, speaking_for=None).exclude(
        Exists(others.filter(post=OuterRef("post"), pk__gt=OuterRef("pk")))
    )
    for comment in last.only("pk", "post_id"):
        _uncount(comment.post_id)
    _all, comments = last.delete()
    _all, posts = Post.objects.filter(kind=GONE).exclude(Exists(others.filter(post=OuterRef("pk")))).delete()
    return comments.get("feed.Comment", 0) + posts.get("feed.Post", 0)


def delete_posts(old: Q) -> int:
    """What neighbours placed, with the answers under it and what they said before."""
    posts = Post.objects.filter(old, speaking_for=None)
    answers = Comment.objects.filter(post__in=posts.values("pk"))
    words = Q(of=Revision.Of.POST, subject_id__in=posts.values("pk"))
    words |= Q(of=Revision.Of.COMMENT, subject_id__in=answers.values("pk"))
    Revision.objects.filter(words).delete()
    _all, by_model = posts.delete()
    return by_model.get("feed.Post", 0)


def forget_revisions(now: datetime) -> int:
    gone, _by_model = Revision.objects.filter(replaced_at__lt=now - REVISIONS_KEPT).delete()
    return gone


def _uncount(post_id: UUID) -> None:
    Post.objects.filter(pk=post_id).update(comment_count=F("comment_count") - 1, version=F("version") + 1)
