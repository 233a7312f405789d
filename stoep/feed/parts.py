"""What the apps above add to posts of some kinds: questions in the composer, words on the card, a piece of the page.

The feed keeps the post; each part keeps its own table, one-to-one to Post, and is handed down in `ready()`. A post of
such a kind may have no row there, as one that was placed otherwise: then it stands as a plain message.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.choices import flatten_choices
from django.utils.functional import Promise

from stoep.feed.models import Post
from stoep.people.models import Person
from stoep.people.standing import Standing

# What a form of a part may hold, so that a draft stays small.
MOST_ANSWERS, ANSWER_LENGTH = 40, 500


@dataclass(frozen=True)
class Fact:
    """A line on a card, as "Free until 3 December"."""

    icon: str
    text: str


@dataclass(frozen=True)
class Chip:
    """A state on a card, beside its kind. `tint`: a key of shell/chips.html."""

    tint: str
    label: str | Promise


@dataclass(frozen=True)
class Answer:
    """What a reader can do at once, in place of "Reply": it leads to a page, as a card holds no token."""

    label: str
    icon: str
    href: str


@dataclass(frozen=True)
class CardWords:
    """What a part says on one card. Cards are kept: it depends on the post and its version, on nothing of the viewer.

    Whoever changes what it says calls `feed.actions.touch(post)`.
    """

    chips: Sequence[Chip] = ()
    facts: Sequence[Fact] = ()
    answer: Answer | None = None


@dataclass(frozen=True)
class Section:
    """A piece of the post's page: a template of the part's own app, with what it needs (there as `section`).

    `leads`: the page's main button is in it.
    """

    template: str
    facts: Mapping[str, Any]
    leads: bool = False


class PartRefused(ValueError):
    """Why a part cannot be written now: `words`, said at `field` of its form, or above it. What was typed stays."""

    def __init__(self, words: str | Promise, field: str | None = None) -> None:
        super().__init__(str(words))
        self.words, self.field = words, field


class PartWriter(Protocol):
    def __call__(self, post: Post, /, *, answers: Mapping[str, Any], now: datetime) -> None:
        """Make or change the row of this post: `answers` as the part's form cleaned them. Raises PartRefused."""


@dataclass(frozen=True)
class Part:
    """`name` stands before its fields' names. `title`: what its questions are about.

    `form`: at most two or three questions. `kept`: what the form of an edit begins with. `write`: the row, in the
    transaction that places or changes the post. `cards`: for many posts in one query. `section`: for one reader.
    `helpers`: who can be thanked besides those who answered, with the name that this reader may see; to the others than
    the author only who was thanked. `solved`: in the transaction in which a request is solved.
    `removed`: in the transaction in which its author deletes the post. `warning`: what this author should know first.
    """

    name: str
    kinds: frozenset[str]
    title: Any
    form: type[forms.Form]
    kept: Callable[[Post], dict[str, Any]]
    write: PartWriter
    cards: Callable[[Standing, Sequence[UUID]], Mapping[UUID, CardWords]]
    section: Callable[[Person, Post, datetime], Section | None]
    helpers: Callable[[Person, Post], Mapping[UUID, str]] | None = None
    solved: Callable[[Post, datetime], None] | None = None
    removed: Callable[[Post, datetime], None] | None = None
    warning: Callable[[Person, datetime], str] | None = None

    def warning_for(self, person: Person, now: datetime) -> str:
        return self.warning(person, now) if self.warning else ""


@dataclass
class _Registry:
    parts: dict[str, Part] = field(default_factory=dict)


_registry = _Registry()


def register(part: Part) -> None:
    _registry.parts[part.name] = part


def all_parts() -> list[Part]:
    return list(_registry.parts.values())


def part_of(kind: str) -> Part | None:
    """The one part that adds to posts of this kind, if any does."""
    return next((part for part in _registry.parts.values() if kind in part.kinds), None)


def card_words(viewer: Standing, kinds: Mapping[UUID, str]) -> dict[UUID, CardWords]:
    """What the parts say on these cards (post → kind): one query for each part that has a card among them."""
    found: dict[UUID, CardWords] = {}
    for part in _registry.parts.values():
        asked = [post_id for post_id, kind in kinds.items() if kind in part.kinds]
        if asked:
            found.update(part.cards(viewer, asked))
    return found


def other_helpers(reader: Person, post: Post) -> Mapping[UUID, str]:
    """Whom the part of this kind knows to have helped, or to want to."""
    part = part_of(post.kind)
    return part.helpers(reader, post) if part and part.helpers else {}


def is_solved(post: Post, now: datetime) -> None:
    part = part_of(post.kind)
    if part and part.solved:
        part.solved(post, now)


def is_removed(post: Post, now: datetime) -> None:
    part = part_of(post.kind)
    if part and part.removed:
        part.removed(post, now)


def refuse_part(questions: forms.Form | None, error: PartRefused) -> None:
    """Say kindly at the question why it cannot be."""
    if questions is not None:
        questions.add_error(error.field, str(error.words))


def answers_in(sent: QueryDict) -> dict[str, list[str]]:
    """What was typed into the questions of any part, right or wrong, to be kept in a draft."""
    starts = tuple(f"{name}-" for name in _registry.parts)
    names = [name for name in sent if starts and name.startswith(starts)][:MOST_ANSWERS]
    return {name: [value[:ANSWER_LENGTH] for value in sent.getlist(name)[:MOST_ANSWERS]] for name in names}


def forms_for(
    *, sent: QueryDict | None = None, kept: Mapping[str, list[str]] | None = None, kind: str = ""
) -> dict[str, forms.Form]:
    """The questions of each part, by its name. Of what was sent only the chosen kind's are looked at.

    None is marked as required to the browser: it would let nobody send the form for what stands hidden in it.
    """
    return {
        part.name: part.form(sent, prefix=part.name, use_required_attribute=False)
        if sent is not None and kind in part.kinds
        else part.form(
            prefix=part.name,
            initial=_initial(part, kept if sent is None else answers_in(sent)),
            use_required_attribute=False,
        )
        for part in _registry.parts.values()
    }


def said_in(kept: Mapping[str, list[str]]) -> list[str]:
    """What was typed into the questions of any part, each after its question: "When?: Today"."""
    said = []
    for part in _registry.parts.values():
        for name, asked in part.form.base_fields.items():
            values = [value for value in kept.get(f"{part.name}-{name}", []) if value]
            offered = dict(flatten_choices(getattr(asked, "choices", ())))
            words = [str(offered.get(value, value)) for value in values]
            if words:
                said.append(f"{asked.label or name}: {', '.join(words)}")
    return said


def form_of_edit(part: Part, post: Post, *, sent: QueryDict | None, is_checked: bool) -> forms.Form:
    """The questions of a post that stands. `is_checked`: look at what was sent; else only keep it."""
    typed = _initial(part, answers_in(sent)) if sent is not None and not is_checked else {}
    return part.form(sent if is_checked else None, prefix=part.name, initial=part.kept(post) | typed)


def _initial(part: Part, kept: Mapping[str, list[str]] | None) -> dict[str, Any]:
    start = f"{part.name}-"
    mine = {name.removeprefix(start): values for name, values in (kept or {}).items() if name.startswith(start)}
    return {name: _value(part, name, values) for name, values in mine.items() if values}


def _value(part: Part, name: str, values: list[str]) -> Any:
    asked = part.form.base_fields.get(name)
    return values if isinstance(asked, forms.MultipleChoiceField | forms.ModelMultipleChoiceField) else values[-1]
