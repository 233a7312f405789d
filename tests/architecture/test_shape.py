"""What the import contracts cannot see: sizes, foreign keys, templates, migrations."""

import ast
import re
from itertools import pairwise
from typing import Any

import pytest
from django.apps import apps
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import AddField
from django.db.models import NOT_PROVIDED, ForeignKey, ManyToManyField, OneToOneField
from django.template import engines
from django.template.backends.jinja2 import Jinja2

from stoep.access.slots import registered
from tests.architecture.ladder import ROOT, python_files, rungs, templates
from tests.architecture.test_doors import patterns

LINES_A_FILE, LINES_A_FUNCTION, LINES_A_TEMPLATE = 400, 50, 150
USED_TEMPLATE = re.compile(r"""{%-?\s*(?:extends|include|import|from)\s+["']([^"']+)["']""")
USED_ADDRESS = re.compile(r"""\burl\(\s*["'](\w+)["']""")
FORBIDDEN_NAMES = {"utils.py", "helpers.py", "services.py", "managers.py", "signals.py", "mixins.py"}


def test_no_file_is_too_long() -> None:
    files = [*python_files(), *(ROOT / "stoep").glob("*/static/**/*.css"), *(ROOT / "stoep").glob("*/static/**/*.js")]
    long = [str(file.relative_to(ROOT)) for file in files if len(file.read_text().splitlines()) > LINES_A_FILE]
    assert long == []


def test_no_function_is_too_long() -> None:
    long = []
    for file in python_files():
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno is not None:
                lines = node.end_lineno - node.lineno + 1
                if lines > LINES_A_FUNCTION:
                    long.append(f"{file.relative_to(ROOT)}: {node.name} {lines}")
    assert long == []


def test_no_template_is_too_long() -> None:
    long = [
        str(file.relative_to(ROOT)) for file in templates() if len(file.read_text().splitlines()) > LINES_A_TEMPLATE
    ]
    assert long == []


def test_no_file_has_a_name_that_explains_nothing() -> None:
    assert [str(file) for file in python_files() if file.name in FORBIDDEN_NAMES] == []


def test_every_module_opens_by_saying_what_it_promises() -> None:
    silent = [
        str(file.relative_to(ROOT))
        for file in python_files()
        if file.read_text().strip() and file.name != "apps.py" and not ast.get_docstring(ast.parse(file.read_text()))
    ]
    assert silent == []


def test_no_foreign_key_points_up_the_ladder() -> None:
    height = rungs()
    upward = []
    for model in apps.get_models():
        if model._meta.app_label not in height:
            continue
        for field in model._meta.get_fields():
            if isinstance(field, ForeignKey | OneToOneField | ManyToManyField) and field.remote_field:
                other = field.remote_field.model._meta.app_label
                if other in height and height[other] > height[model._meta.app_label]:
                    upward.append(f"{model.__name__}.{field.name} → {other}")
    assert upward == []


def test_templates_use_only_their_own_app_and_lower_rungs() -> None:
    height = rungs()
    wrong = []
    for file in templates():
        app = file.relative_to(ROOT / "stoep").parts[0]
        for used in USED_TEMPLATE.findall(file.read_text()):
            other = used.split("/")[0]
            if other != app and height[other] >= height[app]:
                wrong.append(f"{file.relative_to(ROOT)} uses {used}")
    assert wrong == []


def test_only_a_registered_slot_brings_a_template_from_above() -> None:
    """A page of a lower app takes in by a variable what an app handed down: a template of that app's own."""
    by_variable = {
        name for file in templates() for name in re.findall(r"{%-?\s*include\s+([^\s\"'%]+)", file.read_text())
    }
    assert by_variable == {"section.template", "slot.template"}
    assert registered(), "no slots found"
    for slot in registered():
        assert slot.template.split("/")[0] == slot.fill.__module__.split(".")[1]
        assert (ROOT / "stoep" / slot.template.split("/")[0] / "templates" / slot.template).is_file()


def test_templates_lead_to_no_address_of_a_higher_app() -> None:
    height = rungs()
    homes = {str(pattern.name): pattern.callback.__module__.split(".")[1] for pattern in patterns()}
    assert len(homes) > 40
    wrong = []
    for file in templates():
        app = file.relative_to(ROOT / "stoep").parts[0]
        names = USED_ADDRESS.findall(file.read_text())
        wrong += [f"{file.relative_to(ROOT)}: {name}" for name in names if height[homes.get(name, app)] > height[app]]
    assert wrong == []


def test_every_template_of_ours_is_jinja2() -> None:
    assert templates(), "no templates found"
    for file in templates():
        name = str(file.relative_to(ROOT / "stoep" / file.relative_to(ROOT / "stoep").parts[0] / "templates"))
        jinja = engines["jinja2"]
        assert isinstance(jinja, Jinja2)
        assert jinja.get_template(name) is not None


def test_no_template_carries_style_or_script_of_its_own() -> None:
    """The policy forbids both; mails are the exception, where style must be inline."""
    inline = re.compile(r"<style|\sstyle=|<script(?![^>]*\ssrc=)|\son[a-z]+=", re.IGNORECASE)
    pages = [file for file in templates() if "mail" not in file.parts]
    assert [str(file.relative_to(ROOT)) for file in pages if inline.search(file.read_text())] == []


@pytest.mark.parametrize(
    "file", sorted((ROOT / "stoep").glob("*/migrations/0*.py")), ids=lambda file: f"{file.parts[-3]}"
)
def test_migrations_stand_alone_and_have_names(file: object) -> None:
    text = file.read_text()  # type: ignore[attr-defined]  # a Path; pytest's parameters are untyped
    assert "stoep." not in text
    assert "_auto_" not in str(file)


def test_a_new_column_lets_the_release_before_go_on_writing() -> None:
    """While both run, the old one names no column that it does not know: the database itself must fill it."""
    bare = []
    for (app, name), migration in MigrationLoader(None, ignore_no_migrations=True).disk_migrations.items():
        for change in migration.operations if app in rungs() else ():
            if isinstance(change, AddField) and not isinstance(change.field, ManyToManyField):
                now: Any = apps.get_model(app, change.model_name)._meta.get_field(change.name)
                is_filled = now.null or now.db_default is not NOT_PROVIDED
                bare += [] if is_filled else [f"{app}.{name}: {change.model_name}.{change.name}"]
    assert bare == []


def test_the_ladder_is_read_from_the_contract() -> None:
    height = rungs()
    order = ["common", "shell", "places", "people", "access", "delivery", "feed", "cityhall", "operations"]
    assert all(height[low] < height[high] for low, high in pairwise(order))
    assert height["feed"] == height["joining"] == height["neighbours"]
