"""The posts and answers that the demo's neighbours write, read from `texts/*.toml`."""

import tomllib
from dataclasses import dataclass
from functools import cache
from typing import Any

from stoep.operations.demo.facts import FOLDER


@dataclass(frozen=True)
class ReplyText:
    """`by`: "other" is somebody new, "again" the other of the answer before, "author" who wrote the post."""

    after: int  # minutes after the post
    by: str
    text: str


@dataclass(frozen=True)
class PostText:
    """`solved_by` counts the answers from 1: that answer's writer helped; None while the request stays open.

    `voice` is "old", "middle" or "young" where the words give away an age, else "". `photo` is the name of a drawing
    (`drawing.py`), `alt` says what is in it.
    """

    kind: str
    title: str
    body: str
    thanks: int
    replies: tuple[ReplyText, ...] = ()
    reach: str = "neighbourhood"  # or "adjacent", or "city"
    solved_by: int | None = None
    thank_you: str = ""
    voice: str = ""
    photo: str = ""
    alt: str = ""


@dataclass(frozen=True)
class AnnouncementText:
    """A message of a department. `audience`: "city", "neighbourhoods" or "streets", with their `names`.

    Streets are told as far as they lie in `neighbourhood`. `days_ago` may be 0: today.
    """

    department: str
    title: str
    body: str
    audience: str
    names: tuple[str, ...]
    days_ago: int
    neighbourhood: str = ""
    urgent: bool = False
    comments_open: bool = True


@cache
def post_texts(neighbourhood: str) -> tuple[PostText, ...]:
    """All posts for a neighbourhood, the ones to show first on top; empty where nobody wrote any."""
    file = FOLDER / "texts" / f"{neighbourhood.lower()}.toml"
    if file.exists():
        return tuple(_post(row) for row in tomllib.loads(file.read_text())["post"])
    return tuple(_post(row) for row in _elsewhere() if row["neighbourhood"] == neighbourhood)


@cache
def announcement_texts() -> tuple[AnnouncementText, ...]:
    """What the city of Hasselt has told its neighbourhoods, oldest first."""
    rows = tomllib.loads((FOLDER / "texts" / "announcements.toml").read_text())["announcement"]
    texts = [AnnouncementText(**{**row, "names": tuple(row.get("names", ()))}) for row in rows]
    return tuple(sorted(texts, key=lambda text: -text.days_ago))


def _elsewhere() -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = tomllib.loads((FOLDER / "texts" / "elsewhere.toml").read_text())["post"]
    return rows


def _post(row: dict[str, Any]) -> PostText:
    replies = tuple(ReplyText(**reply) for reply in row.get("replies", ()))
    return PostText(
        **{key: value for key, value in row.items() if key not in {"replies", "neighbourhood"}}, replies=replies
    )
