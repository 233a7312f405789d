"""What something unsafe adds to its post: whom to call, said first; then what, where and when. Never who."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from stoep.access.slots import Slot
from stoep.exchange.emergency_numbers import numbers_in
from stoep.exchange.models import WHEN_LENGTH, WHERE_LENGTH, Hazard
from stoep.exchange.short_texts import ShortText
from stoep.feed.models import Post
from stoep.feed.parts import CardWords, Fact, Part, Section
from stoep.people.models import Person
from stoep.people.standing import Standing

ASKED = ("what", "where", "when")


class HazardForm(forms.Form):
    what = forms.ChoiceField(
        label=_("What is it?"),
        choices=Hazard.What.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what is unsafe.")},
    )
    where = ShortText(
        label=_("In which street or place?"),
        max_length=WHERE_LENGTH,
        required=True,
        help_text=_("Without a house number. For example: at the playground in Koorstraat."),
        error_messages={"required": _("Say where it is.")},
    )
    when = ShortText(
        label=_("When?"),
        max_length=WHEN_LENGTH,
        required=True,
        help_text=_("For example: since this morning."),
        error_messages={"required": _("Say when it was.")},
    )


def _write(post: Post, /, *, answers: Mapping[str, Any], now: datetime) -> None:
    del now
    Hazard.objects.update_or_create(post=post, defaults={name: answers[name] for name in ASKED})


def _kept(post: Post) -> dict[str, Any]:
    found = Hazard.objects.filter(post=post).values(*ASKED).first()
    return dict(found or {})


def _cards(_viewer: Standing, post_ids: Sequence[UUID]) -> dict[UUID, CardWords]:
    return {each.post_id: _words(each) for each in Hazard.objects.filter(post__in=post_ids)}


def _words(it: Hazard) -> CardWords:
    return CardWords(facts=[Fact("warning", it.get_what_display()), Fact("map-pin", it.where), Fact("clock", it.when)])


def _section(_person: Person, _post: Post, _now: datetime) -> Section | None:
    """Whoever reads it may stand before the same danger."""
    return Section("exchange/_hazard.html", {"numbers_in": numbers_in})


def _first(_person: Person, _now: datetime) -> dict[str, Any]:
    return {"numbers_in": numbers_in}


SAID_FIRST = Slot("composer.first", 10, _first, "exchange/_call_first.html")

HAZARD = Part(
    name="hazard",
    kinds=frozenset({"unsafe"}),
    title=_("What, where and when?"),
    form=HazardForm,
    kept=_kept,
    write=_write,
    cards=_cards,
    section=_section,
)
