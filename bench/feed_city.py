"""Makes the posts of the feed bench by SQL: a million in minutes, in the demo's own words, the same on every machine.

Numbers take the place of chance (`hashint8`), so two machines measure the same city.
"""

import time
import tomllib
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from psycopg.types.numeric import Int4

from bench import databases
from stoep.operations.demo.facts import FOLDER as DEMO

# Another number here throws the generated database's content away and makes it anew.
EDITION = 3
HOURS_BETWEEN = 17

FIRST_NAMES = "Marie Ahmed Sofie Jos Lucia Karel Els Bart Nele Tom Greet Ingrid Pieter Wim Rita Fatma Luc An"
LAST_NAMES = "Peeters, El Amrani, Claes, Vandersmissen, Romano, Wouters, Van den Broeck, Jacobs, Lemmens, Geerts"

PREPARE = """
CREATE OR REPLACE FUNCTION pg_temp.numbered(kind int, n bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
  SELECT (lpad(to_hex(kind), 8, '0') || '000070008000' || lpad(to_hex(n), 12, '0'))::uuid $$;
CREATE OR REPLACE FUNCTION pg_temp.timed(at timestamptz, n bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
  SELECT (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0')
          || '70008' || lpad(to_hex(n), 15, '0'))::uuid $$;
CREATE OR REPLACE FUNCTION pg_temp.chance(n bigint, most int) RETURNS int LANGUAGE sql IMMUTABLE AS $$
  SELECT ((hashint8(n)::bigint & 2147483647) % most)::int $$;
CREATE TEMP TABLE text_pool (n int PRIMARY KEY, kind text, title text, body text);
CREATE TEMP TABLE reply_pool (n int PRIMARY KEY, body text);
CREATE TEMP TABLE name_pool (n int PRIMARY KEY, name text);
"""

PLACES = """
INSERT INTO places_municipality (id, slug, name, host, postcode, languages, default_language, time_zone, theme_colour,
    logo_svg, help_phone, help_hours, help_place, mail_from, controller, dpo_contact, letter_text, code_days,
    created_at)
SELECT pg_temp.numbered(1, c), 'city-' || c, 'Stad ' || c, 'city-' || c || '.example', '3500', '{nl,fr,en,de}', 'nl',
    'Europe/Brussels', '#0B6B5D', '', '011 23 99 99', 'werkdagen 9-17 u', 'Stadhuis', '', 'Stad', '', '{}', 90, %(now)s
FROM generate_series(0, %(cities)s - 1) c;

INSERT INTO places_neighbourhood (id, municipality_id, code, name, polygon, state, address_count, member_count)
SELECT pg_temp.numbered(2, n), pg_temp.numbered(1, n %% %(cities)s), 'W' || n, 'Buurt ' || n, '', 'open', %(members)s,
    %(members)s FROM generate_series(0, %(neighbourhoods)s - 1) n;

INSERT INTO places_street (id, municipality_id, name)
SELECT pg_temp.numbered(3, n), pg_temp.numbered(1, n %% %(cities)s), 'Lindenstraat ' || n
FROM generate_series(0, %(neighbourhoods)s - 1) n;
"""

# Member p lives in neighbourhood p / members; the first of each is the one whose page is asked for.
PEOPLE = """
INSERT INTO people_person (password, id, municipality_id, kind, name, email, email_hash, language, look, text_size,
    session_version, joined_at)
SELECT '!', pg_temp.numbered(4, p), pg_temp.numbered(1, (p / %(members)s) %% %(cities)s), 'neighbour', pool.name,
    '', '', 'nl', 'auto', 'm', 1, %(now)s
FROM generate_series(0, %(neighbourhoods)s * %(members)s - 1) p
JOIN name_pool pool ON pool.n = pg_temp.chance(p, (SELECT count(*)::int FROM name_pool));

INSERT INTO places_address (id, municipality_id, street_id, neighbourhood_id, postcode, number, box, register_id,
    placed_by)
SELECT pg_temp.numbered(5, p), pg_temp.numbered(1, (p / %(members)s) %% %(cities)s),
    pg_temp.numbered(3, p / %(members)s), pg_temp.numbered(2, p / %(members)s), '3500',
    (p %% %(members)s + 1)::text, '', '', 'point'
FROM generate_series(0, %(neighbourhoods)s * %(members)s - 1) p;

INSERT INTO people_household (id, address_id, created_at)
SELECT pg_temp.numbered(6, p), pg_temp.numbered(5, p), %(now)s
FROM generate_series(0, %(neighbourhoods)s * %(members)s - 1) p;

INSERT INTO people_membership (id, person_id, neighbourhood_id, household_id, shown_street_id, standing, proof,
    started_at)
SELECT pg_temp.numbered(7, p), pg_temp.numbered(4, p), pg_temp.numbered(2, p / %(members)s), pg_temp.numbered(6, p),
    CASE WHEN p %% 4 > 0 THEN pg_temp.numbered(3, p / %(members)s) END, 'full', 'letter', %(now)s
FROM generate_series(0, %(neighbourhoods)s * %(members)s - 1) p;

INSERT INTO people_department (id, municipality_id, name)
SELECT pg_temp.numbered(8, c), pg_temp.numbered(1, c), 'Openbare werken' FROM generate_series(0, %(cities)s - 1) c;

INSERT INTO people_person (password, id, municipality_id, kind, name, email, email_hash, language, look, text_size,
    session_version, joined_at)
SELECT '!', pg_temp.numbered(9, c), pg_temp.numbered(1, c), 'staff', 'Els Jacobs', '', '', 'nl', 'auto', 'm', 1, %(now)s
FROM generate_series(0, %(cities)s - 1) c;
"""

