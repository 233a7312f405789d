"""The words in which every app declares the personal data it holds: each `personal_data.py` is a tuple of them.

From these declarations follow the download, leaving, erasing, the nightly forgetting, the notice and docs/register.md.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any, Self

from django.apps import apps
from django.db.models import Model
from django.db.models.enums import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from stoep.people.models import Person

Words = str | Promise
Row = Mapping[str, Any]
ONLY_YOU: Words = _("only you")


class Basis(TextChoices):
    """Why the law lets us hold it (GDPR art. 6)."""

    CONTRACT = "contract", _("Needed to take part (art. 6.1.b)")
    CONSENT = "consent", _("You said yes, and may take it back (art. 6.1.a)")
    PUBLIC_TASK = "public_task", _("A task of the city (art. 6.1.e)")
    LEGAL_DUTY = "legal_duty", _("The law asks for it (art. 6.1.c)")
    SAFETY = "safety", _("To keep the neighbourhood safe (art. 6.1.f)")


def months(number: int) -> timedelta:
    """Months of 30.44 days."""
    return timedelta(days=round(number * 365.25 / 12))


@dataclass(frozen=True)
class Kept:
    """Until when. `forget(now)` removes what is older than `period`, each night, and answers how many rows.

    No `period`: it ends with what `words` say. A period without `forget` is kept by a job of the app itself.
    """

    words: Words
    period: timedelta | None = None
    forget: Callable[[datetime], int] | None = None


@dataclass(frozen=True)
class Attached:
    """A value of a row that is a file: it lies in the download under `name`, and `read()` gives its bytes."""

    name: str
    read: Callable[[], bytes]


class Coded(str):
    """A value with words of its own: programs read the code, people the `label`."""

    __slots__ = ("label",)
    label: Words

    def __new__(cls, code: str, label: Words) -> Self:
        made = super().__new__(cls, code)
        made.label = label
        return made


@dataclass(frozen=True)
class Exported:
    """In the download: the rows whose `owner` (a look-up of the model) is the person, each with these fields.

    `fields`: path of an attribute ("neighbourhood.name") → its label. Nothing that others wrote belongs here.
    """

    owner: str
    fields: Mapping[str, Words]

    def rows(self, model: type[Model], person: Person) -> Iterator[Row]:
        found = model._default_manager.filter(**{self.owner: person.pk}).order_by("pk")  # noqa: SLF001  documented
        for thing in found:
            yield {path: _value(thing, path) for path in self.fields}


@dataclass(frozen=True)
class ExportedBy:
    """As `Exported`, where the rows need a hand: `find(person)` answers mappings with the keys of `fields`."""

    fields: Mapping[str, Words]
    find: Callable[[Person], Iterable[Row]]

    def rows(self, _model: type[Model], person: Person) -> Iterator[Row]:
        yield from self.find(person)


@dataclass(frozen=True)
class NotExported:
    """Not in the download, and why: it tells the person nothing, or is somebody else's."""

    why: Words


@dataclass(frozen=True)
class Deleted:
    """At erasure the rows of this `owner` (a look-up) are deleted."""

    owner: str

    def run(self, model: type[Model], person: Person, _now: datetime) -> None:
        model._default_manager.filter(**{self.owner: person.pk}).delete()  # noqa: SLF001  documented

    @property
    def words(self) -> Words:
        return _("deleted")


@dataclass(frozen=True)
class Unlinked:
    """At erasure the row stays, and its `field` no longer says who it was."""

    field: str

    def run(self, model: type[Model], person: Person, _now: datetime) -> None:
        model._default_manager.filter(**{self.field: person.pk}).update(**{self.field: None})  # noqa: SLF001

    @property
    def words(self) -> Words:
        return _("stays without a name")


@dataclass(frozen=True)
class ErasedBy:
    """At erasure `act(person, now)` is run, in the one transaction of the erasure."""

    words: Words
    act: Callable[[Person, datetime], None]

    def run(self, _model: type[Model], person: Person, now: datetime) -> None:
        self.act(person, now)


@dataclass(frozen=True)
class GoesWith:
    """The database deletes it with the row that it belongs to."""

    words: Words

    def run(self, _model: type[Model], _person: Person, _now: datetime) -> None:
        """Nothing more to do."""


Step = Deleted | Unlinked | ErasedBy | GoesWith


@dataclass(frozen=True)
class Hiding:
    """What becomes invisible the moment somebody leaves, and as it was when they come back within 14 days.

    `hide(person, now)`: `now` becomes `person.left_at`. `show(person, left_at)`: exactly what `hide` did then.
    """

    hide: Callable[[Person, datetime], None]
    show: Callable[[Person, datetime], None]


@dataclass(frozen=True)
class Declaration:
    """One table with personal data."""

    model: type[Model]
    what: Words
    purpose: Words
    basis: Basis
    kept: tuple[Kept, ...]
    exported: Exported | ExportedBy | NotExported
    erased: tuple[Step, ...]
    seen_by: Words = ONLY_YOU
    hidden: Hiding | None = None

    @property
    def table(self) -> str:
        """As the register and the download call it: `feed.Post`."""
        return table_of(self.model)


@dataclass(frozen=True)
class Impersonal:
    """A table from which a path leads to a person, though it says nothing about anybody: and why that is so."""

    model: type[Model]
    why: Words


def table_of(model: type[Model]) -> str:
    return str(model._meta.label)  # noqa: SLF001  documented


@cache
def declarations() -> tuple[Declaration, ...]:
    """Those of all apps, the lowest app first."""
    return tuple(each for module in _modules() for each in module.DATA)


@cache
def impersonal() -> tuple[Impersonal, ...]:
    return tuple(each for module in _modules() for each in getattr(module, "IMPERSONAL", ()))


@cache
def taken_back() -> dict[str, Callable[[Person, datetime], None]]:
    """What is done when a consent is taken back, by its purpose: `TAKEN_BACK` of the modules."""
    return {key: act for module in _modules() for key, act in getattr(module, "TAKEN_BACK", {}).items()}


def _modules() -> list[ModuleType]:
    ours = [config.name for config in apps.get_app_configs() if config.name.startswith("stoep.")]
    return [import_module(f"{name}.personal_data") for name in ours if find_spec(f"{name}.personal_data")]


def _value(thing: Any, path: str) -> Any:
    for name in path.split("."):
        say = getattr(thing, f"get_{name}_display", None)
        thing = getattr(thing, name) if thing is not None else None
        if say is not None and thing:
            thing = Coded(thing, say())
    return thing
