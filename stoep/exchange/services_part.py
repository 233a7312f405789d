"""What babysitting and services add to their post: sought or offered, when, children of which age."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stoep.exchange.models import AGES_LENGTH, WHEN_LENGTH, Service
from stoep.exchange.short_texts import ShortText
from stoep.feed.models import Post
from stoep.feed.parts import CardWords, Chip, Fact, Part, Section
from stoep.people.models import Person
from stoep.people.standing import Standing


class ServiceForm(forms.Form):
    side = forms.ChoiceField(
        label=gettext_lazy("Do you look for it, or offer it?"),
        choices=Service.Side.choices,
        required=False,
        widget=forms.RadioSelect,
    )
    when = ShortText(
        label=gettext_lazy("When?"),
        max_length=WHEN_LENGTH,
        help_text=gettext_lazy("For example: on Wednesday afternoon."),
    )
    ages = ShortText(
        label=gettext_lazy("How old are the children?"),
        max_length=AGES_LENGTH,
        help_text=gettext_lazy("For babysitting. For example: 3 and 6 years."),
    )


def _write(post: Post, /, *, answers: Mapping[str, Any], now: datetime) -> None:
    del now
    Service.objects.update_or_create(post=post, defaults={name: answers[name] for name in ("side", "when", "ages")})


def _kept(post: Post) -> dict[str, Any]:
    found = Service.objects.filter(post=post).values("side", "when", "ages").first()
    return dict(found or {})


def _cards(_viewer: Standing, post_ids: Sequence[UUID]) -> dict[UUID, CardWords]:
    return {each.post_id: _words(each) for each in Service.objects.filter(post__in=post_ids)}


def _words(service: Service) -> CardWords:
    facts = [Fact("calendar-blank", service.when)] if service.when else []
    if service.ages:
        facts.append(Fact("baby", _("Children: %(ages)s") % {"ages": service.ages}))
    return CardWords(chips=_side(service.side), facts=facts)


def _side(side: str) -> list[Chip]:
    """The word for readers; "I look for somebody" is what its author ticks."""
    if not side:
        return []
    is_offered = side == Service.Side.OFFERED
    return [Chip("help_offered", _("Offered")) if is_offered else Chip("question", _("Sought"))]


def _section(_person: Person, _post: Post, _now: datetime) -> Section | None:
    return None


SERVICES = Part(
    name="service",
    kinds=frozenset({"service"}),
    title=gettext_lazy("Sought or offered?"),
    form=ServiceForm,
    kept=_kept,
    write=_write,
    cards=_cards,
    section=_section,
)
