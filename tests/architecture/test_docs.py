"""The documentation agrees with the code."""

import ast
import re
import tokenize
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client

from stoep.operations import generated
from stoep.operations.cast import Cast
from stoep.people.models import Person
from tests.architecture.documents import (
    FENCE,
    Document,
    broken_links,
    documents,
    missing_files,
    page,
    tables,
    unknown_commands,
    unknown_settings,
)
from tests.architecture.ladder import ROOT, python_files, rungs

READ = re.compile(r"""_(?:text|truth|number|key)\("(\w+)"|environ(?:\.get\(|\[)"(STOEP_\w+|DATABASE_URL)""")
PARTS_OF_A_DECISION = ["Problem", "Choice", "Cost", "When to look again"]
LINES_A_PAGE = 60


def test_the_table_of_permissions_is_printed_from_the_rules() -> None:
    for path, text in generated.pages().items():
        assert path.read_text() == text, f"{path.name} is not up to date: ./dev docs"


def test_every_setting_is_explained_in_the_example() -> None:
    settings = (ROOT / "config" / "settings.py").read_text()
    read = {name for match in READ.findall(settings) for name in match if name}
    explained = set(re.findall(r"^(\w+)=", (ROOT / "config" / "env.example").read_text(), re.MULTILINE))
    assert read == explained


def test_every_line_of_the_example_is_understood() -> None:
    lines = (ROOT / "config" / "env.example").read_text().splitlines()
    assert all(not line or line.startswith("#") or re.match(r"^[A-Z_]+=", line) for line in lines)


@pytest.mark.parametrize("document", documents(), ids=str)
def test_what_a_page_names_is_there(document: Document) -> None:
    """Links, files and folders, commands with their options, settings."""
    assert list(broken_links(document)) == []
    assert list(missing_files(document)) == []
    assert list(unknown_commands(document)) == []
    assert unknown_settings(document) == set()


def test_a_page_that_names_what_is_not_there_is_noticed() -> None:
    wrong = Document(
        Path("docs/wrong.md"),
        "# A head\n[gone](gone.md) [out](../../elsewhere) [no head](architecture.md#nowhere) [good](#a-head)\n"
        "`stoep/feed/gone.py` `feed/gone.py` `stoep/gone/` `stoep/feed/models.py` `feed/models.py` `locale/`\n"
        "```sh\nstoep letters --neighbourhood Kermt \\\n    --colour red\nstoep letter\nstoep staff remove x\n"
        "./dev go\n./dev stoep municipality list\n./dev demo --quick --port 9000\n```\n`STOEP_GONE` and `STOEP_PORT`\n",
    )
    assert list(broken_links(wrong)) == ["gone.md", "../../elsewhere", "architecture.md#nowhere"]
    assert sorted(missing_files(wrong)) == ["feed/gone.py", "stoep/feed/gone.py", "stoep/gone/"]
    assert sorted(unknown_commands(wrong)) == [
        "./dev demo --quick",
        "./dev go",
        "stoep letter",
        "stoep letters --colour",
        "stoep staff remove",
    ]
    assert unknown_settings(wrong) == {"STOEP_GONE"}


def test_a_newcomer_is_told_what_the_checks_of_every_change_run() -> None:
    runs = re.findall(r"^\./dev .*$", (ROOT / ".ci" / "run").read_text(), re.MULTILINE)
    told = [body for _language, body in FENCE.findall(page("README.md").text)]
    assert "".join(f"{line}\n" for line in runs) in told


def test_the_ladder_is_told_as_the_contract_has_it() -> None:
    rows = tables(page("docs/architecture.md"), "| Rung | App | The question it answers |")
    told = {app.strip("*`"): int(rung) for rung, app, _question in rows}
    assert told == rungs()
    assert [int(rung) for rung, _app, _question in rows] == sorted(rungs().values(), reverse=True)
    to_come = {app.strip("*`") for _rung, app, _question in rows if app.startswith("*")}
    assert to_come == {app for app in rungs() if not (ROOT / "stoep" / app).is_dir()}
    assert all(question.endswith((".", "?")) for _rung, _app, question in rows)


def test_a_library_lives_only_where_the_page_says() -> None:
    homes = dict(tables(page("docs/architecture.md"), "| Library | Its home |"))
    assert homes
    used: dict[str, set[str]] = {library: set() for library in homes}
    for file in python_files():
        if "tests" not in file.parts and "bench" not in file.parts:  # a bench measures a library by itself
            for library in _imported(file) & set(homes):
                used[library].add(str(file.relative_to(ROOT / "stoep")))
    assert used == {library: set(re.findall(r"`([^`]+)`", home)) for library, home in homes.items()}


def test_the_words_of_the_glossary_are_the_words_of_the_code() -> None:
    spoken = " ".join(sorted({name for file in python_files() for name in _names(file)}))
    words = [row[0].strip("`") for row in tables(page("docs/glossary.md"), "| Code | Dutch | Meaning |")]
    assert len(words) == len(set(words)) > len(rungs())
    assert [word for word in words if word.replace(" ", "") not in spoken] == []


def test_every_decision_is_one_page_with_its_cost() -> None:
    files = sorted((ROOT / "docs" / "decisions").glob("0*.md"))
    listed = re.findall(r"^(\d+)\. \[(.+)\]\((.+)\)$", page("docs/decisions/README.md").text, re.MULTILINE)
    assert [name for _number, _title, name in listed] == [file.name for file in files]
    for at, (file, (number, title, _name)) in enumerate(zip(files, listed, strict=True), start=1):
        text = file.read_text()
        assert (int(number), int(file.name[:4])) == (at, at)
        assert text.startswith(f"# {at}. {title}\n")
        assert re.findall(r"^## (.+)$", text, re.MULTILINE) == PARTS_OF_A_DECISION
        assert len(text.splitlines()) <= LINES_A_PAGE


@pytest.mark.parametrize("name", ["how-to/write-a-test-with-the-cast.md"])
def test_the_test_that_newcomers_copy_passes(
    name: str, cast: Cast, sign_in: Callable[[Client, Person], Client]
) -> None:
    [source] = [body for language, body in FENCE.findall(page(f"docs/{name}").text) if language == "python"]
    spoken: dict[str, Callable[..., None]] = {}
    exec(compile(source, name, "exec"), spoken)  # noqa: S102  our own page, run so that it stays true
    tests = [spoken[each] for each in spoken if each.startswith("test_")]
    assert tests
    for test in tests:
        test(cast=cast, sign_in=sign_in, client=Client())


def _names(file: Path) -> set[str]:
    """The names in a module's code, comments and texts left out: `letter_run` and `LetterRun` as `letterrun`."""
    if not file.is_relative_to(ROOT / "stoep") or "tests" in file.parts:
        return set()
    with file.open() as source:
        tokens = list(tokenize.generate_tokens(source.readline))
    return {token.string.casefold().replace("_", "") for token in tokens if token.type == tokenize.NAME}


def _imported(file: Path) -> set[str]:
    """The packages that a module imports, at its top or inside."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
    return found
