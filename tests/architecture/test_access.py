"""Who may what is decided in one place: what the import contracts cannot see of it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from stoep.access.rules import ACTIONS
from tests.architecture.ladder import ROOT, python_files

ACTION_FILES: tuple[str, ...] = ("actions.py", "editing.py", "imports.py", "letter_runs.py", "confirming.py")
ACTION_FILES += ("grouping.py", "helping.py", "lending.py", "lost_found.py", "waiting.py")
# A view, a form or a template that looks at a role makes a rule of its own.
OWN_RULE = re.compile(r"standing\.roles|\.roles\.(?:is|inter)|RoleName\.\w+ in|R\.\w+ in ")
DECIDERS = ("stoep/access/", "stoep/people/", "stoep/feed/models.py", "config/navigation.py")
# Where each role of the city begins its day: not a rule, a signpost.
SIGNPOSTS = {"stoep/cityhall/views.py": 1}
MODELS_WITH_AUDIENCE = {"Post", "Comment", "Item", "Loan"}


def test_every_action_of_the_table_is_asked_somewhere() -> None:
    """A rule that nobody asks is one that nobody keeps."""
    code = "\n".join(file.read_text() for file in [*_code(), *(ROOT / "stoep").glob("*/templates/**/*.html")])
    reads = {rule.reads for rule in ACTIONS.values()}
    unused = [name for name in ACTIONS if f'"{name}"' not in code.replace(f'"{name}": Rule(', "") and name not in reads]
    assert unused == []


def test_every_action_asked_is_in_the_table() -> None:
    asked = {
        call.args[1].value
        for file in _code()
        for call in _calls(file, {"require", "may", "who_may"})
        if len(call.args) > 1 and isinstance(call.args[1], ast.Constant)
    }
    assert asked - set(ACTIONS) == set()
    assert len(asked) > 15


def test_an_action_begins_with_the_gate() -> None:
    """Every public function that takes who does it, in a file of actions, asks `require` before anything else."""
    late = []
    for file in _code():
        if file.name in ACTION_FILES:
            late += [f"{file.relative_to(ROOT)}: {found.name}" for found in _acting(file) if not _asks_first(found)]
    assert late == []


def test_views_decide_nothing_by_role() -> None:
    deciding: dict[str, int] = {}
    for file in [*_code(), *(ROOT / "stoep").glob("*/templates/**/*.html")]:
        name = str(file.relative_to(ROOT))
        found = len(OWN_RULE.findall(file.read_text()))
        if found and not name.startswith(DECIDERS):
            deciding[name] = found
    assert deciding == SIGNPOSTS


def test_pages_find_posts_and_answers_only_for_somebody() -> None:
    """In views and forms never by `Post.objects…`: the reads below them begin with who reads."""
    bare = [
        f"{file.relative_to(ROOT)}: {model}.objects"
        for file in _code()
        if "views" in file.name or file.name == "forms.py"
        for model in MODELS_WITH_AUDIENCE
        if re.search(rf"\b{model}\.objects\b", file.read_text())
    ]
    assert bare == []


def _code() -> list[Path]:
    """What runs, without tests."""
    return [file for file in python_files() if "tests" not in file.parts and "bench" not in file.parts]


def _calls(file: Path, names: set[str]) -> Iterator[ast.Call]:
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
            yield node


def _acting(file: Path) -> Iterator[ast.FunctionDef]:
    for node in ast.parse(file.read_text()).body:
        if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
            continue
        if {"person", "author"} & {arg.arg for arg in node.args.kwonlyargs}:
            yield node


def _asks_first(action: ast.FunctionDef) -> bool:
    body = action.body[1:] if ast.get_docstring(action) else action.body
    first = body[0]
    if isinstance(first, ast.If):  # two ways to write, each with its own question
        return all(_is_question(branch[0]) for branch in (first.body, first.orelse) if branch)
    return _is_question(first)


def _is_question(line: ast.stmt) -> bool:
    call = line.value if isinstance(line, ast.Expr) else None
    return isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "require"
