"""Messages that we begin for somebody: handed down by the apps above, opened by `?begin=NAME`, and theirs to change."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.functional import Promise


@dataclass(frozen=True)
class Starter:
    """What stands in the composer. `answers`: to the questions of the kind, as "help-skill"."""

    name: str
    kind: str
    title: Promise
    body: Promise
    answers: Mapping[str, str] = field(default_factory=dict)

    @property
    def words(self) -> dict[str, object]:
        return {"kind": self.kind, "title": str(self.title), "body": str(self.body)}

    @property
    def kept(self) -> dict[str, list[str]]:
        """The answers, as those of a draft are kept."""
        return {name: [value] for name, value in self.answers.items()}


@dataclass
class _Registry:
    starters: dict[str, Starter] = field(default_factory=dict)


_registry = _Registry()


def register(starter: Starter) -> None:
    _registry.starters[starter.name] = starter


def starter_named(name: str) -> Starter | None:
    return _registry.starters.get(name)