# Three audiences a neighbourhood (its own; with the next one; shared with the city), one a city (everybody).
AUDIENCES = """
INSERT INTO access_audience (id, municipality_id, digest, shared_with_city)
SELECT pg_temp.numbered(10 + kind, n), pg_temp.numbered(1, n %% %(cities)s), 'bench-' || kind || '-' || n, kind = 2
FROM generate_series(0, %(neighbourhoods)s - 1) n, generate_series(0, 2) kind;
INSERT INTO access_audience (id, municipality_id, digest, shared_with_city)
SELECT pg_temp.numbered(13, c), pg_temp.numbered(1, c), 'bench-city', false FROM generate_series(0, %(cities)s - 1) c;

INSERT INTO access_audienceatom (id, audience_id, neighbourhood_id)
SELECT pg_temp.numbered(20 + kind, n), pg_temp.numbered(10 + kind, n), pg_temp.numbered(2, n)
FROM generate_series(0, %(neighbourhoods)s - 1) n, generate_series(0, 2) kind;
INSERT INTO access_audienceatom (id, audience_id, neighbourhood_id)
SELECT pg_temp.numbered(23, n), pg_temp.numbered(11, n), pg_temp.numbered(2, n + %(cities)s)
FROM generate_series(0, %(neighbourhoods)s - %(cities)s - 1) n;
INSERT INTO access_audienceatom (id, audience_id)
SELECT pg_temp.numbered(24, c), pg_temp.numbered(13, c) FROM generate_series(0, %(cities)s - 1) c;
"""

# Of a thousand posts twenty speak for the city (two to everybody), eighty reach the next neighbourhood, and the city
# reads forty along.
POSTS = """
CREATE TEMP TABLE plan AS
SELECT n, place, share, author, text_at, at, pg_temp.timed(at, n) AS id,
    (ARRAY[0, 0, 0, 0, 1, 1, 2, 2, 3, 5, 8])[1 + pg_temp.chance(n + 51, 11)] AS answers,
    (ARRAY[0, 0, 1, 1, 2, 4])[1 + pg_temp.chance(n + 52, 6)] AS thanked
FROM (
    SELECT n, n %% %(neighbourhoods)s AS place, pg_temp.chance(n + 53, 1000) AS share,
        (n %% %(neighbourhoods)s) * %(members)s + pg_temp.chance(n + 54, %(members)s) AS author,
        pg_temp.chance(n + 55, (SELECT count(*)::int FROM text_pool)) AS text_at,
        %(now)s::timestamptz - interval '2 hours' - interval '1 hour' * %(hours)s * (n / %(neighbourhoods)s)
            - interval '1 second' * pg_temp.chance(n + 56, %(hours)s * 3600) AS at
    FROM generate_series(0, %(neighbourhoods)s * %(posts)s - 1) n
) numbered ORDER BY at;

INSERT INTO feed_post (id, author_id, audience_id, membership_id, speaking_for_id, created_at, edited_at, removed_at,
    kind, title, body, comments_open, comment_count, thanks_count, version)
SELECT id, CASE WHEN share < 20 THEN pg_temp.numbered(9, place %% %(cities)s) ELSE pg_temp.numbered(4, author) END,
    CASE WHEN share < 2 THEN pg_temp.numbered(13, place %% %(cities)s) WHEN share < 20 THEN pg_temp.numbered(10, place)
         WHEN share < 100 THEN pg_temp.numbered(11, place) WHEN share < 140 THEN pg_temp.numbered(12, place)
         ELSE pg_temp.numbered(10, place) END,
    CASE WHEN share >= 20 THEN pg_temp.numbered(7, author) END,
    CASE WHEN share < 20 THEN pg_temp.numbered(8, place %% %(cities)s) END,
    at, CASE WHEN share BETWEEN 500 AND 509 THEN at + interval '1 hour' END,
    CASE WHEN share > 979 THEN at + interval '2 hours' END,
    CASE WHEN share < 20 THEN 'announcement' ELSE pool.kind END, pool.title,
    pool.body || CASE WHEN share %% 5 = 0 THEN E'\n\n' || more.body ELSE '' END, true, answers, thanked, 1
FROM plan JOIN text_pool pool ON pool.n = text_at
JOIN text_pool more ON more.n = (text_at * 7 + 3) %% (SELECT count(*) FROM text_pool)
ORDER BY plan.at;
"""

