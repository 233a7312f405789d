"""One thing that `stoep check` found: what it is about, how it stands, and what to do about it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

State = Literal["ok", "warning", "wrong"]


@dataclass(frozen=True)
class Finding:
    """`mend`: what to do about it; nothing where all is well."""

    about: str
    state: State
    said: str
    mend: str = ""


def well(about: str, said: str) -> Finding:
    return Finding(about, "ok", said)


def warning(about: str, said: str, mend: str) -> Finding:
    return Finding(about, "warning", said, mend)


def wrong(about: str, said: str, mend: str) -> Finding:
    return Finding(about, "wrong", said, mend)


Look = Callable[[datetime], Iterator[Finding]]
