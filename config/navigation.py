"""Where people can go: declared here once, for residents and for each role of the city."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from stoep.people.models import Person
from stoep.people.models import RoleName as R


@dataclass(frozen=True)
class Item:
    """`home`: the path below which this item is the current one; `roles`: who sees it (none: every resident)."""

    name: str
    label: Promise
    icon: str
    is_primary: bool = False
    roles: frozenset[str] = frozenset()


RESIDENT = (
    Item("feed", _("Square"), "house"),
    Item("new_post", _("New"), "plus-circle", is_primary=True),
    Item("settings", _("Me"), "user-circle"),
)
CITY = (
    Item("announcements", _("Messages"), "megaphone", roles=frozenset({R.EDITOR, R.APPROVER, R.CITY_ADMIN})),
    Item("rollout", _("Neighbourhoods"), "map-trifold", roles=frozenset({R.ROLLOUT, R.CITY_ADMIN, R.ANALYST, R.DPO})),
    Item("letters", _("Letters"), "envelope-simple", roles=frozenset({R.ROLLOUT, R.CITY_ADMIN})),
    Item("imports", _("Imports"), "upload-simple", roles=frozenset({R.ROLLOUT, R.CITY_ADMIN})),
    Item("departments", _("Departments"), "buildings", roles=frozenset({R.CITY_ADMIN})),
    Item("staff", _("Staff"), "identification-badge", roles=frozenset({R.CITY_ADMIN})),
    Item("settings", _("Me"), "user-circle", roles=frozenset(R)),
)


def items_for(request: HttpRequest, person: Person | None) -> list[dict[str, Any]]:
    """The items of this person's rail or bar, the current one marked."""
    return [_shown(item, request.path) for item in _items(person)]


def _items(person: Person | None) -> Iterator[Item]:
    if person is None:
        return
    if not person.is_staff_member:
        if person.standing.is_member:
            yield from RESIDENT
        return
    yield from (item for item in CITY if not item.roles.isdisjoint(person.standing.roles))


def _shown(item: Item, path: str) -> dict[str, Any]:
    href = _address(item.name)
    is_current = path == href if item.is_primary or href == "/" else path.startswith(href)
    return {
        "label": item.label,
        "href": href,
        "icon": item.icon,
        "is_primary": item.is_primary,
        "is_current": is_current,
    }


@cache
def _address(name: str) -> str:
    return reverse(name)
