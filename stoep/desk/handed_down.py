"""What the desk can do for a resident by an app above it, which hands it down in its `ready()`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass
class HandedDown:
    """`leave(person=…, now=…)`: hidden at once, erased after 14 days."""

    leave: Callable[..., Any] | None = None


handed_down = HandedDown()
