"""Finding posts, neighbours and streets: exact and stemmed hits first, then whatever is close enough to be meant.

Nobody finds what they may not see: posts and answers come through `visible_to`, neighbours from one's own
neighbourhood only. What was asked is written down nowhere.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, Q, QuerySet
from django.db.models.expressions import RawSQL

from stoep.access.models import Audience, AudiencedQuerySet
from stoep.feed.closeness import asked_words, is_kin, is_misspelled, is_named, words_of
from stoep.feed.models import Comment, Post
from stoep.feed.reading import posts_for, writer_of
from stoep.feed.search_sources import Section, found_elsewhere
from stoep.people.models import Membership, Person
from stoep.people.naming import ShownPerson, shown_to
from stoep.places.models import StreetPart

PAGE, MOST_POSTS, MOST_PEOPLE, MOST_STREETS = 20, 200, 10, 5
# Among so many of the newest that a reader sees, what is merely close is looked for; of those, so many are looked at.
LOOKED_AT, CANDIDATES = 5000, 300
ALIKE = 0.42
LONGEST_QUESTION, SHORTEST_WORD, MOST_WORDS = 80, 2, 6
LANGUAGES = ("nl", "fr", "de", "en")
POST_WORDS, COMMENT_WORDS = "(feed_post.title || ' ' || feed_post.body)", "feed_comment.body"


@dataclass(frozen=True)
class FoundPost:
    """`answer`: the words of an answer, where it is an answer that was found."""

    post: Post
    writer: ShownPerson
    answer: str = ""


@dataclass(frozen=True)
class FoundPerson:
    person_id: UUID
    shown: ShownPerson


@dataclass(frozen=True)
class Found:
    """One page of posts, and whatever else has that name. `words`: what was asked, in plain letters."""

    posts: Sequence[FoundPost] = ()
    post_count: int = 0
    people: Sequence[FoundPerson] = ()
    streets: Sequence[StreetPart] = ()
    elsewhere: Sequence[Section] = ()
    words: frozenset[str] = field(default=frozenset())

    @property
    def is_empty(self) -> bool:
        return not (self.posts or self.people or self.streets or self.elsewhere)


def search(person: Person, question: str, *, page: int = 1, now: datetime) -> Found:
    """What this member finds. The number of queries does not depend on how much there is."""
    asked = asked_words(question[:LONGEST_QUESTION])[:MOST_WORDS]
    if not asked or max(map(len, asked)) < SHORTEST_WORD or not person.standing.is_member:
        return Found()
    streets = [part for part in _streets(person) if is_named(asked, part.street.name)]
    hits = _posts(person, asked, streets)
    shown = list(hits.items())[(page - 1) * PAGE : page * PAGE]
    return Found(
        posts=_shown(person, dict(shown)),
        post_count=len(hits),
        people=_people(person, asked),
        streets=streets[:MOST_STREETS],
        elsewhere=found_elsewhere(person, asked, now),
        words=frozenset(asked),
    )


def _posts(person: Person, asked: list[str], streets: list[StreetPart]) -> dict[UUID, str]:
    """Post → the words of an answer that was found under it; the surest first, then the newest."""
    posts, comments = Post.objects.visible_to(person), Comment.objects.visible_to(person)
    hits: dict[UUID, str] = dict.fromkeys(_exact(posts, POST_WORDS, asked).values_list("pk", flat=True), "")
    # Who is shown no street of anybody finds nobody by it either.
    there = [] if person.standing.is_provisional else [part.street_id for part in streets]
    of_street = posts.filter(
        membership__shown_street__in=there, membership__neighbourhood=person.standing.neighbourhood_id
    )
    for post_id in of_street.order_by("-id").values_list("pk", flat=True)[:MOST_POSTS]:
        hits.setdefault(post_id, "")
    answers = _exact(comments.filter(post__in=posts), COMMENT_WORDS, asked).values_list("post", "body")
    for post_id, body in answers:
        hits.setdefault(post_id, body)
    is_known = bool(hits)
    newest = _newest(person, posts)
    for post_id, text, answer in _candidates(newest, comments, asked):
        if post_id not in hits and _is_meant(asked, text, may_be_wrong=not is_known):
            hits[post_id] = answer
    return dict(list(hits.items())[:MOST_POSTS])


def _exact(rows: AudiencedQuerySet, words: str, asked: list[str]) -> QuerySet[Any]:
    """By the index: every word, in any of its forms; then within one language, or `boor` would be a French `Boris`."""
    one = " OR ".join(f"to_tsvector('stoep_{it}', {words}) @@ plainto_tsquery('stoep_{it}', %s)" for it in LANGUAGES)
    sql = f"stoep_words({words}) @@ stoep_query(%s) AND ({one})"
    hit = RawSQL(sql, [" ".join(asked)] * (1 + len(LANGUAGES)), output_field=BooleanField())  # noqa: S611  our own words; theirs are a parameter
    return rows.filter(hit).order_by("-id")[:MOST_POSTS]


def _newest(person: Person, posts: AudiencedQuerySet) -> list[UUID]:
    """By the audiences themselves, and as ids: asked in one statement with what follows, the database would compare
    the words of every post there is, which takes half a minute of a million (`./dev bench search`)."""
    mine = list(Audience.objects.including(person.standing).values_list("pk", flat=True))
    near = Q(audience__in=mine) | Q(author=person.pk)
    return list(posts.filter(near).order_by("-id").values_list("pk", flat=True)[:LOOKED_AT])


def _candidates(
    newest: Sequence[UUID], comments: AudiencedQuerySet, asked: list[str]
) -> Iterable[tuple[UUID, str, str]]:
    """(post, words, words of the answer): those in which something looks like what was asked."""
    alike = Post.objects.filter(_alike(POST_WORDS, asked), pk__in=newest).order_by("-id")
    for post_id, title, body in alike.values_list("pk", "title", "body")[:CANDIDATES]:
        yield post_id, f"{title} {body}", ""
    below = comments.filter(_alike(COMMENT_WORDS, asked), post__in=newest).order_by("-id")
    for post_id, body in below.values_list("post", "body")[:CANDIDATES]:
        yield post_id, body, body


def _alike(words: str, asked: list[str]) -> RawSQL:
    """The longest word alone, which says most: the rest is looked at afterwards."""
    longest = max(asked, key=len)
    sql = f"word_similarity(%s, lower(unaccent({words}))) >= %s"
    return RawSQL(sql, [longest, ALIKE], output_field=BooleanField())  # noqa: S611  our own words; theirs are a parameter


def _is_meant(asked: list[str], text: str, *, may_be_wrong: bool) -> bool:
    written = set(words_of(text))
    return all(
        any(is_kin(word, its) or (may_be_wrong and is_misspelled(word, its)) for its in written) for word in asked
    )


def _shown(person: Person, hits: dict[UUID, str]) -> list[FoundPost]:
    by_id = posts_for(person).in_bulk(list(hits))
    return [
        FoundPost(by_id[post_id], writer_of(person, by_id[post_id]), answer)
        for post_id, answer in hits.items()
        if post_id in by_id
    ]


def _people(person: Person, asked: list[str]) -> list[FoundPerson]:
    """Neighbours of one's own neighbourhood, by the name and street that one may see. Not for provisional members."""
    viewer = person.standing
    if viewer.is_provisional or viewer.neighbourhood_id is None:
        return []
    members = (
        Membership.objects.filter(neighbourhood=viewer.neighbourhood_id, ended_at=None, person__left_at=None)
        .filter(person__protected_at=None)
        .exclude(person__in=list(viewer.apart))
        .exclude(person__suspensions__ended_at=None, person__suspensions__isnull=False)
        .exclude(person=person)
        .select_related("person", "neighbourhood", "shown_street")
        .order_by("person__name", "person")
    )
    found = []
    for member in members:
        shown = shown_to(
            viewer,
            name=member.person.name,
            neighbourhood_id=member.neighbourhood_id,
            neighbourhood_name=member.neighbourhood.name,
            street_name=member.shown_street.name if member.shown_street else None,
        )
        street = member.shown_street.name if member.shown_street else ""
        if is_named(asked, f"{shown.name} {street}"):
            found.append(FoundPerson(member.person_id, shown))
    return found[:MOST_PEOPLE]


def _streets(person: Person) -> QuerySet[StreetPart]:
    """Those of one's own neighbourhood that are long enough to be shown."""
    here = StreetPart.objects.filter(neighbourhood=person.standing.neighbourhood_id)
    return here.filter(address_count__gte=StreetPart.SHOWN_FROM).select_related("street").order_by("street__name", "id")
