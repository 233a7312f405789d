"""One thing that an address names, and who may see it."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Subject:
    """What an address names. `audience`: the neighbours it is for; `readers`: whoever may see it; both by hand."""

    name: str
    args: tuple[Any, ...]
    author: str = ""
    audience: frozenset[str] = frozenset()
    staff: frozenset[str] = frozenset()
    is_live: bool = True
    is_official: bool = False

    def is_seen_by(self, who: str) -> bool:
        return self.is_live and (who in self.audience or who in self.staff)


NOTHING = Subject("nothing", ())
