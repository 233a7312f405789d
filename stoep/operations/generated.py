"""The pages of `docs/` that are printed from the code, so that they cannot disagree with it."""

from collections.abc import Iterator
from pathlib import Path

from django.utils import translation

from stoep.access.rules import ACTIONS, Rule
from stoep.people.data_map import Declaration, NotExported, declarations, impersonal, table_of
from stoep.people.models import RoleName

DOCS = Path(__file__).resolve().parents[2] / "docs"
SIGNS = {
    "o": "own",
    "d": "what a department said, for an editor who speaks for it",
    "h": "own neighbourhood: the audience of the thing",
    "i": "the neighbour who invited me, and what they write",
    "m": "own municipality",
    "p": "where one takes part",
    "r": "what was reported and two things on each side, while the case is open; cases of the own municipality",
    "s": "what its author shared with the city",
    "g": "everywhere",
}
PERMISSIONS_HEAD = """# Who may do what

Printed from `stoep/access/rules.py` by `./dev docs`; a test keeps it true. A test also asks every action of every
member of the cast about every kind of thing, in three directions (`stoep/access/tests/test_agreement.py`).
Anything not in this table nobody may do. What you may not see is answered with 404, what you see but may not do with
403, and a visitor is sent to the sign-in page whatever the address.
"""
REGISTER_HEAD = """# Register of processing

What is held about people, printed by `./dev docs` from the `personal_data.py` of every app; a test keeps it true, and
another one finds every table from which a path leads to a person. The controller is the municipality, or the operator
where it runs the network (`Municipality.controller`); whoever processes for it stands on the privacy page.
"""


def write(*, only_check: bool) -> list[Path]:
    """Write what is not up to date and answer its paths; with `only_check`, only answer them."""
    late = [path for path, text in pages().items() if not path.exists() or path.read_text() != text]
    if not only_check:
        for path in late:
            path.write_text(pages()[path])
    return late


def pages() -> dict[Path, str]:
    return {DOCS / "permissions.md": permissions(), DOCS / "register.md": register()}


def permissions() -> str:
    """The one table of rules as a page: actions down, roles across."""
    roles = [role for role in RoleName if any(role in rule.roles for rule in ACTIONS.values())]
    lines = [PERMISSIONS_HEAD, *_signs(), "", _row(["Action", *(role.value.replace("_", " ") for role in roles), ""])]
    lines.append(_row(["---"] * (len(roles) + 2)))
    lines += [_action(name, rule, roles) for name, rule in sorted(ACTIONS.items())]
    return "\n".join(lines) + "\n"


def register() -> str:
    """What every app declares about the personal data it holds, as the register of article 30."""
    with translation.override("en"):
        lines = [REGISTER_HEAD, _row(["What", "Table", "Why", "Legal basis", "Seen by", "Kept", "Export", "Erased"])]
        lines.append(_row(["---"] * 8))
        lines += [_declared(each) for each in declarations()]
        lines += ["", "A path leads from these tables to a person, but they say nothing about anybody:", ""]
        lines += [f"- `{table_of(each.model)}`: {each.why}" for each in impersonal()]
    return "\n".join(lines) + "\n"


def _declared(each: Declaration) -> str:
    exported = f"no: {each.exported.why}" if isinstance(each.exported, NotExported) else "yes"
    kept, erased = ("; ".join(str(part.words) for part in parts) for parts in (each.kept, each.erased))
    label, basis = f"`{each.table}`", str(each.basis.label)
    return _row([str(each.what), label, str(each.purpose), basis, str(each.seen_by), kept, exported, erased])


def _signs() -> Iterator[str]:
    yield "Signs: " + " · ".join(f"`{sign}` {meaning}" for sign, meaning in SIGNS.items()) + "."
    yield "In the last column: `logged` means that the gate writes down who did it; the state in which it may be done."


def _action(name: str, rule: Rule, roles: list[RoleName]) -> str:
    cells = [f"`{rule.roles[role].sign}`" if role in rule.roles else "–" for role in roles]
    remarks = [rule.when.__name__.replace("_", " ")] if rule.when else []
    return _row([f"`{name}`", *cells, ", ".join([*remarks, *(["logged"] if rule.logged else [])])])


def _row(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"
