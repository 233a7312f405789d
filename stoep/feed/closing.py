"""An ambassador ends a quarrel: no more answers under a post, what stands there stays; and opens it again."""

from datetime import datetime

from django.db import transaction

from stoep.access.gate import require
from stoep.delivery.outbox import ring
from stoep.feed.actions import touch
from stoep.feed.models import Post
from stoep.people.models import Person


@transaction.atomic
def close_answers(*, person: Person, post: Post, now: datetime) -> None:
    require(person, "feed:post:close", post, now=now)
    _set(post, is_open=False)


@transaction.atomic
def open_answers(*, person: Person, post: Post, now: datetime) -> None:
    require(person, "feed:post:open", post, now=now)
    _set(post, is_open=True)


def _set(post: Post, *, is_open: bool) -> None:
    touch(post, comments_open=is_open)
    ring(audience_id=post.audience_id, post_id=post.pk)
