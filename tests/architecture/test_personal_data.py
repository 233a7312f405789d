"""No table may hold something about a person without saying why, until when, and how it is exported and erased."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.db.models import Model

from stoep.people.data_map import (
    Declaration,
    Deleted,
    Exported,
    ExportedBy,
    GoesWith,
    NotExported,
    Unlinked,
    declarations,
    impersonal,
)
from stoep.people.models import Person

NAMES = [declaration.table for declaration in declarations()]


def test_every_table_from_which_a_path_leads_to_a_person_is_declared_once() -> None:
    named = [*(each.model for each in declarations()), *(each.model for each in impersonal())]
    assert len(named) == len(set(named))
    missing = sorted(model._meta.label for model in models_about_people() - set(named))
    assert missing == [], "declare them in personal_data.py: docs/how-to/add-personal-data.md"


@pytest.mark.parametrize("declaration", declarations(), ids=NAMES)
def test_a_declaration_is_whole(declaration: Declaration) -> None:
    for words in (declaration.what, declaration.purpose, declaration.seen_by):
        assert str(words).strip()
    assert declaration.kept, "until when?"
    assert declaration.erased, "how does it end?"
    assert all(str(kept.words) for kept in declaration.kept)
    assert all(kept.period is None or kept.period > timedelta(0) for kept in declaration.kept)
    if isinstance(declaration.exported, NotExported):
        assert str(declaration.exported.why)


@pytest.mark.parametrize("declaration", declarations(), ids=NAMES)
def test_erasing_reaches_every_column_that_names_a_person(declaration: Declaration) -> None:
    """Each foreign key to a person has a step of its own: left out, the database would refuse, or keep the name."""
    ways = {step.owner for step in declaration.erased if isinstance(step, Deleted)}
    ways |= {step.field for step in declaration.erased if isinstance(step, Unlinked)}
    by_hand = any(not isinstance(step, Deleted | Unlinked | GoesWith) for step in declaration.erased)
    columns = {field.name for field in declaration.model._meta.concrete_fields if field.related_model is Person}
    assert by_hand or columns <= ways, columns - ways


@pytest.mark.django_db
@pytest.mark.parametrize("declaration", declarations(), ids=NAMES)
def test_what_is_declared_for_the_download_can_be_asked(declaration: Declaration) -> None:
    exported = declaration.exported
    if isinstance(exported, Exported | ExportedBy):
        assert exported.fields
        assert list(exported.rows(declaration.model, Person())) == []


def test_the_net_sees_a_table_that_was_forgotten() -> None:
    found = {model._meta.label for model in models_about_people()}
    assert {"feed.Thanks", "people.Phone", "delivery.Mail", "rollout.LetterBatch", "mfa.Authenticator"} <= found
    assert not {"places.Address", "joining.LetterCode", "access.Audience"} & found


def models_about_people() -> set[type[Model]]:
    """Every model with a foreign key to a person, or to a model with one, and so on."""
    found: set[type[Model]] = {Person}
    while True:
        reached = {model for model in apps.get_models() if model in found or _leads_to(model, found)}
        if reached == found:
            return found
        found = reached


def _leads_to(model: type[Model], found: set[type[Model]]) -> bool:
    return any(field.related_model in found for field in model._meta.concrete_fields)
