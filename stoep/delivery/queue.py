"""The only home of procrastinate: jobs are asked for by name, in the asker's own transaction, and found by name."""

import functools
from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from django.db import close_old_connections
from procrastinate.contrib.django import app as django_app

Work = TypeVar("Work", bound=Callable[..., Any])

# A worker that was silent for so long is dead, and what it was doing is done again (seconds).
SILENT_FOR = 30


def later(name: str, *, at: datetime | None = None, lock: str | None = None, **arguments: Any) -> None:
    """Ask for a job: it exists if and only if the surrounding transaction commits. `arguments`: JSON only."""
    task = django_app.configure_task(name, allow_unknown=True, schedule_at=at, lock=lock)
    task.defer(**arguments)


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
            django_app.periodic(cron=cron)(task)
        return work

    return declare


def run_worker(*, is_once: bool = False) -> None:
    """Work until SIGTERM or Ctrl-C; with `is_once`, until nothing waits. Jobs of a killed worker are taken up again."""
    with django_app.replace_connector(django_app.connector.get_worker_connector()):
        retry_stalled()
        django_app.run_worker(
            wait=not is_once,
            concurrency=1,
            fetch_job_polling_interval=2.0,
            shutdown_graceful_timeout=10.0,
            stalled_worker_timeout=SILENT_FOR,
            delete_jobs="successful",
            install_signal_handlers=True,
        )


def retry_stalled() -> int:
    """Put back what a killed worker was doing; answers how many jobs."""
    from asgiref.sync import async_to_sync

    async def put_back() -> int:
        manager = django_app.job_manager
        stalled = list(await manager.get_stalled_jobs(seconds_since_heartbeat=SILENT_FOR))
        for one in stalled:
            await manager.retry_job(one)
        return len(stalled)

    async def opened() -> int:
        async with django_app.open_async():
            return await put_back()

    return async_to_sync(opened)()
