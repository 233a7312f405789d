"""What a search finds on the shelf: things that no message tells of, by their name in any of our languages."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from stoep.exchange.lending_days import today_in
from stoep.exchange.shelf_kinds import COMMON
from stoep.exchange.shelf_queries import items_for, shown_things, with_state
from stoep.feed.closeness import is_called
from stoep.feed.search_sources import Hit, SearchSource
from stoep.people.models import Person

MOST_SHOWN, LOOKED_AT = 12, 500


def _find(person: Person, asked: Sequence[str], now: datetime) -> list[Hit]:
    """The newest first; those of muted neighbours stay on the shelf."""
    common = [key for key in COMMON if any(is_called(asked, name) for name in _names_of(key))]
    found = items_for(person).filter(told_by=None).exclude(author__in=person.standing.muted)
    found = with_state(found, today_in(person.municipality, now)).order_by("-id")
    own = [item for item in found.exclude(own_name="")[:LOOKED_AT] if is_called(asked, item.own_name)]
    meant = sorted([*found.filter(common__in=common)[:MOST_SHOWN], *own], key=lambda item: item.pk, reverse=True)
    return [
        Hit(
            name=shown.item.name,
            href=reverse("thing", args=[shown.item.pk]),
            meta=" · ".join(filter(None, (shown.owner.name, shown.owner.place, shown.state))),
            icon=shown.category.icon,
        )
        for shown in shown_things(person, meant[:MOST_SHOWN])
    ]


@cache
def _names_of(key: str) -> tuple[str, ...]:
    """Whoever reads Dutch may ask for an échelle."""
    names = []
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            names.append(str(COMMON[key].label))
    return tuple(names)


THINGS = SearchSource("things", _("Things of neighbours"), _find)
