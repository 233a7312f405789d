"""Sending a message in a conversation, beside one row and a commit, in turns, in one run."""

import time
from dataclasses import dataclass
from datetime import timedelta
from statistics import median
from uuid import uuid4

from django.db import connection, transaction

from bench import databases
from bench.counting import statements_of
from bench.results import Table
from stoep.common import clock
from stoep.conversations.actions import send_message, start_conversation
from stoep.conversations.models import Conversation
from stoep.operations.cast import make_cast
from stoep.people.models import Person
from stoep.people.queries import person_with_standing

WORDS = "Dank je! Ik kom hem zaterdag rond tien uur halen, als dat voor jou past. Tot dan, en groetjes aan iedereen."
PEOPLE = ("neighbour", "second-neighbour")
TABLE = "CREATE TABLE IF NOT EXISTS bench_message (id uuid PRIMARY KEY, body text, created_at timestamptz)"
INSERT = "INSERT INTO bench_message VALUES (%s, %s, %s)"


@dataclass(frozen=True)
class Size:
    messages: int
    rounds: int


FULL = Size(messages=200, rounds=6)
SMALL = Size(messages=5, rounds=1)


def measure(size: Size, *, port: int = 0, is_quiet: bool = False) -> list[Table]:
    """Milliseconds a message: rights, lock, once-key, sealed words, counters, outbox row, commit; and a bare row."""
    del port, is_quiet
    databases.empty()
    cast = make_cast()
    people = [_asking(cast[key]) for key in PEOPLE]
    conversation = start_conversation(
        person=people[0], others=people[1:], body=WORDS, request_key=uuid4(), now=clock.now()
    )
    with connection.cursor() as cursor:
        cursor.execute(TABLE)
    ours: list[float] = []
    bare: list[float] = []
    for turn in range(size.rounds):
        for is_ours in (True, False) if turn % 2 else (False, True):
            (ours if is_ours else bare).append(_send(people, conversation, size) if is_ours else _insert(size))
    return [_table(size, median(ours), median(bare), _statements(people[0], conversation))]


def _asking(person: Person) -> Person:
    found = person_with_standing(person.pk)
    assert found is not None
    return found


def _send(people: list[Person], conversation: Conversation, size: Size) -> float:
    """Milliseconds a message, in turns by the two."""
    now, started = clock.now(), time.perf_counter()
    for number in range(size.messages):
        send_message(
            author=people[number % 2],
            conversation=conversation,
            body=f"{number} {WORDS}",
            request_key=uuid4(),
            now=now + timedelta(milliseconds=number),
        )
    return (time.perf_counter() - started) * 1000 / size.messages


def _insert(size: Size) -> float:
    now, started = clock.now(), time.perf_counter()
    for number in range(size.messages):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(INSERT, [uuid4(), f"{number} {WORDS}", now])
    return (time.perf_counter() - started) * 1000 / size.messages


def _statements(author: Person, conversation: Conversation) -> int:
    def send() -> None:
        send_message(author=author, conversation=conversation, body=WORDS, request_key=uuid4(), now=clock.now())

    return statements_of(send)


def _table(size: Size, ours: float, bare: float, statements: int) -> Table:
    return Table(
        "A message of two who talk, from the action to the commit",
        ["", "ms", "times bare", "statements"],
        [
            ["send_message", f"{ours:.2f}", f"{ours / bare:.1f}", str(statements)],
            ["one row, one commit", f"{bare:.2f}", "1.0", "1"],
        ],
        [f"Medians of {size.rounds} blocks of {size.messages} messages, in turns; one process."],
    )
