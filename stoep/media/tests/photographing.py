"""Adding photos as a browser does it, and doing at once what the worker would do."""

from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile

from stoep.feed.models import Post
from stoep.feed.tests.visits import Visit
from stoep.media.making import make
from stoep.media.models import Photo
from stoep.media.tests import pictures


def form(*contents: bytes, **words: Any) -> dict[str, Any]:
    """The composer's form with these photos in it."""
    files = [SimpleUploadedFile(f"photo{at}.jpg", content) for at, content in enumerate(contents)]
    given = {"kind": "give", "title": "A bench", "body": "Of oak.", "request_key": str(uuid4())}
    return given | words | ({"photos": files} if files else {})


def make_all() -> None:
    for pk in Photo.objects.filter(state=Photo.State.WAITING).values_list("pk", flat=True):
        make(pk)


def place_with_photos(author: Visit, *contents: bytes, is_made: bool = True, **words: Any) -> tuple[Post, list[Photo]]:
    """In two steps, as without scripts: the photos first, then the words with them."""
    before = set(Post.objects.values_list("pk", flat=True))
    assert author.send("posts", **form(*(contents or (pictures.jpeg(),)), **words)).status_code == 302
    assert author.send("posts", **form(**words)).status_code == 302
    post = Post.objects.exclude(pk__in=before).get()
    if is_made:
        make_all()
    return post, list(Photo.objects.filter(owner_kind="post", owner_id=post.pk))
