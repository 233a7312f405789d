"""The only home of procrastinate: jobs are asked for by name, in the asker's own transaction, and found by name."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from procrastinate.contrib.django import app as django_app
from procrastinate.contrib.django.procrastinate_app import ProxyApp

Work = TypeVar("Work", bound=Callable[..., Any])


def later(name: str, *, at: datetime | None = None, lock: str | None = None, **arguments: Any) -> None:
    """Ask for a job: it exists if and only if the surrounding transaction commits. `arguments`: JSON only."""
    queue().configure_task(name, allow_unknown=True, schedule_at=at, lock=lock).defer(**arguments)


def job(name: str) -> Callable[[Work], Work]:
    """Declare the work behind a name (`delivery.send_mails`); it must be safe to run twice."""

    def declare(work: Work) -> Work:
        queue().task(name=name, pass_context=False)(work)
        return work

    return declare


def queue() -> ProxyApp:
    """The application as Django set it up: it writes through Django's own connection."""
    return django_app
