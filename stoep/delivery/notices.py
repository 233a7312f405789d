"""What can be told, handed down by each app in `ready()`: delivery knows how and when, they know what and to whom."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from stoep.people.models import Person


@dataclass(frozen=True)
class Told:
    """One outbox entry as a notice sees it."""

    subject_id: UUID
    actor_id: UUID | None
    told_at: datetime


@dataclass(frozen=True)
class Notice:
    """`recipients` is asked of `access` when the mail is made, not when the thing was written.

    `mail`: the template folder (`feed/mail/new_comment`: subject.txt, body.txt, body.html); `context` for one reader,
    or None when there is nothing to say to them. `is_bulk`: mails carry List-Unsubscribe and may wait for others.
    """

    name: str
    recipients: Callable[[Told], Iterable[Person]]
    mail: str
    context: Callable[[Told, Person], dict[str, Any] | None]
    is_bulk: bool = False


@dataclass
class _Registry:
    notices: dict[str, Notice] = field(default_factory=dict)


_registry = _Registry()


def register(notice: Notice) -> None:
    _registry.notices[notice.name] = notice


def notice_named(name: str) -> Notice | None:
    """None: a thing that is told only to open pages (live), not by mail."""
    return _registry.notices.get(name)
