"""Reads for the feed. The page is hot: two hand-written statements, tested equal to `Post.objects.visible_to`.

Whom the viewer muted is left out of both; `visible_to` hides only what a block hides.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from stoep.people.naming import ShownPerson, shown_to
from stoep.people.standing import Standing

PAGE = 20
ANSWERS_SHOWN = 3
LAST_ID = UUID(int=(1 << 128) - 1)

# Newest first in each of my audiences, by the index post_feed, then merged; and what I wrote myself for others.
HEADS_SQL = """
WITH mine AS (
    SELECT DISTINCT atom.audience_id AS id
    FROM access_audienceatom atom JOIN access_audience a ON a.id = atom.audience_id
    WHERE a.municipality_id = %(municipality)s
      AND (atom.neighbourhood_id IS NULL OR atom.neighbourhood_id = %(neighbourhood)s)
      AND (atom.street_id IS NULL OR atom.street_id = %(street)s)
      AND (atom.group_id IS NULL OR atom.group_id = ANY(%(groups)s::uuid[]))
      AND (%(only_group)s::uuid IS NULL OR atom.group_id = %(only_group)s)
), found AS (
    SELECT post.id FROM mine CROSS JOIN LATERAL (
        SELECT p.id FROM feed_post p
        WHERE p.audience_id = mine.id AND p.removed_at IS NULL AND p.id < %(before)s
          AND (%(all_kinds)s OR p.kind = ANY(%(kinds)s))
          AND (p.author_id <> ALL(%(hidden)s::uuid[]) OR p.speaking_for_id IS NOT NULL)
          AND (%(horizon)s::timestamptz IS NULL OR p.created_at >= %(horizon)s)
        ORDER BY p.id DESC LIMIT %(most)s) post
    UNION
    (SELECT p.id FROM feed_post p
     WHERE %(only_group)s::uuid IS NULL AND p.author_id = %(me)s AND p.removed_at IS NULL AND p.id < %(before)s
       AND (%(all_kinds)s OR p.kind = ANY(%(kinds)s))
     ORDER BY p.id DESC LIMIT %(most)s)
)
SELECT p.id, p.version, extract(epoch FROM p.created_at)::float8, p.author_id = %(me)s,
       EXISTS (SELECT 1 FROM feed_thanks t WHERE t.post_id = p.id AND t.person_id = %(me)s),
       p.audience_id IN (SELECT id FROM mine)
           AND (%(horizon)s::timestamptz IS NULL OR p.created_at >= %(horizon)s)
FROM (SELECT id FROM found ORDER BY id DESC LIMIT %(most)s) newest
JOIN feed_post p ON p.id = newest.id
ORDER BY p.id DESC
"""

CARDS_SQL = """
SELECT p.id, p.kind, p.title, p.body, p.created_at, p.edited_at, p.comments_open,
       p.comment_count - CASE WHEN cardinality(%(apart)s::uuid[]) = 0 THEN 0 ELSE (
           SELECT count(*) FROM feed_comment c WHERE c.post_id = p.id AND c.removed_at IS NULL
           AND c.author_id = ANY(%(apart)s) AND c.speaking_for_id IS NULL) END,
       p.thanks_count - CASE WHEN cardinality(%(apart)s::uuid[]) = 0 THEN 0 ELSE (
           SELECT count(*) FROM feed_thanks t WHERE t.post_id = p.id AND t.person_id = ANY(%(apart)s)) END,
       author.id, author.name, m.neighbourhood_id, n.name, street.name, d.name,
       a.shared_with_city, solution.id IS NOT NULL, face.id,
       (SELECT g.name FROM access_audienceatom t JOIN people_group g ON g.id = t.group_id
        WHERE t.audience_id = p.audience_id LIMIT 1),
       (SELECT coalesce(json_agg(json_build_array(ph.id, ph.alt, ph.width, ph.height, ph.state = 'ready')
                                 ORDER BY ph.position, ph.id), '[]')
        FROM media_photo ph WHERE ph.owner_kind = 'post' AND ph.owner_id = p.id AND ph.state <> 'refused'),
       (SELECT coalesce(json_agg(json_build_array(c.body, c.created_at, c.author_id, c.name, c.neighbourhood_id,
                                                  c.neighbourhood, c.street, c.department, c.face)
                                 ORDER BY c.id), '[]')
        FROM (SELECT c.id, c.body, c.created_at, c.author_id, writer.name, cm.neighbourhood_id,
                     cn.name AS neighbourhood, cs.name AS street, cd.name AS department, cf.id AS face
              FROM feed_comment c
              JOIN people_person writer ON writer.id = c.author_id
              LEFT JOIN people_membership cm ON cm.id = c.membership_id
              LEFT JOIN places_neighbourhood cn ON cn.id = cm.neighbourhood_id
              LEFT JOIN places_street cs ON cs.id = cm.shown_street_id
              LEFT JOIN people_department cd ON cd.id = c.speaking_for_id
              LEFT JOIN media_photo cf ON cf.owner_kind = 'person' AND cf.owner_id = c.author_id AND cf.state = 'ready'
              WHERE c.post_id = p.id AND c.removed_at IS NULL
                AND (c.author_id <> ALL(%(hidden)s::uuid[]) OR c.speaking_for_id IS NOT NULL)
              ORDER BY c.id DESC LIMIT %(answers)s) c)
