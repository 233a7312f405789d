"""Writing in a feed: posts, answers, thanks. `publish_post` is the only door to any feed, for every kind."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F

from stoep.access.gate import NotAllowed, require
from stoep.access.models import Audience
from stoep.access.once import once
from stoep.common.ids import new_id
from stoep.common.text import clean_name, clean_text, contains_national_number
from stoep.delivery.outbox import ring, tell
from stoep.feed.kinds import KINDS
from stoep.feed.models import COMMENT_LENGTH, POST_LENGTH, TITLE_LENGTH, Comment, Post, Thanks
from stoep.people.models import Department, Person
from stoep.people.queries import departments_bound_to


class TextRefused(ValueError):
    """Why a text cannot be placed: `reason` is `empty`, `too_long`, `national_number` or `kind`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def publish_post(
    *,
    author: Person,
    audience: Audience,
    kind: str,
    title: str,
    body: str,
    comments_open: bool = True,
    speaking_for: Department | None = None,
    request_key: UUID,
    now: datetime,
) -> Post:
    """Place a post, once per `request_key`. A department's is an announcement, and only that. Raises TextRefused."""
    if speaking_for is None:
        require(author, "feed:post:create", audience, now=now)
    else:
        require(author, "cityhall:announcement:create", speaking_for, now=now)
    title, body = checked_title(title), checked(body, most=POST_LENGTH, may_be_empty=True)
    if (speaking_for is not None) != (kind == "announcement") or kind not in KINDS:
        raise TextRefused("kind")

    def write() -> UUID:
        post = Post.objects.create(
            id=new_id(now),
            author=author,
            audience=audience,
            membership_id=author.standing.membership_id,
            speaking_for=speaking_for,
            kind=kind,
            title=title,
            body=body,
            comments_open=comments_open,
            created_at=now,
        )
        notice = "feed.announcement" if speaking_for else "feed.new_post"
        tell(notice, municipality_id=audience.municipality_id, subject_id=post.pk, actor=author, now=now)
        ring(audience_id=audience.pk, post_id=post.pk)
        return UUID(str(post.pk))

    post_id, _is_new = once(person=author, action="feed:post:create", key=request_key, now=now, write=write)
    return Post.objects.get(pk=post_id)


def publish_comment(*, author: Person, post: Post, body: str, request_key: UUID, now: datetime) -> Comment:
    """Answer a post, once per `request_key`. Raises TextRefused."""
    require(author, "feed:comment:create", post, now=now)
    if not speaks_for(author, post):
        raise NotAllowed
    body = checked(body, most=COMMENT_LENGTH)

    def write() -> UUID:
        comment = Comment.objects.create(
            id=new_id(now),
            post=post,
            author=author,
            audience_id=post.audience_id,
            membership_id=author.standing.membership_id,
            speaking_for_id=post.speaking_for_id if author.is_staff_member else None,
            body=body,
            created_at=now,
        )
        touch(post, comment_count=F("comment_count") + 1)
        tell(
            "feed.new_comment",
            municipality_id=post.audience.municipality_id,
            subject_id=comment.pk,
            actor=author,
            now=now,
        )
        ring(audience_id=post.audience_id, post_id=post.pk, is_comment=True)
        return UUID(str(comment.pk))

    comment_id, _is_new = once(person=author, action="feed:comment:create", key=request_key, now=now, write=write)
    return Comment.objects.get(pk=comment_id)


def speaks_for(author: Person, post: Post) -> bool:
    """Neighbours speak for themselves; an editor who is bound to a department answers in no other one's name."""
    bound = departments_bound_to(author) if author.is_staff_member else set()
    return not bound or post.speaking_for_id in bound


@transaction.atomic
def thank(*, person: Person, post: Post, now: datetime) -> bool:
    """Say thanks; said twice, it counts once. Answers whether it is new."""
    require(person, "feed:post:thank", post, now=now)
    made = Thanks.objects.bulk_create([Thanks(post=post, person=person, created_at=now)], ignore_conflicts=True)
    is_new = Thanks.objects.filter(pk=made[0].pk).exists()
    if is_new:
        touch(post, thanks_count=F("thanks_count") + 1)
    return is_new


@transaction.atomic
def take_thanks_back(*, person: Person, post: Post, now: datetime) -> bool:
    """Answers whether there was something to take back."""
    require(person, "feed:post:thank", post, now=now)
    gone, _by_model = Thanks.objects.filter(post=post, person=person).delete()
    if gone:
        touch(post, thanks_count=F("thanks_count") - 1)
    return bool(gone)


def touch(post: Post, **changes: object) -> None:
    """Change what a card shows; its version goes up, so that no kept card is stale."""
    Post.objects.filter(pk=post.pk).update(version=F("version") + 1, **changes)


def checked_title(text: str) -> str:
    """On one line, as it also stands in a mail's subject. Raises TextRefused."""
    return checked(clean_name(text), most=TITLE_LENGTH)


def checked(text: str, *, most: int, may_be_empty: bool = False) -> str:
    """The text as it is kept: cleaning may make it empty, and in some scripts longer. Raises TextRefused."""
    text = clean_text(text)
    if not text and not may_be_empty:
        raise TextRefused("empty")
    if len(text) > most:
        raise TextRefused("too_long")
    if contains_national_number(text):
        raise TextRefused("national_number")
    return text
