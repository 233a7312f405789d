"""What this app holds about people, why, until when, and how it ends."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from stoep.media.actions import forget_photos
from stoep.media.models import Photo
from stoep.people.data_map import Basis, Declaration, ErasedBy, ExportedBy, Kept
from stoep.people.models import Consent, Person


def _photos(person: Person) -> Iterator[dict[str, Any]]:
    for photo in Photo.objects.filter(author=person).order_by("pk"):
        yield {
            "owner_kind": photo.owner_kind,
            "alt": photo.alt,
            "created_at": photo.created_at,
            "address": f"/photos/{photo.pk}/",
        }


def _erase(person: Person, _now: datetime) -> None:
    forget_photos(list(Photo.objects.filter(author=person)))


def _take_face_away(person: Person, _now: datetime) -> None:
    forget_photos(list(Photo.objects.filter(owner_kind="person", owner_id=person.pk)))


DATA = (
    Declaration(
        model=Photo,
        what=_("Your photos, without place, date and camera"),
        purpose=_("Neighbours see what you mean, and who you are if you show your face."),
        basis=Basis.CONTRACT,
        kept=(Kept(_("as long as the message or the thing it belongs to, or until you take it away")),),
        exported=ExportedBy(
            {
                "owner_kind": _("Belongs to"),
                "alt": _("What is in it"),
                "created_at": _("Added"),
                "address": _("Address"),
            },
            _photos,
        ),
        erased=(ErasedBy(_("deleted, files too"), _erase),),
        seen_by=_("who sees the message or the thing; a photo of you: full members of your neighbourhood"),
    ),
)
TAKEN_BACK = {Consent.Purpose.PROFILE_PHOTO.value: _take_face_away}
