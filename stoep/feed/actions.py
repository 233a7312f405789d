"""Writing in a feed: posts, answers, thanks. `publish_post` is the only door to any feed, for every kind."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q

from stoep.access.gate import NotAllowed, require
from stoep.access.models import Audience
from stoep.access.once import once
from stoep.common.ids import new_id
from stoep.common.text import TextRefused, checked, clean_name
from stoep.delivery.outbox import ring, tell
from stoep.feed.kinds import GONE, KINDS
from stoep.feed.models import COMMENT_LENGTH, POST_LENGTH, TITLE_LENGTH, Comment, Draft, Post, Thanks
from stoep.media.actions import give_photos
from stoep.people.models import Department, Group, Person
from stoep.people.queries import departments_bound_to

# Who is new writes a little less: so a stranger who got in cannot flood a street.
NEW_FOR = timedelta(days=7)
MOST_A_DAY: dict[type[Post] | type[Comment], int] = {Post: 3, Comment: 10}
DAY = timedelta(days=1)


def publish_post(
    *,
    author: Person,
    audience: Audience,
    kind: str,
    title: str,
    body: str,
    comments_open: bool = True,
    speaking_for: Department | None = None,
    draft: Draft | None = None,
    also: Callable[[Post], None] | None = None,
    is_urgent: bool = False,
    request_key: UUID,
    now: datetime,
) -> Post:
    """Place a post, once per `request_key`. A department's is an announcement, and only that. Raises TextRefused.

    `draft`: becomes it, with its photos. `also`: writes what its kind has besides (`parts.py`). Urgent mails go now.
    """
    if speaking_for is None:
        require(author, "feed:post:create", audience, now=now)
    else:
        require(author, "cityhall:announcement:create", speaking_for, now=now)
    title, body = checked_title(title), checked(body, most=POST_LENGTH, may_be_empty=True)
    _check_kind(kind, is_official=speaking_for is not None)

    def write() -> UUID:
        require_room(author, Post, now=now)
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
        _use_up(draft, post)
        if also is not None:
            also(post)
        _spread(post, wait=timedelta(0) if is_urgent else settings.UNDO_FOR)
        return UUID(str(post.pk))

    placed, _is_new = once(person=author, action="feed:post:create", key=request_key, now=now, write=write)
    return Post.objects.get(pk=placed)


def _use_up(draft: Draft | None, post: Post) -> None:
    """Its photos are the post's from now on."""
    if draft is not None:
        give_photos(author=post.author, of=("draft", draft.pk), to=("post", post.pk), now=post.created_at)
        draft.delete()


def _check_kind(kind: str, *, is_official: bool) -> None:
    if is_official != (kind == "announcement") or kind not in KINDS or kind == GONE:
        raise TextRefused("kind")


def _spread(post: Post, *, wait: timedelta) -> None:
    notice = "feed.announcement" if post.speaking_for else "feed.new_post"
    city, now = post.audience.municipality_id, post.created_at
    tell(notice, municipality_id=city, subject_id=post.pk, actor=post.author, now=now, wait=wait)
    ring(audience_id=post.audience_id, post_id=post.pk)


def publish_comment(*, author: Person, post: Post, body: str, request_key: UUID, now: datetime) -> Comment:
    """Answer a post, once per `request_key`. Raises TextRefused."""
    require(author, "feed:comment:create", post, now=now)
    if not speaks_for(author, post):
        raise NotAllowed
    body = checked(body, most=COMMENT_LENGTH)

    def write() -> UUID:
        require_room(author, Comment, now=now)
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
            wait=settings.UNDO_FOR,
        )
        ring(audience_id=post.audience_id, post_id=post.pk, is_comment=True)
        return UUID(str(comment.pk))

    comment_id, _is_new = once(person=author, action="feed:comment:create", key=request_key, now=now, write=write)
    return Comment.objects.get(pk=comment_id)


def require_room(author: Person, model: type[Post] | type[Comment], *, now: datetime) -> None:
    """Who is new, or not vouched for yet, has a number of posts and answers a day; removed ones count. TextRefused."""
    is_new = author.standing.is_provisional or now - author.joined_at < NEW_FOR
    if author.is_staff_member or not is_new:
        return
    Person.objects.select_for_update(no_key=True).get(pk=author.pk)
    if model.objects.filter(author=author, created_at__gt=now - DAY).count() >= MOST_A_DAY[model]:
        raise TextRefused("many_posts" if model is Post else "many_comments")


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


def freshen_cards(person: Person) -> None:
    """Somebody has another name or street now: no kept card shows the old one."""
    shown = Q(author=person) | Q(pk__in=Comment.objects.filter(author=person).values("post"))
    Post.objects.filter(shown).update(version=F("version") + 1)


def freshen_cards_of_group(group: Group) -> None:
    """The group has another name now: as above, on what was written to it."""
    Post.objects.filter(audience__atoms__group=group).update(version=F("version") + 1)


def checked_title(text: str) -> str:
    """On one line, as it also stands in a mail's subject. Raises TextRefused."""
    return checked(clean_name(text), most=TITLE_LENGTH)
