"""What the documentation says that a machine can compare with the code: links, files, commands, words, tables."""

import argparse
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from stoep.operations import command_line, development
from tests.architecture.ladder import ROOT

LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^ *```(\w*)\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"`([^`\n]+)`")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
WORD = r"[A-Za-z0-9_.\-]"
# Folders and files that the repository holds, as the pages name them: whole, or as "app/file" inside `stoep/`.
NAMED = re.compile(rf"(?<![\w/.<~])((?:stoep|config|tests|requirements|locale|docs|\.ci)/(?:{WORD}+/?)*)(?![\w<…*])")
FILE = re.compile(rf"\b((?:{WORD}+/)+{WORD}+\.(?:py|typ|md|css|js|html|toml))\b")
# What is made on the machine, or stands for a file of the reader's own.
NOT_OURS = ("var/", ".venv/", "build/")
DEV = re.compile(r"\./dev (\w+)((?: [^\s`]+)*)")
STOEP = re.compile(r"(?:^|(?<=\./dev )|\.venv/bin/)stoep ((?:[^\s\\]+[ \t]*(?:\\\n\s*)?)+)", re.MULTILINE)
SETTING = re.compile(r"\b(?:STOEP_[A-Z_]*[A-Z]|DATABASE_URL)\b")


@dataclass(frozen=True)
class Document:
    """A page; `where` is its place in the repository."""

    where: Path
    text: str

    def __str__(self) -> str:
        return str(self.where)

    @property
    def code(self) -> str:
        """Everything that is set as code, fenced or in a line, each piece on lines of its own."""
        spans = SPAN.findall(FENCE.sub("", self.text))
        return "\n".join([*(body for _language, body in FENCE.findall(self.text)), *spans]) + "\n"

    @property
    def anchors(self) -> set[str]:
        return {_anchor(heading) for heading in HEADING.findall(FENCE.sub("", self.text))}


def documents() -> list[Document]:
    files = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    return [Document(file.relative_to(ROOT), file.read_text()) for file in sorted(files)]


def broken_links(page: Document) -> Iterator[str]:
    """Relative links that lead nowhere, and anchors that no heading has."""
    for target in LINK.findall(FENCE.sub("", page.text)):
        if re.match(r"[a-z]+:", target):
            continue
        name, _hash, anchor = target.partition("#")
        file = (ROOT / page.where.parent / name).resolve()
        is_there = not name or (file.exists() and file.is_relative_to(ROOT))
        goal = Document(page.where, file.read_text()) if is_there and name and anchor else page
        if not is_there or (anchor and anchor not in goal.anchors):
            yield target


def missing_files(page: Document) -> Iterator[str]:
    """Files and folders that the page names and the repository does not hold."""
    for name in {*NAMED.findall(page.code), *FILE.findall(page.code)}:
        is_there = (ROOT / name).exists() or (ROOT / "stoep" / name).exists()
        if not is_there and not name.startswith(NOT_OURS) and not _is_by_way_of_example(name):
            yield name


def unknown_commands(page: Document) -> Iterator[str]:
    """Words after `./dev` and `stoep` that those commands would not understand."""
    for name, rest in DEV.findall(page.code):
        if name not in development.COMMANDS:
            yield f"./dev {name}"
        elif name in {"demo", "clean"}:
            source = (ROOT / "stoep/operations/development.py").read_text()
            yield from (f"./dev {name} {flag}" for flag in _flags(rest) if f'"{flag}"' not in source)
    for words in STOEP.findall(page.code):
        yield from _unknown_words(command_line._parser(), words.replace("\\\n", " ").split())


def unknown_settings(page: Document) -> set[str]:
    """Names of environment variables that nothing reads."""
    files = ("config/env.example", "dev", "stoep/operations/preparing.py")
    known = {name for file in files for name in SETTING.findall((ROOT / file).read_text())}
    return set(SETTING.findall(page.text)) - known


def tables(page: Document, heads: str) -> list[list[str]]:
    """The rows of every table whose first line is `heads`, cell by cell."""
    found: list[list[str]] = []
    is_inside = False
    for line in page.text.splitlines():
        is_inside = line == heads or (is_inside and line.startswith("|"))
        if is_inside and line != heads and not line.startswith("|---"):
            found.append([cell.strip() for cell in line.strip("|").split("|")])
    return found


def page(name: str) -> Document:
    return Document(Path(name), (ROOT / name).read_text())


def _unknown_words(parser: argparse.ArgumentParser, words: list[str]) -> Iterator[str]:
    """Follow the words down the subcommands, then look at the options of the last one."""
    while words and (below := _subcommands(parser)):
        name, *words = words
        if name.startswith("-"):
            break
        if name not in below:
            yield f"{parser.prog} {name}"
            return
        parser = below[name]
    known = set(parser._option_string_actions)
    yield from (f"{parser.prog} {flag}" for flag in _flags(" ".join(words)) if flag not in known)


def _subcommands(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    found: dict[str, argparse.ArgumentParser] = {}
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            found.update(action.choices)
    return found


def _flags(words: str) -> list[str]:
    return re.findall(r"(?<!\S)(--[a-z-]+)", words)


def _is_by_way_of_example(name: str) -> bool:
    """The language that nobody has added yet, in `docs/how-to/add-a-language.md`."""
    return name.startswith("locale/tr/")


def _anchor(heading: str) -> str:
    plain = re.sub(r"[^\w\- ]", "", heading.casefold())
    return plain.strip().replace(" ", "-")
