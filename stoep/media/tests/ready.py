"""A photo that is there already, file and all, for tests that are about who sees it."""

from stoep.common.images import renditions
from stoep.feed.models import Post
from stoep.media.files import keep_renditions
from stoep.media.models import SQUARES, WIDTHS, Photo
from stoep.media.tests.pictures import jpeg, photo


def photo_at(post: Post) -> Photo:
    made = renditions(jpeg(photo(40, 30)), WIDTHS, SQUARES)
    found = Photo.objects.create(
        municipality_id=post.audience.municipality_id,
        author=post.author,
        owner_kind="post",
        owner_id=post.pk,
        alt=f"Picture at {post.title}",
        state=Photo.State.READY,
        width=40,
        height=30,
        renditions={size: {"digest": one.digest} for size, one in made.items()},
        created_at=post.created_at,
    )
    keep_renditions(found.municipality_id, found.pk, made)
    return found
