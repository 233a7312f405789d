"""What the feed tells people by mail: an answer to me, a thank-you for my help, a message of the city."""

from collections.abc import Iterable
from typing import Any

from stoep.access.gate import may, who_may
from stoep.delivery.links import site_url
from stoep.delivery.notices import Notice, Told
from stoep.feed.models import Comment, Post, Solution
from stoep.feed.reading import comments_for, posts_for, writer_of
from stoep.people.models import Person


def _asked(told: Told) -> Iterable[Person]:
    """The author of the post that was answered, unless they answered it themselves."""
    comment = Comment.objects.filter(pk=told.subject_id).select_related("post__audience", "audience").first()
    if comment is None or comment.post.author_id == comment.author_id:
        return []
    return who_may("feed:comment:read", comment).filter(pk=comment.post.author_id)


def _answer(told: Told, reader: Person) -> dict[str, Any] | None:
    comment = comments_for(reader).filter(pk=told.subject_id).first()
    if comment is None:
        return None
    name = comment.speaking_for.name if comment.speaking_for else writer_of(reader, comment).name
    return {"post": comment.post, "comment": comment, "writer": name, "link": _link(comment.post)}


def _helper(told: Told) -> Iterable[Person]:
    return Person.objects.filter(pk__in=Solution.objects.filter(post=told.subject_id).values("helper"))


def _thank_you(told: Told, reader: Person) -> dict[str, Any] | None:
    post = posts_for(reader).filter(pk=told.subject_id).first()
    if post is None:
        return None
    return {"post": post, "solution": post.solution, "writer": writer_of(reader, post).name, "link": _link(post)}


def _addressed(told: Told) -> Iterable[Person]:
    post = Post.objects.filter(pk=told.subject_id).select_related("audience").first()
    return post.audience.people() if post else []


def _announcement(told: Told, reader: Person) -> dict[str, Any] | None:
    post = posts_for(reader).filter(pk=told.subject_id).first()
    is_for_them = post is not None and may(reader, "feed:post:read", post)
    return {"post": post, "link": _link(post)} if post is not None and is_for_them else None


def _link(post: Post) -> str:
    return site_url(post.audience.municipality, f"/posts/{post.pk}/")


NOTICES = (
    Notice("feed.new_comment", _asked, "feed/mail/new_comment", _answer),
    Notice("feed.solved", _helper, "feed/mail/solved", _thank_you),
    Notice("feed.announcement", _addressed, "feed/mail/announcement", _announcement, is_bulk=True),
)
