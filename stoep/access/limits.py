"""Limits shared by all workers: counted in the database, in fixed windows, closed when in doubt.

Windows begin at whole multiples of their length since 1970 (an hour's at the full hour, UTC). So within any stretch as
long as a window, over its border, twice `most` may pass, and never more.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import connection

from stoep.common.ids import new_id

HIT_SQL = """
INSERT INTO access_hits (id, bucket, window_start, count) VALUES (%s, %s, %s, %s)
ON CONFLICT (bucket, window_start) DO UPDATE SET count = access_hits.count + EXCLUDED.count
RETURNING count
"""
FIRST_SQL = """
INSERT INTO access_hits (id, bucket, window_start, count)
SELECT * FROM unnest(%s::uuid[], %s::text[], %s::timestamptz[], %s::int[]) ON CONFLICT (bucket, window_start) DO NOTHING
RETURNING id
"""
REACHED_SQL = """
SELECT h.bucket, h.window_start, h.count FROM access_hits h
JOIN unnest(%s::text[], %s::timestamptz[]) AS asked(bucket, window_start)
  ON asked.bucket = h.bucket AND asked.window_start = h.window_start
"""


@dataclass(frozen=True)
class Limit:
    """At most `most` hits in each `window` for one bucket (name and key).

    `is_final`: hits are never given back, so a window that is used up stays so until it ends. Then each process may
    remember it, and a flood of tries reaches the database no more. Only for few keys: they are kept in memory.
    """

    name: str
    most: int
    window: timedelta
    is_final: bool = False


# The windows of final limits of which this process knows that they are used up: bucket → start.
_used_up: dict[str, datetime] = {}


def hit(limit: Limit, key: str, *, now: datetime, times: int = 1) -> bool:
    """Count this hit and say whether it is within the limit. Not inside a transaction that may roll back."""
    with connection.cursor() as cursor:
        cursor.execute(HIT_SQL, [new_id(), _bucket(limit, key), _window_start(limit, now), times])
        row = cursor.fetchone()
    return row is not None and row[0] <= limit.most


def hit_each(limit: Limit, keys: Collection[str], *, now: datetime) -> int:
    """How many of these keys are new in this window; they are noted, in one statement."""
    buckets = [_bucket(limit, key) for key in dict.fromkeys(keys)]
    start = _window_start(limit, now)
    with connection.cursor() as cursor:
        cursor.execute(FIRST_SQL, [[new_id() for _ in buckets], buckets, [start] * len(buckets), [1] * len(buckets)])
        return len(cursor.fetchall())


def give_back(limit: Limit, key: str, *, now: datetime) -> None:
    """Take one hit back: what was counted turned out not to be one."""
    if limit.is_final:
        raise ValueError("A final limit gives nothing back.")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE access_hits SET count = count - 1 WHERE bucket = %s AND window_start = %s AND count > 0",
            [_bucket(limit, key), _window_start(limit, now)],
        )


def is_reached(limit: Limit, key: str, *, now: datetime) -> bool:
    """Whether the limit is used up already, without counting."""
    return bool(reached([(limit, key)], now=now))


def reached(limits: Iterable[tuple[Limit, str]], *, now: datetime) -> set[Limit]:
    """Which of these are used up already, without counting: one question, however many.

    Where this process remembers one that is, it answers that one alone and asks nothing.
    """
    asked = {(_bucket(limit, key), _window_start(limit, now)): limit for limit, key in limits}
    known = {limit for (bucket, start), limit in asked.items() if _used_up.get(bucket) == start}
    if known or not asked:
        return known
    buckets, starts = zip(*asked, strict=True)
    with connection.cursor() as cursor:
        cursor.execute(REACHED_SQL, [list(buckets), list(starts)])
        counts = {(bucket, start): count for bucket, start, count in cursor.fetchall()}
    full = {place: limit for place, limit in asked.items() if counts.get(place, 0) >= limit.most}
    _used_up.update(place for place, limit in full.items() if limit.is_final)
    return set(full.values())


def forget_before(moment: datetime) -> int:
    """Drop windows that ended long ago; answers how many."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM access_hits WHERE window_start < %s", [moment])
        return int(cursor.rowcount)


def forget_used_up() -> None:
    """For tests, whose people and cities come again with the same ids."""
    _used_up.clear()


def _bucket(limit: Limit, key: str) -> str:
    return f"{limit.name}:{key}"[:140]


def _window_start(limit: Limit, now: datetime) -> datetime:
    seconds = int(limit.window.total_seconds())
    return datetime.fromtimestamp(int(now.timestamp()) // seconds * seconds, tz=UTC)
