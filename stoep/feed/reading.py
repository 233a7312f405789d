"""Reads of one post with its answers, each person shown as the reader may see them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from stoep.access.models import Audience, Audienced
from stoep.feed.models import Comment, Post
from stoep.people.models import Person
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
    return [ReadComment(comment, writer_of(person, comment)) for comment in found]


def writer_of(person: Person, written: Audienced) -> ShownPerson:
    """How `person` may see whoever wrote this."""
    membership = written.membership
    street = membership.shown_street if membership else None
    return shown_to(
        person.standing,
        name=written.author.name,
        neighbourhood_id=membership.neighbourhood_id if membership else None,
        neighbourhood_name=membership.neighbourhood.name if membership else "",
        street_name=street.name if street else None,
    )


def own_posts(person: Person) -> QuerySet[Post]:
    """Everything this neighbour placed that still stands, newest first."""
    found: QuerySet[Post] = posts_for(person).filter(author=person).order_by("-id")
    return found


def removed_posts(person: Person, *, now: datetime) -> QuerySet[Post]:
    """What this neighbour removed and may still bring back."""
    found: QuerySet[Post] = Post.objects.restorable_by(person, now=now).select_related("audience")
    return found.order_by("-removed_at", "id")


def places_of(audience: Audience) -> list[str]:
    """The names of the places whose neighbours see it; empty for the whole city."""
    atoms = audience.atoms.select_related("neighbourhood", "street").order_by("id")
    names = [
        atom.street.name if atom.street else atom.neighbourhood.name if atom.neighbourhood else "" for atom in atoms
    ]
    return sorted(filter(None, names))


def helpers_for(person: Person, post: Post) -> dict[UUID, str]:
    """Everybody who answered but the reader, with the name that the reader may see."""
    return {
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
    """Who helped, as this reader may see them: only who sees an answer of theirs. Else empty."""
    helper = post.solution.helper if hasattr(post, "solution") else None
    answer = comments_for(person).filter(post=post, author=helper).order_by("id").first() if helper else None
    return writer_of(person, answer).name if answer else ""
