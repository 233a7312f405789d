"""What can be told, handed down by each app in `ready()`: delivery knows how and when, they know what and to whom."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.functional import Promise

from stoep.people.models import Person


@dataclass(frozen=True)
class Told:
    """One outbox entry as a notice sees it. `now`: when it is said, which may be days after it was told."""

    subject_id: UUID
    actor_id: UUID | None
    told_at: datetime
    now: datetime


@dataclass(frozen=True)
class Rung:
    """What the bell says of one group: what happened, about what, and where to go."""

    text: str
    title: str
    link: str
    icon: str


@dataclass(frozen=True)
class Notice:
    """`recipients` is asked of `access` when the mail is made, not when the thing was written.

    `mail`: the template folder (`feed/mail/new_comment`: subject.txt, body.txt, body.html); `context` for one reader,
    or None when there is nothing to say to them; its `thread_id` gathers the mails about one post. `stream`: what
    it is called in everybody's choices, and what its mails stop by; empty for what nobody can choose away.
    `group`: the post that it is about, if any. `describe`: for one reader, what the bell says of groups, each with its
    subjects, in a number of queries that does not grow with them; None: it rings no bell. `push`: a calm sentence for
    the screen of a device, without anybody's words; empty: no push.
    `text`: a template of one line, for who is reached by SMS only. `path`: of a push, with the group's `{id}`.
    `repeats`: it may happen to the same subject again, as a day that is moved twice, and is told each time.
    `has_lines`: the app has lines of its own for the daily mail; else they are what the bell says (`digest_news.py`).
    """

    name: str
    recipients: Callable[[Told], Iterable[Person]]
    mail: str
    context: Callable[[Told, Person], dict[str, Any] | None]
    stream: str = ""
    group: Callable[[Told], UUID | None] | None = None
    describe: Callable[[Person, Mapping[UUID, list[UUID]]], dict[UUID, Rung]] | None = None
    push: str | Promise = ""
    text: str = ""
    path: str = "/posts/{id}/"
    repeats: bool = False
    has_lines: bool = False


@dataclass
class _Registry:
    notices: dict[str, Notice] = field(default_factory=dict)


_registry = _Registry()


def register(notice: Notice) -> None:
    _registry.notices[notice.name] = notice


def notices() -> list[Notice]:
    return list(_registry.notices.values())


def notice_named(name: str) -> Notice | None:
    """None: a thing that is told only to open pages (live), not by mail."""
    return _registry.notices.get(name)
