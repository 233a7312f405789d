"""What the feed tells `media` about posts and drafts: who sees their photos, and what a change of one changes."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import F

from stoep.delivery.outbox import ring
from stoep.feed.actions import freshen_cards
from stoep.feed.models import Draft, Post
from stoep.media.owners import Owner
from stoep.people.models import Person


def _sees_post(person: Person, post_id: UUID) -> bool:
    return Post.objects.visible_to(person).filter(pk=post_id).exists()


def _posts(ids: Collection[UUID]) -> set[UUID]:
    return set(Post.objects.filter(pk__in=ids).values_list("pk", flat=True))


def _writes_draft(person: Person, draft_id: UUID) -> bool:
    return Draft.objects.filter(pk=draft_id, author=person).exists()


def _drafts(ids: Collection[UUID]) -> set[UUID]:
    return set(Draft.objects.filter(pk__in=ids).values_list("pk", flat=True))


def post_changed(post_id: UUID) -> None:
    """Its card is another one now, and open pages fetch it."""
    for audience_id in Post.objects.filter(pk=post_id, removed_at=None).values_list("audience", flat=True):
        Post.objects.filter(pk=post_id).update(version=F("version") + 1)
        ring(audience_id=audience_id, post_id=post_id)


def person_changed(person_id: UUID) -> None:
    """Every card on which this face stands is another one now."""
    for person in Person.objects.filter(pk=person_id):
        freshen_cards(person)


OWNERS = (
    Owner("post", _sees_post, _posts, lambda post_id: f"/posts/{post_id}/"),
    Owner("draft", _writes_draft, _drafts, lambda _draft_id: "/posts/new/"),
)
