"""Reads of photos: only for who may see the thing they belong to."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from stoep.media import owners
from stoep.media.models import Photo
from stoep.people.models import Membership, Person
from stoep.people.naming import ShownPerson, shown_to


def photo_for(person: Person, photo_id: UUID) -> Photo | None:
    """The photo, if this person may see the thing it belongs to; as if it never was, if not."""
    photo = Photo.objects.filter(pk=photo_id).first()
    owner = owners.owner_of(photo.owner_kind) if photo else None
    return photo if photo and owner and owner.is_seen_by(person, photo.owner_id) else None


def photos_of(kind: str, owner_id: UUID) -> list[Photo]:
    """In their order. Whoever asks has made sure that the reader may see the owner."""
    return list(Photo.objects.filter(owner_kind=kind, owner_id=owner_id))


def photos_seen_by(person: Person, kind: str, owner_id: UUID) -> list[Photo]:
    """In their order, if this person may see the thing that they belong to."""
    owner = owners.owner_of(kind)
    return photos_of(kind, owner_id) if owner and owner.is_seen_by(person, owner_id) else []


def profile_photos(person_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """Person → the photo beside their name, where there is one."""
    ready = Photo.objects.filter(owner_kind="person", owner_id__in=person_ids, state=Photo.State.READY)
    return dict(ready.values_list("owner_id", "pk"))


@dataclass(frozen=True)
class Faces:
    """Where people live now and their photos, read once, to show each of them to one reader or to many."""

    homes: dict[UUID, Membership]
    photos: dict[UUID, UUID]

    def shown(self, person: Person, reader: Person) -> ShownPerson:
        """As this reader may see them: the naming rule decides how much of it."""
        home = self.homes.get(person.pk)
        street = home.shown_street if home else None
        return shown_to(
            reader.standing,
            name=person.name,
            neighbourhood_id=home.neighbourhood_id if home else None,
            neighbourhood_name=home.neighbourhood.name if home else "",
            street_name=street.name if street else None,
            photo_id=self.photos.get(person.pk),
        )


def faces_of(people: Collection[Person]) -> Faces:
    """Two queries, however many they are."""
    ids = {person.pk for person in people}
    homes = Membership.objects.filter(person__in=ids, ended_at=None).select_related("neighbourhood", "shown_street")
    return Faces({home.person_id: home for home in homes}, profile_photos(ids))


def shown_people(people: Collection[Person], *, reader: Person) -> dict[UUID, ShownPerson]:
    """Each as the reader may see them."""
    faces = faces_of(people)
    return {person.pk: faces.shown(person, reader) for person in people}
