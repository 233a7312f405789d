"""What the feed tells people, by mail and behind the bell: answers to me, thanks for my help, the city's messages."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from stoep.access.gate import may, those_who_may
from stoep.delivery.links import site_url
from stoep.delivery.models import Pace, Stream
from stoep.delivery.notices import Notice, Rung, Told
from stoep.feed.kinds import KINDS
from stoep.feed.models import Comment, Post, Solution
from stoep.feed.reading import comments_for, posts_for, writer_of
from stoep.people.models import Person


def _asked(told: Told) -> Iterable[Person]:
    """The author of the post that was answered, unless they answered it themselves."""
    comment = Comment.objects.filter(pk=told.subject_id).select_related("post__audience", "audience").first()
    if comment is None or comment.post.author_id == comment.author_id:
        return []
    asked = those_who_may("feed:comment:read", comment, [comment.post.author_id])
    return [person for person in asked if comment.author_id not in person.standing.muted]


def _answer(told: Told, reader: Person) -> dict[str, Any] | None:
    comment = comments_for(reader).filter(pk=told.subject_id).first()
    is_muted = comment is not None and not comment.speaking_for_id and comment.author_id in reader.standing.muted
    if comment is None or is_muted:
        return None
    name = comment.speaking_for.name if comment.speaking_for else writer_of(reader, comment).name
    return {
        "post": comment.post,
        "comment": comment,
        "writer": name,
        "thread_id": comment.post_id,
        "link": _link(comment.post),
    }


def _helper(told: Told) -> Iterable[Person]:
    return Person.objects.filter(pk__in=Solution.objects.filter(post=told.subject_id).values("helper"))


def _thank_you(told: Told, reader: Person) -> dict[str, Any] | None:
    post = posts_for(reader).filter(pk=told.subject_id).first()
    if post is None:
        return None
    writer = writer_of(reader, post).name
    return {"post": post, "thread_id": post.pk, "solution": post.solution, "writer": writer, "link": _link(post)}


def _addressed(told: Told) -> Iterable[Person]:
    post = Post.objects.filter(pk=told.subject_id).select_related("audience").first()
    return post.audience.people() if post else []


def _announcement(told: Told, reader: Person) -> dict[str, Any] | None:
    post = posts_for(reader).filter(pk=told.subject_id).first()
    is_for_them = post is not None and may(reader, "feed:post:read", post)
    return {"post": post, "thread_id": post.pk, "link": _link(post)} if post is not None and is_for_them else None


def _listening(told: Told) -> Iterable[Person]:
    """Most read it in the daily mail: only who wants everything at once is looked for."""
    post = Post.objects.filter(pk=told.subject_id).select_related("audience").first()
    if post is None:
        return []
    wanting: Iterable[Person] = post.audience.people().filter(mail_choices__neighbourhood=Pace.NOW)
    return [person for person in wanting if person.pk != post.author_id]


def _new_post(told: Told, reader: Person) -> dict[str, Any] | None:
    post = posts_for(reader).filter(pk=told.subject_id).first()
    if post is None or post.speaking_for_id or post.author_id in reader.standing.muted:
        return None
    if not may(reader, "feed:post:read", post):
        return None
    facts = {"post": post, "kind": KINDS[post.kind], "thread_id": post.pk, "link": _link(post)}
    return {**facts, "writer": writer_of(reader, post)}


def _link(post: Post) -> str:
    return site_url(post.audience.municipality, f"/posts/{post.pk}/")


def _post_of_answer(told: Told) -> UUID | None:
    return Comment.objects.filter(pk=told.subject_id).values_list("post_id", flat=True).first()


def _post_itself(told: Told) -> UUID | None:
    return told.subject_id


def _answers(reader: Person, groups: Mapping[UUID, list[UUID]]) -> dict[UUID, Rung]:
    """Marie and 2 others answered: those whose answers still stand, the newest by name."""
    asked = [comment_id for ids in groups.values() for comment_id in ids]
    names: dict[UUID, dict[UUID, str]] = {}
    titles: dict[UUID, str] = {}
    for comment in comments_for(reader).filter(pk__in=asked).order_by("-id"):
        if not comment.speaking_for_id and comment.author_id in reader.standing.muted:
            continue
        name = comment.speaking_for.name if comment.speaking_for else writer_of(reader, comment).name
        names.setdefault(comment.post_id, {}).setdefault(comment.author_id, name)
        titles[comment.post_id] = comment.post.title
    return {
        post_id: Rung(_answered(list(found.values())), titles[post_id], f"/posts/{post_id}/", "chat-circle")
        for post_id, found in names.items()
    }


def _answered(names: list[str]) -> str:
    if len(names) == 1:
        return _("%(name)s answered") % {"name": names[0]}
    others = len(names) - 1
    words = ngettext("%(name)s and %(count)s other answered", "%(name)s and %(count)s others answered", others)
    return words % {"name": names[0], "count": others}


def _thanked(reader: Person, groups: Mapping[UUID, list[UUID]]) -> dict[UUID, Rung]:
    return {
        post.pk: Rung(
            _("%(name)s thanks you for your help") % {"name": writer_of(reader, post).name},
            post.title,
            f"/posts/{post.pk}/",
            "hand-heart",
        )
        for post in posts_for(reader).filter(pk__in=groups)
    }


def _said_by_city(reader: Person, groups: Mapping[UUID, list[UUID]]) -> dict[UUID, Rung]:
    found = posts_for(reader).filter(pk__in=groups, speaking_for__isnull=False)
    return {
        post.pk: Rung(post.speaking_for.name, post.title, f"/posts/{post.pk}/", "bank")
        for post in found
        if post.speaking_for
    }


NOTICES = (
    Notice(
        "feed.new_comment",
        _asked,
        "feed/mail/new_comment",
        _answer,
        stream=Stream.MINE,
        group=_post_of_answer,
        describe=_answers,
        push=_("There is an answer to your message."),
        has_lines=True,
    ),
    Notice(
        "feed.solved",
        _helper,
        "feed/mail/solved",
        _thank_you,
        stream=Stream.MINE,
        group=_post_itself,
        describe=_thanked,
        push=_("A neighbour thanks you for your help."),
        has_lines=True,
    ),
    Notice(
        "feed.announcement",
        _addressed,
        "feed/mail/announcement",
        _announcement,
        stream=Stream.CITY,
        group=_post_itself,
        describe=_said_by_city,
        push=_("The city has a message for you."),
    ),
    Notice(
        "feed.new_post",
        _listening,
        "feed/mail/new_post",
        _new_post,
        stream=Stream.NEIGHBOURHOOD,
        group=_post_itself,
        push=_("There is something new in your neighbourhood."),
    ),
)
