"""What "help offered" adds to its post: nothing to fill in, and on its page the way to write to whoever offers."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy

from stoep.conversations.queries import addressee
from stoep.feed.models import Post
from stoep.feed.parts import CardWords, Part, Section
from stoep.people.models import Person
from stoep.people.standing import Standing


class NothingAskedForm(forms.Form):
    """The words say it."""


def _write(_post: Post, /, *, answers: Mapping[str, Any], now: datetime) -> None:
    del answers, now


def _kept(_post: Post) -> dict[str, Any]:
    return {}


def _cards(_viewer: Standing, _post_ids: Sequence[UUID]) -> Mapping[UUID, CardWords]:
    return {}


def _section(person: Person, post: Post, _now: datetime) -> Section | None:
    """To whom its author may be written by; whoever it is, no number stands there."""
    if person.pk == post.author_id or not person.standing.is_member or addressee(person, post.author_id) is None:
        return None
    return Section("exchange/_offered.html", {})


OFFERED = Part(
    name="offered",
    kinds=frozenset({"help_offered"}),
    title=gettext_lazy("Help offered"),
    form=NothingAskedForm,
    kept=_kept,
    write=_write,
    cards=_cards,
    section=_section,
)
