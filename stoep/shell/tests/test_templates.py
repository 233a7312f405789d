"""What holds for every template of every app, read from their sources."""

import re
from pathlib import Path

import pytest

from stoep.shell.icons import symbols

STOEP = Path(__file__).parents[2]
PAGES = sorted(path for path in STOEP.glob("*/templates/**/*.html") if "mail" not in path.parts)
BY_NAME = {str(path.relative_to(STOEP)): path.read_text() for path in PAGES}
# icon("house"), icon("house", "fill"), icon=…"house", "icon": "house"
ICON = re.compile(r"""(?:\bicon\(|\bicon=|\bicon_text\(|"icon": ?)["']([a-z-]+)["']""")
FILLED = re.compile(r"""\bicon\(["']([a-z-]+)["'],\s*["']fill["']""")
# A mail brings its own looks, and a page's look comes from the one sheet.
STYLE = re.compile(r"<style|\sstyle=|<script(?![^>]*\bsrc=)|\son[a-z]+=\"|javascript:", re.IGNORECASE)
COLOUR = re.compile(r"""(?<!href=)["'\s:]#[0-9a-fA-F]{3}(?:[0-9a-fA-F]{3})?\b""")
ELSEWHERE = re.compile(r"""(?:src|href|action)=["'](?:https?:)?//""")


def test_there_are_templates_to_read() -> None:
    assert "shell/templates/shell/base.html" in BY_NAME


@pytest.mark.parametrize("name", BY_NAME)
def test_every_icon_is_in_the_sprite(name: str) -> None:
    used = {*ICON.findall(BY_NAME[name]), *(f"{icon}-fill" for icon in FILLED.findall(BY_NAME[name]))}
    assert used <= symbols()


@pytest.mark.parametrize("name", BY_NAME)
def test_no_style_or_script_stands_inside_a_page(name: str) -> None:
    assert STYLE.findall(BY_NAME[name]) == []


@pytest.mark.parametrize("name", BY_NAME)
def test_no_page_fetches_from_another_host(name: str) -> None:
    assert ELSEWHERE.findall(BY_NAME[name]) == []


@pytest.mark.parametrize("name", BY_NAME)
def test_no_page_names_a_colour(name: str) -> None:
    assert COLOUR.findall(BY_NAME[name]) == []


def test_the_patterns_catch_what_they_are_for() -> None:
    assert ICON.findall("""{{ icon("a-b") }} button("x", icon="c") {"icon": "d"} icon_text('e', x)""") == [
        "a-b",
        "c",
        "d",
        "e",
    ]
    assert all(map(STYLE.search, ('<p style="a">', "<style>", "<script>x", '<a onclick="x">')))
    assert not STYLE.search('<script src="x" defer>')
    assert COLOUR.search("color: #fff;")
    assert not COLOUR.search('href="#add"')
