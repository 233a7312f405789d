"""What Prometheus may know: how much, how fast, how late; of views by their names, and of nobody.

With `PROMETHEUS_MULTIPROC_DIR`, which `stoep serve` sets, the page server's processes count together in its files.
"""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.db import DatabaseError, connection
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector

from stoep.delivery import queue
from stoep.delivery.models import Mail
from stoep.operations.models import Installation

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
FOLDER = "PROMETHEUS_MULTIPROC_DIR"
METHODS = {"GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"}
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
LATE = timedelta(minutes=10)

_registry = CollectorRegistry()
_requests = Counter("stoep_requests", "Answers", ["view", "method", "status"], registry=_registry)
_seconds = Histogram("stoep_request_seconds", "Until the answer", ["view"], buckets=BUCKETS, registry=_registry)
_database = Counter("stoep_database_seconds", "Spent in the database", ["view"], registry=_registry)


def note(*, view: str, method: str, status: int, seconds: float, database_seconds: float) -> None:
    """One answer. `view` is the name of an address, which holds no id; the caller says “none” for what has none."""
    _requests.labels(view, method if method in METHODS else "other", str(status)).inc()
    _seconds.labels(view).observe(seconds)
    _database.labels(view).inc(database_seconds)


class Stopwatch:
    """How long the database was waited for, within `running()`."""

    def __init__(self) -> None:
        self.seconds = 0.0

    @contextmanager
    def running(self) -> Iterator[None]:
        with connection.execute_wrapper(self._measure):
            yield

    def _measure(self, execute: Callable[..., Any], *rest: Any) -> Any:
        started = time.perf_counter()
        try:
            return execute(*rest)
        finally:
            self.seconds += time.perf_counter() - started


def exposition(*, now: datetime) -> bytes:
    """All of it as text. While the database is away, what the page server counted is still told."""
    registry = CollectorRegistry()
    if os.environ.get(FOLDER):
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # it registers itself
    else:
        registry.register(_Counted())
    registry.register(_Asked(now))
    return generate_latest(registry)


class _Counted:
    """The counters of this one process."""

    def collect(self) -> Iterator[Any]:
        yield from _registry.collect()


class _Asked:
    """What is asked of the database at this moment."""

    def __init__(self, now: datetime) -> None:
        self._now = now

    def collect(self) -> Iterator[GaugeMetricFamily]:
        try:
            yield from self._gauges()
        except DatabaseError:
            yield GaugeMetricFamily("stoep_database_up", "Whether the database answers", value=0)

    def _gauges(self) -> Iterator[GaugeMetricFamily]:
        waiting = queue.waiting(now=self._now)
        yield GaugeMetricFamily("stoep_jobs_waiting", "Jobs that are due", value=waiting.count)
        yield GaugeMetricFamily("stoep_job_oldest_seconds", "The oldest of them", value=waiting.oldest_seconds)
        mails = GaugeMetricFamily("stoep_mails", "Mails", labels=["state"])
        for state, count in self._mails().items():
            mails.add_metric([state], count)
        yield mails
        silent = self._seconds_since(queue.last_sign_of_life())
        yield GaugeMetricFamily("stoep_worker_silent_seconds", "Since a worker said something", value=silent)
        row = Installation.objects.filter(id=1).first()
        age = self._seconds_since(row.backed_up_at if row else None)
        yield GaugeMetricFamily("stoep_backup_age_seconds", "Since the last backup", value=age)
        yield GaugeMetricFamily("stoep_database_up", "Whether the database answers", value=1)

    def _mails(self) -> dict[str, int]:
        waiting = Mail.objects.filter(state=Mail.State.WAITING)
        refused = Mail.objects.filter(state=Mail.State.REFUSED, due_at__gt=self._now - timedelta(days=1))
        late = waiting.filter(due_at__lt=self._now - LATE)
        return {"waiting": waiting.count(), "late": late.count(), "refused": refused.count()}

    def _seconds_since(self, moment: datetime | None) -> float:
        return -1.0 if moment is None else max(0.0, (self._now - moment).total_seconds())
