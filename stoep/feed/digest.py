"""What the feed hands to the daily mail: a message of the city, help that waits, the other posts, answers to me.

For many readers in a fixed number of queries, so the rule of `visible_to` stands here once more, in memory; a test
compares the two.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from stoep.access.audience import KnownAudience, Place, home_of
from stoep.access.models import AudienceAtom
from stoep.delivery.digest_lines import Line, Rank, Readers, Source
from stoep.delivery.links import site_url
from stoep.delivery.models import Pace, Stream
from stoep.feed.kinds import KINDS
from stoep.feed.models import Comment, Post, Solution
from stoep.feed.reading import WITH_WRITER, writer_of
from stoep.people.models import Person
from stoep.places.models import Neighbourhood

# Ink and tint of each kind's chip, as on the pages.
COLOURS = {
    "question": ("#5B3FA8", "#EDE8FA"),
    "help_wanted": ("#A8352A", "#FCE8E4"),
    "help_offered": ("#1F6B3A", "#E3F3E7"),
    "borrow": ("#0A6475", "#E0F2F5"),
    "lend": ("#0A6475", "#E0F2F5"),
    "give": ("#A02C6B", "#FBE6F1"),
    "lost_found": ("#8A4B00", "#FDEFD9"),
    "unsafe": ("#A8352A", "#FCE8E4"),
    "activity": ("#8C3A00", "#FEEBDD"),
    "service": ("#0A5E8C", "#E2F0F9"),
    "announcement": ("#1A3F8F", "#E5ECFB"),
}
OTHER = ("#4A5560", "#EBEEF1")


def lines(readers: Readers) -> dict[UUID, list[Line]]:
    """For each reader what was placed for them and what was said to them; not what they saw or wrote."""
    audiences = audiences_of(readers)
    posts = list(_posts(readers, set(audiences)))
    found = {person.pk: list(_new_posts(person, posts, audiences, readers)) for person in readers.people}
    for person_id, line in _to_me(readers, audiences):
        found[person_id].append(line)
    return found


def opened_lines(readers: Readers, opened: Mapping[UUID, datetime]) -> dict[UUID, list[Line]]:
    """What came to these readers later than it was written, after they last looked (post → when).

    Who did not look since it was written has it from `lines`.
    """
    audiences = audiences_of(readers)
    posts = list(_with_writers(Post.objects.filter(pk__in=opened, audience__in=audiences, removed_at=None)))
    found: dict[UUID, list[Line]] = {person.pk: [] for person in readers.people}
    for person in readers.people:
        for post in posts:
            is_late = _is_new_to(person, post, opened[post.pk]) and not _is_new_to(person, post, post.created_at)
            if is_late and _is_for(person, audiences[post.audience_id]):
                found[person.pk].append(_post_line(person, post, readers))
    return found


def activity(neighbourhood: Neighbourhood, since: datetime) -> int:
    """How much the neighbours wrote."""
    here = AudienceAtom.objects.filter(neighbourhood=neighbourhood, street=None, group=None).values("audience")
    return Post.objects.filter(audience__in=here, speaking_for=None, removed_at=None, created_at__gte=since).count()


def audiences_of(readers: Readers) -> dict[UUID, KnownAudience]:
    """All that anybody of this neighbourhood can belong to."""
    streets = {person.standing.street_id for person in readers.people}
    groups = {group for person in readers.people for group in person.standing.groups}
    atoms = AudienceAtom.objects.filter(
        Q(neighbourhood=None) | Q(neighbourhood=readers.neighbourhood),
        Q(street=None) | Q(street__in=streets - {None}),
        Q(group=None) | Q(group__in=groups),
        audience__municipality=readers.municipality,
    )
    places: dict[UUID, set[Place]] = {}
    for audience_id, *place in atoms.values_list("audience_id", "neighbourhood_id", "street_id", "group_id"):
        places.setdefault(audience_id, set()).add(Place(*place))
    return {key: KnownAudience(readers.municipality.pk, frozenset(found)) for key, found in places.items()}


def _posts(readers: Readers, audiences: set[UUID]) -> Iterator[Post]:
    found = Post.objects.filter(
        audience__in=audiences, removed_at=None, created_at__gt=readers.since, created_at__lte=readers.until
    )
    yield from _with_writers(found)


def _with_writers(posts: "QuerySet[Post]") -> "QuerySet[Post]":
    return posts.select_related(*WITH_WRITER, "solution").order_by("-id")


def _new_posts(
    person: Person, posts: list[Post], audiences: dict[UUID, KnownAudience], readers: Readers
) -> Iterator[Line]:
    for post in posts:
        if _is_new_to(person, post, post.created_at) and _is_for(person, audiences[post.audience_id]):
            yield _post_line(person, post, readers)


def _is_for(person: Person, audience: KnownAudience) -> bool:
    home = home_of(person.standing)
    return home is not None and audience.includes(home)


def _is_new_to(person: Person, post: Post, came_at: datetime) -> bool:
    standing = person.standing
    if post.author_id == person.pk or came_at < person.joined_at:
        return False
    if post.speaking_for_id is None and post.author_id in kept_out(person):
        return False
    if standing.horizon is not None and post.created_at < standing.horizon:
        return False
    return person.feed_seen_at is None or came_at > person.feed_seen_at


def kept_out(person: Person) -> frozenset[UUID]:
    """Whom a block or a mute keeps out of this person's mail."""
    return person.standing.apart | person.standing.muted