FROM feed_post p
JOIN access_audience a ON a.id = p.audience_id
JOIN people_person author ON author.id = p.author_id
LEFT JOIN people_membership m ON m.id = p.membership_id
LEFT JOIN places_neighbourhood n ON n.id = m.neighbourhood_id
LEFT JOIN places_street street ON street.id = m.shown_street_id
LEFT JOIN people_department d ON d.id = p.speaking_for_id
LEFT JOIN feed_solution solution ON solution.post_id = p.id
LEFT JOIN media_photo face ON face.owner_kind = 'person' AND face.owner_id = p.author_id AND face.state = 'ready'
WHERE p.id = ANY(%(ids)s) AND p.removed_at IS NULL
"""


@dataclass(frozen=True)
class Head:
    """Enough of a post to order it, and to know whether its kept card still fits.

    `is_addressed`: the viewer is one of those it is for. Who wrote it and moved away sees it, but not the answers.
    """

    id: UUID
    version: int
    created_at: datetime
    is_own: bool
    is_thanked: bool
    is_addressed: bool


@dataclass(frozen=True)
class Answer:
    body: str
    created_at: datetime
    author_id: UUID
    writer: ShownPerson
    department: str


@dataclass(frozen=True)
class CardPhoto:
    """`is_ready`: made anew, so that it can be shown; until then its place is kept."""

    id: UUID
    alt: str
    width: int
    height: int
    is_ready: bool


@dataclass(frozen=True)
class Card:
    """A post as a feed shows it to one viewer. `nearby`: the neighbourhood it comes from, if it is another one.

    `group`: the name of the group that it was written to.
    """

    id: UUID
    kind: str
    title: str
    body: str
    created_at: datetime
    edited_at: datetime | None
    comments_open: bool
    comment_count: int
    thanks_count: int
    author_id: UUID
    writer: ShownPerson
    department: str
    nearby: str
    group: str
    is_shared: bool
    is_solved: bool
    photos: list[CardPhoto]
    answers: list[Answer]


def feed_heads(
    viewer: Standing,
    *,
    before: UUID | None = None,
    kinds: Collection[str] = (),
    group: UUID | None = None,
    most: int = PAGE + 1,
) -> list[Head]:
    """The newest posts that exist for this member, before `before`; one more than a page says that there are more.

    `group`: only what was written to that group.
    """
    if not viewer.is_member:
        return []
    facts = {
        "me": viewer.person_id,
        "municipality": viewer.municipality_id,
        "neighbourhood": viewer.neighbourhood_id,
        "street": viewer.street_id,
        "groups": list(viewer.groups),
        "only_group": group,
        "before": before or LAST_ID,
        "all_kinds": not kinds,
        "kinds": list(kinds),
        "horizon": viewer.horizon,
        "most": most,
        "hidden": list(viewer.apart | viewer.muted),
    }
    with connection.cursor() as cursor:
        cursor.execute(HEADS_SQL, facts)
        return [_head(*row) for row in cursor.fetchall()]


def _head(post_id: UUID, version: int, seconds: float, *truths: bool) -> Head:
    """A moment comes as a number: psycopg and Django take half the query's time to read twenty of them as text."""
    return Head(post_id, version, datetime.fromtimestamp(seconds, UTC), *truths)


def feed_cards(viewer: Standing, heads: Iterable[Head]) -> dict[UUID, Card]:
    """The cards of these posts, which `feed_heads` has allowed this viewer."""
    by_id = {head.id: head for head in heads}
    if not by_id:
        return {}
    apart, hidden = list(viewer.apart), list(viewer.apart | viewer.muted)
    facts: dict[str, Any] = {"ids": list(by_id), "answers": ANSWERS_SHOWN, "apart": apart, "hidden": hidden}
    with connection.cursor() as cursor:
        cursor.execute(CARDS_SQL, facts)
        return {row[0]: _card(viewer, by_id[row[0]], row) for row in cursor.fetchall()}


def _card(viewer: Standing, head: Head, row: tuple[Any, ...]) -> Card:
    author_id, name, neighbourhood_id, neighbourhood, street, department = row[9:15]
    is_shared, is_solved, face, group, photos, answers = row[15:21]
    is_elsewhere = neighbourhood_id is not None and neighbourhood_id != viewer.neighbourhood_id
    post_id, kind, title, body, created_at, edited_at, comments_open, comment_count, thanks_count = row[:9]
    return Card(
        id=post_id,
        kind=kind,
        title=title,
        body=body,
        created_at=created_at,
        edited_at=edited_at,
        comments_open=comments_open,
        comment_count=comment_count if head.is_addressed else 0,
        thanks_count=thanks_count,
        author_id=author_id,
        writer=_shown(viewer, name, neighbourhood_id, neighbourhood, street, face=face),
        department=department or "",
        nearby=neighbourhood if is_elsewhere else "",
        group=group or "",
        is_shared=is_shared,
        is_solved=is_solved,
        photos=[CardPhoto(UUID(photo[0]), *photo[1:]) for photo in photos],
        answers=[_answer(viewer, each) for each in answers] if head.is_addressed else [],
    )


def _answer(viewer: Standing, row: list[Any]) -> Answer:
    body, created_at, author_id, name, neighbourhood_id, neighbourhood, street, department, face = row
    place = UUID(neighbourhood_id) if neighbourhood_id else None
    shown = _shown(viewer, name, place, neighbourhood, street, face=UUID(face) if face else None)
    return Answer(body, datetime.fromisoformat(created_at), UUID(author_id), shown, department or "")


def _shown(
    viewer: Standing,
    name: str,
    neighbourhood_id: UUID | None,
    neighbourhood: str | None,
    street: str | None,
    *,
    face: UUID | None,
) -> ShownPerson:
    return shown_to(
        viewer,
        name=name,
        neighbourhood_id=neighbourhood_id,
        neighbourhood_name=neighbourhood or "",
        street_name=street,
        photo_id=face,
    )
