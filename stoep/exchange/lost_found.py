"""What was lost is found: its post is closed, and everybody who searched along is thanked at once."""

from datetime import datetime

from django.db import transaction

from stoep.access.gate import NotVisible, require
from stoep.common.text import checked
from stoep.delivery.outbox import ring, tell
from stoep.exchange.models import THANK_YOU_LENGTH, LostFound
from stoep.feed.actions import touch
from stoep.feed.models import Post
from stoep.people.models import Person


@transaction.atomic
def close_as_found(*, author: Person, post: Post, thank_you: str, now: datetime) -> LostFound:
    """It is back. Said twice, it is said once. Raises actions.TextRefused."""
    require(author, "exchange:lost_found:close", post, now=now)
    words = checked(thank_you, most=THANK_YOU_LENGTH, may_be_empty=True)
    found = _row(post)
    if found.found_at is not None:
        return found
    found.found_at, found.thank_you = now, words
    found.save(update_fields=["found_at", "thank_you"])
    touch(post, comments_open=False)
    ring(audience_id=post.audience_id, post_id=post.pk)
    tell("exchange.found", municipality_id=post.audience.municipality_id, subject_id=post.pk, actor=author, now=now)
    return found


def is_back(post: Post) -> bool:
    return LostFound.objects.filter(post=post, found_at__isnull=False).exists()


def _row(post: Post) -> LostFound:
    """Under a lock. One that was placed without its questions gets its row now."""
    if post.kind != "lost_found":
        raise NotVisible
    Post.objects.select_for_update().get(pk=post.pk)
    return LostFound.objects.get_or_create(post=post)[0]
