"""Limits: counted for all workers together, in fixed windows, and closed when in doubt."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stoep.access.limits import Limit, forget_before, give_back, hit, is_reached, reached
from stoep.access.models import Hits
from stoep.common.ids import new_id

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
THREE = Limit("three an hour", 3, HOUR)
FINAL = Limit("two a minute, for good", 2, timedelta(minutes=1), is_final=True)


@pytest.fixture
def key() -> str:
    """A bucket of its own: what a process remembers outlives a test."""
    return str(new_id())


@pytest.mark.django_db
class TestCounting:
    def test_so_many_pass_and_the_next_does_not(self, key: str) -> None:
        assert [hit(THREE, key, now=START) for _each in range(5)] == [True] * 3 + [False] * 2
        assert hit(THREE, f"{key} of somebody else", now=START)

    def test_it_is_reached_when_it_is_used_up_and_asking_counts_nothing(self, key: str) -> None:
        seen = []
        for _each in range(3):
            seen.append([is_reached(THREE, key, now=START) for _twice in range(2)])
            hit(THREE, key, now=START)

        assert seen == [[False, False]] * 3
        assert is_reached(THREE, key, now=START)

    def test_several_hits_may_count_at_once(self, key: str) -> None:
        assert hit(THREE, key, now=START, times=2)
        assert not hit(THREE, key, now=START, times=2)

    def test_what_is_given_back_may_be_used_again(self, key: str) -> None:
        for _each in range(3):
            hit(THREE, key, now=START)
        give_back(THREE, key, now=START)

        assert hit(THREE, key, now=START)
        assert not hit(THREE, key, now=START)

    def test_nothing_can_be_given_back_that_was_never_taken(self, key: str) -> None:
        for _each in range(4):
            give_back(THREE, key, now=START)

        assert [hit(THREE, key, now=START) for _each in range(4)] == [True] * 3 + [False]

    def test_several_are_asked_in_one_question(self, key: str) -> None:
        other = Limit("another", 1, HOUR)
        hit(other, key, now=START)

        with CaptureQueriesContext(connection) as asked:
            found = reached([(THREE, key), (other, key), (FINAL, key)], now=START)

        assert (found, len(asked)) == ({other}, 1)
        assert reached([], now=START) == set()

    def test_a_long_name_is_cut_and_still_counts(self, key: str) -> None:
        assert [hit(THREE, key * 20, now=START) for _each in range(4)] == [True] * 3 + [False]

    def test_old_windows_are_forgotten(self, key: str) -> None:
        hit(THREE, key, now=START)
        hit(THREE, key, now=START + HOUR)

        assert forget_before(START + HOUR) == 1
        assert Hits.objects.count() == 1


@pytest.mark.django_db
class TestWindows:
    def test_they_begin_at_the_full_hour(self, key: str) -> None:
        late = START + timedelta(minutes=59, seconds=59)
        for _each in range(3):
            hit(THREE, key, now=START + timedelta(minutes=30))

        assert is_reached(THREE, key, now=START)
        assert is_reached(THREE, key, now=late)
        assert not is_reached(THREE, key, now=START + HOUR)

    def test_over_a_border_twice_as_many_pass_and_never_more(self, key: str) -> None:
        """The price of fixed windows; whoever sets a limit sets half of what may pass at worst."""
        before, after = START + HOUR - timedelta(seconds=1), START + HOUR
        passed = [hit(THREE, key, now=now) for now in [before] * 10 + [after] * 10]

        assert passed.count(True) == 6

    def test_a_days_window_is_the_day_of_utc(self, key: str) -> None:
        once = Limit("once a day", 1, timedelta(days=1))

        assert hit(once, key, now=START.replace(hour=0))
        assert not hit(once, key, now=START.replace(hour=23, minute=59))
        assert hit(once, key, now=START + timedelta(days=1))


@pytest.mark.django_db
class TestFinalLimits:
    def test_what_is_known_to_be_used_up_asks_nothing_any_more(self, key: str) -> None:
        for _each in range(2):
            hit(FINAL, key, now=START)
        assert is_reached(FINAL, key, now=START)

        with CaptureQueriesContext(connection) as asked:
            found = reached([(THREE, key), (FINAL, key)], now=START + timedelta(seconds=59))

        assert (found, len(asked)) == ({FINAL}, 0)

    def test_it_opens_with_the_next_window(self, key: str) -> None:
        for _each in range(2):
            hit(FINAL, key, now=START)
        assert is_reached(FINAL, key, now=START)

        assert not is_reached(FINAL, key, now=START + timedelta(minutes=1))
        assert not is_reached(FINAL, f"{key} of somebody else", now=START)

    def test_another_worker_used_it_up(self, key: str) -> None:
        """Nothing is remembered as free: only the database says so."""
        assert not is_reached(FINAL, key, now=START)
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO access_hits (id, bucket, window_start, count) VALUES (%s, %s, %s, 2)",
                [new_id(), f"{FINAL.name}:{key}", START],
            )

        assert is_reached(FINAL, key, now=START)

    def test_it_gives_nothing_back(self, key: str) -> None:
        with pytest.raises(ValueError, match="gives nothing back"):
            give_back(FINAL, key, now=START)


@pytest.mark.django_db(transaction=True)
def test_hits_of_many_workers_at_one_moment_are_all_counted(key: str) -> None:
    twenty, start = Limit("twenty", 20, HOUR), threading.Barrier(6)

    def work() -> int:
        try:
            start.wait(timeout=30)
            return sum(hit(twenty, key, now=START) for _each in range(10))
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        passed = [future.result(timeout=60) for future in [pool.submit(work) for _each in range(6)]]

    assert sum(passed) == 20
    assert Hits.objects.get(bucket=f"twenty:{key}").count == 60
