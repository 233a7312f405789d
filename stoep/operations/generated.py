"""The pages of `docs/` that are printed from the code, so that they cannot disagree with it."""

from collections.abc import Iterator
from pathlib import Path

from stoep.access.rules import ACTIONS, Rule
from stoep.people.models import RoleName

DOCS = Path(__file__).resolve().parents[2] / "docs"
SIGNS = {
    "o": "own",
    "h": "own neighbourhood: the audience of the thing",
    "i": "written by the neighbour who invited me",
    "m": "own municipality",
    "s": "what its author shared with the city",
    "g": "everywhere",
}
PERMISSIONS_HEAD = """# Who may do what

Printed from `stoep/access/rules.py` by `./dev docs`; a test keeps it true. A test also asks every action of every
member of the cast about every kind of thing, in three directions (`stoep/access/tests/test_agreement.py`).
Anything not in this table nobody may do. What you may not see is answered with 404, what you see but may not do with
403, and a visitor is sent to the sign-in page whatever the address.
"""


def write(*, only_check: bool) -> list[Path]:
    """Write what is not up to date and answer its paths; with `only_check`, only answer them."""
    late = [path for path, text in pages().items() if not path.exists() or path.read_text() != text]
    if not only_check:
        for path in late:
            path.write_text(pages()[path])
    return late


def pages() -> dict[Path, str]:
    return {DOCS / "permissions.md": permissions()}


def permissions() -> str:
    """The one table of rules as a page: actions down, roles across."""
    roles = [role for role in RoleName if any(role in rule.roles for rule in ACTIONS.values())]
    lines = [PERMISSIONS_HEAD, *_signs(), "", _row(["Action", *(role.value.replace("_", " ") for role in roles), ""])]
    lines.append(_row(["---"] * (len(roles) + 2)))
    lines += [_action(name, rule, roles) for name, rule in sorted(ACTIONS.items())]
    return "\n".join(lines) + "\n"


def _signs() -> Iterator[str]:
    yield "Signs: " + " · ".join(f"`{sign}` {meaning}" for sign, meaning in SIGNS.items()) + "."
    yield "In the last column: `logged` means that the gate writes down who did it; the state in which it may be done."


def _action(name: str, rule: Rule, roles: list[RoleName]) -> str:
    cells = [f"`{rule.roles[role].sign}`" if role in rule.roles else "–" for role in roles]
    remarks = [rule.when.__name__.replace("_", " ")] if rule.when else []
    return _row([f"`{name}`", *cells, ", ".join([*remarks, *(["logged"] if rule.logged else [])])])


def _row(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"
