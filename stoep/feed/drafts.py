"""A message in the making: kept by the server as it is typed, with its photos, for its writer alone."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import IO
from uuid import UUID

from django.db import transaction

from stoep.access.gate import require
from stoep.access.once import was_done
from stoep.common.text import without_national_numbers
from stoep.feed.models import DRAFT_KEPT, MOST_PHOTOS, POST_LENGTH, TITLE_LENGTH, Draft
from stoep.media.actions import add_photo, describe_photo, forget_photos, remove_photo
from stoep.media.models import Photo
from stoep.media.queries import photos_of
from stoep.people.models import Person


@dataclass(frozen=True)
class DraftWords:
    """What stands in the composer, right or wrong: it is checked when it is placed."""

    kind: str = ""
    title: str = ""
    body: str = ""
    adjacent: Sequence[UUID] = ()
    shared_with_city: bool = False
    answers: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        return not self.title.strip() and not self.body.strip()


def draft_of(person: Person) -> Draft | None:
    return Draft.objects.filter(author=person).first()


def draft_photos(person: Person) -> list[Photo]:
    draft = draft_of(person)
    return photos_of("draft", draft.pk) if draft else []


def answers_of(draft: Draft | None) -> dict[str, list[str]]:
    """What was typed into the questions of the kinds."""
    found: dict[str, list[str]] = json.loads(draft.answers) if draft and draft.answers else {}
    return found


@transaction.atomic
def keep_draft(
    *,
    author: Person,
    words: DraftWords,
    alts: Mapping[UUID, str] | None = None,
    is_for_photos: bool = False,
    request_key: UUID | None = None,
    now: datetime,
) -> Draft | None:
    """Keep what is typed so far, and what is said of its photos. Raises media.AltRefused.

    With nothing in it and no photos coming there is no draft; nor for a form that was placed already (`request_key`),
    where the last keystrokes come late.
    """
    require(author, "feed:draft:keep", author, now=now)
    if request_key is not None and was_done(person=author, action="feed:post:create", key=request_key):
        return None
    there = draft_of(author)
    if words.is_empty and not is_for_photos and not (there and photos_of("draft", there.pk)):
        Draft.objects.filter(author=author).delete()
        return None
    facts = {
        "kind": words.kind[:20],
        "title": without_national_numbers(words.title[:TITLE_LENGTH]),
        "body": without_national_numbers(words.body[:POST_LENGTH]),
        "answers": json.dumps(
            {name: [without_national_numbers(each) for each in values] for name, values in words.answers.items()}
        ),
        "adjacent": [str(place) for place in words.adjacent],
        "shared_with_city": words.shared_with_city,
        "updated_at": now,
    }
    # In one statement: another form of the same writer may be placed at this moment, which takes its draft away, and
    # update_or_create would find the row there when it inserts and gone when it looks.
    Draft.objects.bulk_create(
        [Draft(author=author, **facts)], update_conflicts=True, unique_fields=["author"], update_fields=list(facts)
    )
    draft = Draft.objects.get(author=author)
    for photo in photos_of("draft", draft.pk) if alts else ():
        if alts and photo.pk in alts:
            describe_photo(person=author, photo=photo, alt=alts[photo.pk], now=now)
    return draft


def add_draft_photo(*, author: Person, words: DraftWords, file: IO[bytes], now: datetime) -> Photo:
    """Take in a photo for the message in the making, and its words. Raises images.ImageRefused, media.TooManyPhotos."""
    require(author, "feed:draft:keep", author, now=now)
    draft = draft_of(author) or keep_draft(author=author, words=words, is_for_photos=True, now=now)
    assert draft is not None  # noqa: S101  with photos coming there always is one
    return add_photo(author=author, kind="draft", owner_id=draft.pk, most=MOST_PHOTOS, file=file, now=now)


def remove_draft_photo(*, author: Person, photo_id: UUID, now: datetime) -> None:
    """Removed already, it is removed."""
    require(author, "feed:draft:keep", author, now=now)
    for photo in draft_photos(author):
        if photo.pk == photo_id:
            remove_photo(person=author, photo=photo, now=now)


@transaction.atomic
def throw_draft_away(*, author: Person, now: datetime) -> None:
    require(author, "feed:draft:keep", author, now=now)
    _forget(Draft.objects.filter(author=author))


@transaction.atomic
def forget_old_drafts(now: datetime) -> int:
    """Those that nobody touched for a month, with their photos. Answers how many."""
    return _forget(Draft.objects.filter(updated_at__lt=now - DRAFT_KEPT))


def _forget(drafts: Iterable[Draft]) -> int:
    gone = 0
    for draft in drafts:
        forget_photos(photos_of("draft", draft.pk))
        draft.delete()
        gone += 1
    return gone
