"""Draws an icon by its Phosphor name from the sprite that the build makes; an unknown name is an error at once."""

from functools import cache
from pathlib import Path

from markupsafe import Markup

from stoep.shell.static_files import static_url

LIST = Path(__file__).with_name("icons.txt")
WEIGHTS = ("regular", "fill")


class UnknownIconError(LookupError):
    pass


@cache
def icon(name: str, weight: str = "regular", size: int = 24) -> Markup:
    """An icon beside a word: never read out, so never alone. `size` in CSS pixels at the medium text size."""
    symbol = name if weight == "regular" else f"{name}-{weight}"
    if symbol not in symbols():
        raise UnknownIconError(f"{symbol} is not in stoep/shell/icons.txt")
    href = f"{static_url('icons.svg')}#{symbol}"
    return Markup(
        '<svg class="icon icon--{size}" width="{size}" height="{size}" aria-hidden="true" focusable="false">'
        '<use href="{href}"></use></svg>'
    ).format(size=size, href=href)


@cache
def symbols() -> frozenset[str]:
    """The names in the sprite: `house`, and `house-fill` for the same one filled."""
    return frozenset(f"{name}{suffix}" for name in names() for suffix in ("", "-fill"))


def names() -> list[str]:
    lines = (line.partition("#")[0].strip() for line in LIST.read_text().splitlines())
    return sorted({line for line in lines if line})
