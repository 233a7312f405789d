"""What the feed tells a profile: whether the reader may see anything of somebody, and their newest posts."""

from uuid import UUID

from django.urls import reverse

from stoep.access.works import Work, Works
from stoep.feed.models import Comment, Post
from stoep.people.models import Person


def _has_seen(reader: Person, author_id: UUID) -> bool:
    """Of what they say themselves: what somebody of a department says is not theirs."""
    return any(
        model.objects.all().visible_to(reader).filter(author=author_id, speaking_for=None).exists()
        for model in (Post, Comment)
    )


def _recent(reader: Person, author_id: UUID, most: int) -> list[Work]:
    found = Post.objects.all().visible_to(reader).filter(author=author_id, speaking_for=None).order_by("-id")[:most]
    return [Work(post.title, reverse("post", args=[post.pk]), post.created_at) for post in found]


WORKS = Works(_has_seen, _recent)