ANSWERS = """
INSERT INTO feed_comment (id, author_id, audience_id, membership_id, created_at, post_id, body)
SELECT pg_temp.timed(said_at, plan.n * 16 + i), pg_temp.numbered(4, writer), pg_temp.numbered(10, place),
    pg_temp.numbered(7, writer), said_at, plan.id, pool.body
FROM plan CROSS JOIN LATERAL (
    SELECT i, plan.at + interval '11 minutes' * i AS said_at,
        place * %(members)s + pg_temp.chance(plan.n * 16 + i, %(members)s) AS writer
    FROM generate_series(1, answers) i) said
JOIN reply_pool pool ON pool.n = pg_temp.chance(plan.n * 16 + i + 7, (SELECT count(*)::int FROM reply_pool));

INSERT INTO feed_thanks (id, post_id, person_id, created_at)
SELECT pg_temp.timed(plan.at, plan.n * 16 + i), plan.id,
    pg_temp.numbered(4, place * %(members)s + (plan.n + i * 3) %% %(members)s), plan.at + interval '1 hour'
FROM plan CROSS JOIN LATERAL generate_series(1, thanked) i;

INSERT INTO feed_solution (id, post_id, thank_you, solved_at)
SELECT pg_temp.timed(created_at, row_number() OVER ()), id, 'Dank je wel!', created_at + interval '1 day'
FROM feed_post WHERE kind = 'help_wanted' AND hashint8(comment_count) %% 2 = 0;
"""

STEPS = {"places": PLACES, "people": PEOPLE, "audiences": AUDIENCES, "posts": POSTS, "answers": ANSWERS}


@dataclass(frozen=True)
class City:
    """How much there is to be: `posts` and `members` in each neighbourhood."""

    cities: int
    neighbourhoods: int
    posts: int
    members: int = 20


def ensure(city: City, *, is_quiet: bool = False) -> None:
    """Makes the posts, unless this database holds exactly these already."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS bench_content (made text)")
        cursor.execute("SELECT made FROM bench_content")
        if cursor.fetchone() == (_mark(city),):
            return
    databases.empty()
    _make(city, is_quiet=is_quiet)


def _make(city: City, *, is_quiet: bool) -> None:
    """Without the checks of foreign keys, as a restored copy of a database comes back: the plan has no strays."""
    numbers = asdict(city) | {"hours": HOURS_BETWEEN}
    facts = {name: Int4(number) for name, number in numbers.items()}  # psycopg would send 20 as a smallint
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica; SET LOCAL synchronous_commit = off")
        cursor.execute("SELECT now()")
        facts["now"] = cursor.fetchone()[0]
        cursor.execute(PREPARE)
        _fill_pools(cursor)
        for name, statements in STEPS.items():
            started = time.perf_counter()
            for statement in filter(str.strip, statements.split(";\n")):
                cursor.execute(statement, facts)
            if not is_quiet:
                print(f"  {name:<10}{time.perf_counter() - started:6.1f} s", flush=True)
        cursor.execute("DELETE FROM bench_content")
        cursor.execute("INSERT INTO bench_content VALUES (%s)", [_mark(city)])
        cursor.execute("DROP TABLE IF EXISTS plan, text_pool, reply_pool, name_pool")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _mark(city: City) -> str:
    return f"{EDITION}: {city}"


def _fill_pools(cursor: CursorWrapper) -> None:
    posts = [post for file in sorted((DEMO / "texts").glob("*.toml")) for post in _toml(file).get("post", [])]
    replies = [reply["text"] for post in posts for reply in post.get("replies", [])]
    names = [f"{first} {last}" for first in FIRST_NAMES.split() for last in LAST_NAMES.split(", ")]
    cursor.executemany(
        "INSERT INTO text_pool VALUES (%s, %s, %s, %s)",
        [(at, post["kind"], post["title"], post["body"]) for at, post in enumerate(posts)],
    )
    cursor.executemany("INSERT INTO reply_pool VALUES (%s, %s)", list(enumerate(replies)))
    cursor.executemany("INSERT INTO name_pool VALUES (%s, %s)", list(enumerate(names)))


def _toml(file: Path) -> dict[str, list[dict[str, Any]]]:
    return tomllib.loads(file.read_text())
