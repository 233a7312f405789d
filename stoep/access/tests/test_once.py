"""Asked twice under one key, something is done once, and both get the same answer."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from uuid import UUID

import pytest
from django.db import connection

from stoep.access.models import Once
from stoep.access.once import once
from stoep.common.ids import new_id
from stoep.operations.cast import Cast
from stoep.people.models import Department, Person

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def write(person: Person, key: UUID, name: str = "Groen", *, action: str = "test:write") -> tuple[UUID, bool]:
    """A write that leaves a trace: a department more."""

    def work() -> UUID:
        made = Department.objects.create(municipality_id=person.municipality_id, name=f"{name} {new_id()}")
        return UUID(str(made.pk))

    return once(person=person, action=action, key=key, now=NOW, write=work)


def traces() -> int:
    return Department.objects.filter(name__startswith="Groen").count()


def test_a_repeat_does_nothing_and_answers_the_same(cast: Cast) -> None:
    key = new_id()
    first = write(cast["neighbour"], key)
    again = [write(cast["neighbour"], key) for _each in range(5)]

    assert first[1]
    assert again == [(first[0], False)] * 5
    assert traces() == 1


def test_another_key_person_or_action_is_another_write(cast: Cast) -> None:
    key = new_id()
    write(cast["neighbour"], key)

    assert write(cast["neighbour"], new_id())[1]
    assert write(cast["second-neighbour"], key)[1]
    assert write(cast["neighbour"], key, action="test:other")[1]
    assert traces() == 4


def test_what_failed_was_not_done_and_may_be_tried_again(cast: Cast) -> None:
    key = new_id()

    def fail() -> UUID:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        once(person=cast["neighbour"], action="test:write", key=key, now=NOW, write=fail)

    assert not Once.objects.exists()
    assert write(cast["neighbour"], key)[1]


@pytest.mark.django_db(transaction=True)
def test_many_at_one_moment_write_once(cast: Cast) -> None:
    key, start = new_id(), threading.Barrier(8)

    def work() -> tuple[UUID, bool]:
        try:
            start.wait(timeout=30)
            return write(cast["neighbour"], key)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        answers = [future.result(timeout=60) for future in [pool.submit(work) for _each in range(8)]]

    assert len({result for result, _is_new in answers}) == 1
    assert [is_new for _result, is_new in answers].count(True) == 1
    assert traces() == 1
