"""The only home of procrastinate: jobs are asked for by name, in the asker's own transaction, and found by name."""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar, cast

from django.db import close_old_connections
from procrastinate import sql
from procrastinate.contrib.django import app as django_app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.manager import JobManager
from procrastinate.tasks import configure_task

from stoep.common import clock

Work = TypeVar("Work", bound=Callable[..., Any])

# A worker that was silent for so long is dead, and what it was doing is done again (seconds).
SILENT_FOR = 30
# A run of letters takes minutes: the mail with somebody's code must not wait behind it.
JOBS_AT_ONCE = 4
# How long a job that failed can still be looked at.
HOURS_KEPT = 30 * 24


def later(name: str, *, at: datetime | None = None, lock: str | None = None, **arguments: Any) -> None:
    """Ask for a job: it exists if and only if the surrounding transaction commits. `arguments`: JSON only.

    Jobs with the same `lock` are done one after the other.
    """
    # Inside a worker procrastinate's own connector stands beside Django's transaction; so it is never asked here.
    manager = JobManager(DjangoConnector())
    configure_task(name=name, job_manager=manager, schedule_at=at, lock=lock).defer(**arguments)


def job(name: str, *, cron: str = "") -> Callable[[Work], Work]:
    """Declare the work behind a name (`delivery.send_mails`); it must be safe to run twice.

    Jobs live in an app's `jobs.py`, which is loaded when Django is set up. With `cron` it is planned, and called with
    the moment for which it was planned, as `timestamp`.
    """

    def declare(work: Work) -> Work:
        @functools.wraps(work)
        def run(**arguments: Any) -> None:
            close_old_connections()
            try:
                work(**arguments)
            finally:
                close_old_connections()

        task = django_app.task(name=name)(run)
        if cron:
            # Procrastinate hands `timestamp` over by name, though it types the task as taking it by place.
            django_app.periodic(cron=cron)(cast("Any", task))
        return work

    return declare


def run_worker(*, is_once: bool = False) -> None:
    """Work until SIGTERM or Ctrl-C; with `is_once`, until nothing waits. Jobs of a killed worker are taken up again."""
    retry_stalled()
    with django_app.replace_connector(DjangoConnector().get_worker_connector()):
        django_app.run_worker(
            wait=not is_once,
            concurrency=JOBS_AT_ONCE,
            fetch_job_polling_interval=2.0,
            shutdown_graceful_timeout=10.0,
            stalled_worker_timeout=SILENT_FOR,
            delete_jobs="successful",
            install_signal_handlers=True,
        )


def retry_stalled() -> int:
    """Put back what a killed worker was doing; answers how many jobs."""
    connector = DjangoConnector()
    stalled = connector.execute_query_all(
        query=sql.queries["select_stalled_jobs_by_heartbeat"],
        queue=None,
        task_name=None,
        seconds_since_heartbeat=SILENT_FOR,
    )
    for one in stalled:
        JobManager(connector).retry_job_by_id(one["id"], retry_at=clock.now())
    return len(stalled)


@dataclass(frozen=True)
class Waiting:
    count: int
    oldest_seconds: int


def waiting(*, now: datetime) -> Waiting:
    """What is due and not begun. A job without a moment was asked for when its first event was written."""
    row = DjangoConnector().execute_query_one(
        query="""SELECT count(*) AS count, coalesce(extract(epoch FROM %(now)s - min(coalesce(
                     job.scheduled_at, (SELECT min(at) FROM procrastinate_events WHERE job_id = job.id)))), 0) AS oldest
                 FROM procrastinate_jobs AS job
                 WHERE status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= %(now)s)""",
        now=now,
    )
    return Waiting(int(row["count"]), max(0, int(row["oldest"])))


def last_sign_of_life() -> datetime | None:
    """When a worker last said that it is there; None: none runs, and the last one ended in good order."""
    row = DjangoConnector().execute_query_one(query="SELECT max(last_heartbeat) AS beat FROM procrastinate_workers")
    beat: datetime | None = row["beat"]
    return beat


def forget_old() -> None:
    """Jobs that failed long ago; those that succeeded are gone already."""
    DjangoConnector().execute_query(
        query=sql.queries["delete_old_jobs"],
        nb_hours=HOURS_KEPT,
        queue=None,
        statuses=["succeeded", "failed", "cancelled", "aborted"],
    )


def forget_waiting() -> None:
    """Drop every job that waits: for whoever has done all of it already, as the demo's past."""
    DjangoConnector().execute_query(query="DELETE FROM procrastinate_jobs WHERE status = 'todo'")
