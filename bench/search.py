"""Searching among a million posts as a neighbour does, beside a bare query by the same index, in turns, in one run."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

from django.db import connection

from bench import feed_city
from bench.counting import statements_of
from bench.feed import memberships
from bench.feed_city import City
from bench.results import Table
from stoep.common import clock
from stoep.feed.search import search
from stoep.people.models import Person
from stoep.people.queries import person_with_standing

# A word as it is written, one that is close to it, one of another form, and one that nobody wrote.
QUESTIONS = ("ladder", "boormachien", "fiets", "zeppelin")
# The newest twenty of one audience in which the word stands: no rights, no nearness, no names, no answers.
BARE = """
SELECT id, title, body FROM feed_post
WHERE stoep_words(feed_post.title || ' ' || feed_post.body) @@ stoep_query(%(question)s)
AND audience_id = %(audience)s AND removed_at IS NULL ORDER BY id DESC LIMIT 20
"""
HOME = "SELECT audience_id FROM access_audienceatom WHERE neighbourhood_id = %s ORDER BY id LIMIT 1"


@dataclass(frozen=True)
class Size:
    """`readers`: each in another neighbourhood; `rounds`: how often each asks each question of both."""

    city: City
    readers: int
    rounds: int


FULL = Size(City(cities=25, neighbourhoods=1000, posts=1000), readers=40, rounds=3)
SMALL = Size(City(cities=2, neighbourhoods=10, posts=50), readers=3, rounds=1)


@dataclass(frozen=True)
class Answered:
    """Milliseconds of one question, and how much was found by us."""

    ours: float
    bare: float
    found: int
    queries: int


def measure(size: Size, *, port: int = 0, is_quiet: bool = False) -> list[Table]:
    """Milliseconds a question, in one process with its database."""
    del port
    feed_city.ensure(size.city, is_quiet=is_quiet)
    readers = list(memberships().order_by("neighbourhood_id", "id").distinct("neighbourhood_id")[: size.readers])
    asked: dict[str, list[Answered]] = {question: [] for question in QUESTIONS}
    for turn in range(size.rounds + 1):
        for member in readers:
            person = person_with_standing(member.person_id)
            assert person is not None
            for question in QUESTIONS:
                answered = _ask(person, member.neighbourhood_id, question, ours_first=bool(turn % 2))
                if turn:  # the first round fills what the database keeps
                    asked[question].append(answered)
    return [_table(size, asked)]


def _ask(person: Person, neighbourhood_id: object, question: str, *, ours_first: bool) -> Answered:
    found: list[int] = []

    def ours() -> None:
        found.append(search(person, question, now=clock.now()).post_count)

    def bare() -> None:
        with connection.cursor() as cursor:
            cursor.execute(HOME, [neighbourhood_id])
            cursor.execute(BARE, {"question": question, "audience": cursor.fetchone()[0]})
            cursor.fetchall()

    if ours_first:
        took, bare_took = _milliseconds(ours), _milliseconds(bare)
    else:
        bare_took, took = _milliseconds(bare), _milliseconds(ours)
    return Answered(took, bare_took, found[0], statements_of(ours))


def _milliseconds(act: Callable[[], None]) -> float:
    started = time.perf_counter()
    act()
    return (time.perf_counter() - started) * 1000


def _table(size: Size, asked: dict[str, list[Answered]]) -> Table:
    rows = []
    for question, answers in asked.items():
        ours, bare = median(one.ours for one in answers), median(one.bare for one in answers)
        found, queries = median(one.found for one in answers), max(one.queries for one in answers)
        rows.append([question, f"{ours:.1f}", f"{bare:.1f}", f"{ours / bare:.1f}", f"{found:.0f}", str(queries)])
    city = size.city
    return Table(
        f"Search, {city.posts * city.neighbourhoods:,} posts in {city.neighbourhoods:,} neighbourhoods",
        ["", "ms", "bare ms", "times bare", "found", "queries"],
        rows,
        [f"Medians of {size.readers} readers, {size.rounds} times each; every reader in another neighbourhood."],
    )
