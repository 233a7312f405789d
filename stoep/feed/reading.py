"""Reads of one post with its answers, each person shown as the reader may see them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from stoep.access.models import Audience, AudienceAtom, Audienced
from stoep.feed.models import Comment, Post
from stoep.feed.parts import other_helpers
from stoep.media.queries import profile_photos
from stoep.people.models import Group, Person
from stoep.people.naming import ShownPerson, shown_to

WITH_WRITER = ("author", "membership__neighbourhood", "membership__shown_street", "speaking_for", "audience")


@dataclass(frozen=True)
class ReadComment:
    comment: Comment
    writer: ShownPerson


def posts_for(person: Person) -> QuerySet[Post]:
    """The posts that exist for this person, with what a page needs of each."""
    found: QuerySet[Post] = Post.objects.visible_to(person).select_related(*WITH_WRITER, "solution__helper")
    return found


def comments_for(person: Person) -> QuerySet[Comment]:
    found: QuerySet[Comment] = Comment.objects.visible_to(person).select_related(*WITH_WRITER, "post__audience")
    return found


def answers_to(person: Person, post: Post) -> list[ReadComment]:
    """Oldest first."""
    found = comments_for(person).filter(post=post).order_by("id")
    faces = profile_photos({comment.author_id for comment in found})
    return [ReadComment(comment, writer_of(person, comment, faces)) for comment in found]


def writer_of(person: Person, written: Audienced, faces: Mapping[UUID, UUID] | None = None) -> ShownPerson:
    """How `person` may see whoever wrote this. `faces`: the photos of the writers, where photos are shown."""
    membership = written.membership
    street = membership.shown_street if membership else None
    return shown_to(
        person.standing,
        name=written.author.name,
        neighbourhood_id=membership.neighbourhood_id if membership else None,
        neighbourhood_name=membership.neighbourhood.name if membership else "",
        street_name=street.name if street else None,
        photo_id=faces.get(written.author_id) if faces else None,
    )


def nearby(person: Person, written: Audienced) -> str:
    """The neighbourhood that it comes from, for a neighbour of another one."""
    home, here = written.membership, person.standing.neighbourhood_id
    return home.neighbourhood.name if home and here and home.neighbourhood_id != here else ""


def own_posts(person: Person) -> QuerySet[Post]:
    """Everything this neighbour placed that still stands, newest first."""
    found: QuerySet[Post] = posts_for(person).filter(author=person).order_by("-id")
    return found


def removed_posts(person: Person, *, now: datetime) -> QuerySet[Post]:
    """What this neighbour removed and may still bring back."""
    found: QuerySet[Post] = Post.objects.restorable_by(person, now=now).select_related("audience")
    return found.order_by("-removed_at", "id")


def thanks_count_for(person: Person, post: Post) -> int:
    """How many thanked, as far as this person may know of them."""
    apart = person.standing.apart
    return post.thanks_count - (post.thanks.filter(person__in=apart).count() if apart else 0)


def groups_of(person: Person) -> QuerySet[Group]:
    """The groups that this person can write to, by name."""
    standing = person.standing
    mine = Group.objects.filter(pk__in=standing.groups, neighbourhood=standing.neighbourhood_id, closed_at=None)
    return mine.order_by("name", "id")


@dataclass(frozen=True)
class AudiencePlace:
    """A place whose neighbours see it. `count`: how many they are, said only of the reader's own neighbourhood."""

    name: str
    count: int | None = None


def audience_facts(person: Person, audience: Audience) -> list[AudiencePlace]:
    """Who sees it, the reader's own neighbourhood first; empty for the whole city.

    Of other neighbourhoods no number is said: on a page it would tell who joins there.
    """
    atoms = audience.atoms.select_related("neighbourhood", "street", "group")
    home = person.standing.neighbourhood_id
    found = [_audience_place(atom, home) for atom in atoms]
    return sorted((place for place in found if place), key=lambda place: (place.count is None, place.name))


def places_of(audience: Audience) -> list[str]:
    """The names of the places whose neighbours see it; empty for the whole city."""
    found = (_audience_place(atom, None) for atom in audience.atoms.select_related("neighbourhood", "street", "group"))
    return sorted(place.name for place in found if place)


def _audience_place(atom: AudienceAtom, home: UUID | None) -> AudiencePlace | None:
    if atom.street:
        return AudiencePlace(atom.street.name)
    if atom.group:
        return AudiencePlace(atom.group.name)
    if atom.neighbourhood is None:
        return None
    is_home = atom.neighbourhood_id == home
    return AudiencePlace(atom.neighbourhood.name, atom.neighbourhood.member_count if is_home else None)


def helpers_for(person: Person, post: Post) -> dict[UUID, str]:
    """Everybody who answered or wants to help but the reader, with the name that the reader may see."""
    return dict(other_helpers(person, post)) | {
        answer.comment.author_id: answer.writer.name
        for answer in answers_to(person, post)
        if answer.comment.author_id != person.pk
    }


def removed_comments(person: Person, *, now: datetime) -> QuerySet[Comment]:
    """As `removed_posts`, of answers."""
    found: QuerySet[Comment] = Comment.objects.restorable_by(person, now=now).select_related(
        "post__audience", "audience"
    )
    return found


def helper_name(person: Person, post: Post) -> str:
    """Who helped, as this reader may see them: who sees an answer of theirs, or whom the part of its kind tells."""
    helper = post.solution.helper if hasattr(post, "solution") else None
    if helper is None:
        return ""
    answer = comments_for(person).filter(post=post, author=helper).order_by("id").first()
    return writer_of(person, answer).name if answer else other_helpers(person, post).get(helper.pk, "")
