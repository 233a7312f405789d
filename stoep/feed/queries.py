"""Reads for the feed. The page is hot: two hand-written statements, tested equal to `Post.objects.visible_to`."""

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
), found AS (
    SELECT post.id FROM mine CROSS JOIN LATERAL (
        SELECT p.id FROM feed_post p
        WHERE p.audience_id = mine.id AND p.removed_at IS NULL AND p.id < %(before)s
          AND (%(all_kinds)s OR p.kind = ANY(%(kinds)s))
          AND (%(horizon)s::timestamptz IS NULL OR p.created_at >= %(horizon)s)
        ORDER BY p.id DESC LIMIT %(most)s) post
    UNION
    (SELECT p.id FROM feed_post p
     WHERE p.author_id = %(me)s AND p.removed_at IS NULL AND p.id < %(before)s
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
SELECT p.id, p.kind, p.title, p.body, p.created_at, p.edited_at, p.comments_open, p.comment_count, p.thanks_count,
       author.name, m.neighbourhood_id, n.name, street.name, d.name, a.shared_with_city, solution.id IS NOT NULL,
       (SELECT coalesce(json_agg(json_build_array(c.body, c.created_at, c.name, c.neighbourhood_id, c.neighbourhood,
                                                  c.street, c.department) ORDER BY c.id), '[]')
        FROM (SELECT c.id, c.body, c.created_at, writer.name, cm.neighbourhood_id, cn.name AS neighbourhood,
                     cs.name AS street, cd.name AS department
              FROM feed_comment c
              JOIN people_person writer ON writer.id = c.author_id
              LEFT JOIN people_membership cm ON cm.id = c.membership_id
              LEFT JOIN places_neighbourhood cn ON cn.id = cm.neighbourhood_id
              LEFT JOIN places_street cs ON cs.id = cm.shown_street_id
              LEFT JOIN people_department cd ON cd.id = c.speaking_for_id
              WHERE c.post_id = p.id AND c.removed_at IS NULL
              ORDER BY c.id DESC LIMIT %(answers)s) c)
FROM feed_post p
JOIN access_audience a ON a.id = p.audience_id
JOIN people_person author ON author.id = p.author_id
LEFT JOIN people_membership m ON m.id = p.membership_id
LEFT JOIN places_neighbourhood n ON n.id = m.neighbourhood_id
LEFT JOIN places_street street ON street.id = m.shown_street_id
LEFT JOIN people_department d ON d.id = p.speaking_for_id
LEFT JOIN feed_solution solution ON solution.post_id = p.id
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
    writer: ShownPerson
    department: str


@dataclass(frozen=True)
class Card:
    """A post as a feed shows it to one viewer. `nearby`: the neighbourhood it comes from, if it is another one."""

    id: UUID
    kind: str
    title: str
    body: str
    created_at: datetime
    edited_at: datetime | None
    comments_open: bool
    comment_count: int
    thanks_count: int
    writer: ShownPerson
    department: str
    nearby: str
    is_shared: bool
    is_solved: bool
    answers: list[Answer]


def feed_heads(
    viewer: Standing, *, before: UUID | None = None, kinds: Collection[str] = (), most: int = PAGE + 1
) -> list[Head]:
    """The newest posts that exist for this member, before `before`; one more than a page says that there are more."""
    if not viewer.is_member:
        return []
    facts = {
        "me": viewer.person_id,
        "municipality": viewer.municipality_id,
        "neighbourhood": viewer.neighbourhood_id,
        "street": viewer.street_id,
        "before": before or LAST_ID,
        "all_kinds": not kinds,
        "kinds": list(kinds),
        "horizon": viewer.horizon,
        "most": most,
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
    with connection.cursor() as cursor:
        cursor.execute(CARDS_SQL, {"ids": list(by_id), "answers": ANSWERS_SHOWN})
        return {row[0]: _card(viewer, by_id[row[0]], row) for row in cursor.fetchall()}


def _card(viewer: Standing, head: Head, row: tuple[Any, ...]) -> Card:
    name, neighbourhood_id, neighbourhood, street, department, is_shared, is_solved, answers = row[9:]
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
        writer=_shown(viewer, name, neighbourhood_id, neighbourhood, street),
        department=department or "",
        nearby=neighbourhood if is_elsewhere else "",
        is_shared=is_shared,
        is_solved=is_solved,
        answers=[_answer(viewer, each) for each in answers] if head.is_addressed else [],
    )


def _answer(viewer: Standing, row: list[Any]) -> Answer:
    body, created_at, name, neighbourhood_id, neighbourhood, street, department = row
    place = UUID(neighbourhood_id) if neighbourhood_id else None
    shown = _shown(viewer, name, place, neighbourhood, street)
    return Answer(body, datetime.fromisoformat(created_at), shown, department or "")


def _shown(
    viewer: Standing, name: str, neighbourhood_id: UUID | None, neighbourhood: str | None, street: str | None
) -> ShownPerson:
    return shown_to(
        viewer,
        name=name,
        neighbourhood_id=neighbourhood_id,
        neighbourhood_name=neighbourhood or "",
        street_name=street,
    )
