"""The documentation agrees with the code."""

import re

from stoep.operations import generated
from tests.architecture.ladder import ROOT

READ = re.compile(r"""_(?:text|truth|number|key)\("(\w+)"|environ(?:\.get\(|\[)"(STOEP_\w+|DATABASE_URL)""")


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