def _post_line(person: Person, post: Post, readers: Readers) -> Line:
    writer = writer_of(person, post)
    ink, tint = COLOURS.get(post.kind, OTHER)
    is_official = post.speaking_for is not None
    waits = post.is_open_request and not post.comment_count
    return Line(
        notice="feed.announcement" if is_official else "feed.new_post",
        subject_id=post.pk,
        rank=Rank.CITY if is_official else Rank.HELP if waits else Rank.REST,
        stream=Stream.CITY if is_official else Stream.NEIGHBOURHOOD,
        chip=KINDS[post.kind].label,
        title=post.title,
        text=post.body,
        writer=post.speaking_for.name if post.speaking_for else writer.name,
        place=readers.municipality.name if is_official else writer.place,
        link=site_url(readers.municipality, f"/posts/{post.pk}/"),
        created_at=post.created_at,
        ink=ink,
        tint=tint,
        may_be_answered=post.comments_open,
    )


def _to_me(readers: Readers, audiences: Mapping[UUID, KnownAudience]) -> Iterator[tuple[UUID, Line]]:
    """Answers and thanks, for those who want to hear of them once a day.

    Whoever moved away, or is no longer in a group, sees their old message, but not what is answered there.
    """
    waiting = {one.pk: one for one in readers.people if readers.choices[one.pk].mine == Pace.DAILY}
    comments = Comment.objects.filter(
        post__author__in=waiting,
        post__removed_at=None,
        removed_at=None,
        created_at__gt=readers.since,
        created_at__lte=readers.until,
    )
    for comment in comments.select_related(*WITH_WRITER, "post").order_by("id"):
        person = waiting[comment.post.author_id]
        is_official = comment.speaking_for is not None
        audience = audiences.get(comment.audience_id)
        if audience is None or not _is_for(person, audience):
            continue
        if comment.author_id != person.pk and (is_official or comment.author_id not in kept_out(person)):
            yield person.pk, _answer_line(person, comment, readers)
    solutions = Solution.objects.filter(
        helper__in=waiting, post__removed_at=None, solved_at__gt=readers.since, solved_at__lte=readers.until
    )
    writer = [f"post__{name}" for name in WITH_WRITER]
    for solution in solutions.select_related(*writer).order_by("id"):
        person = waiting[solution.helper_id]
        if solution.post.author_id not in kept_out(person):
            yield person.pk, _thanks_line(person, solution, readers)


def _answer_line(person: Person, comment: Comment, readers: Readers) -> Line:
    writer = writer_of(person, comment)
    return Line(
        notice="feed.new_comment",
        subject_id=comment.pk,
        rank=Rank.MINE,
        stream=Stream.MINE,
        chip=_("Answer to you"),
        title=comment.post.title,
        text=comment.body,
        writer=comment.speaking_for.name if comment.speaking_for else writer.name,
        place=writer.place,
        link=site_url(readers.municipality, f"/posts/{comment.post_id}/#comment-{comment.pk}"),
        created_at=comment.created_at,
    )


def _thanks_line(person: Person, solution: Solution, readers: Readers) -> Line:
    writer = writer_of(person, solution.post)
    return Line(
        notice="feed.solved",
        subject_id=solution.post_id,
        rank=Rank.MINE,
        stream=Stream.MINE,
        chip=_("Thank you"),
        title=solution.post.title,
        text=solution.thank_you,
        writer=writer.name,
        place=writer.place,
        link=site_url(readers.municipality, f"/posts/{solution.post_id}/"),
        created_at=solution.solved_at,
        may_be_answered=False,
    )


SOURCE = Source("feed", lines, activity)
