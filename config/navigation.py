"""Where people can go: declared here once, for residents and for each role of the city."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from stoep.conversations.queries import unread_chats
from stoep.people.models import Person
from stoep.people.models import RoleName as R

ANYBODY = UUID(int=0)


@dataclass(frozen=True)
class Item:
    """`roles`: who sees it (none: every resident). `is_wide`: in the rail and in lists, not in the bar of a phone."""

    name: str
    label: Promise
    icon: str
    is_primary: bool = False
    is_wide: bool = False
    roles: frozenset[str] = frozenset()


RESIDENT = (
    Item("feed", _("Square"), "house"),
    Item("agenda", _("Agenda"), "calendar-blank"),
    Item("new_post", _("New"), "plus-circle", is_primary=True),
    Item("conversations", _("Chat"), "chats"),
    Item("people", _("Neighbours"), "users-three"),
    Item("shelf", _("Sharing"), "toolbox", is_wide=True),
    Item("settings", _("Me"), "user-circle", is_wide=True),
)
# Neighbours with a task: between the square and their own page. A bar holds five: on a phone both are found by the face
# at the top.
TASKS = (Item("ambassador", _("Task"), "flag", is_wide=True, roles=frozenset({R.AMBASSADOR})),)
CITY = (
    Item("moderation", _("Reports"), "flag", roles=frozenset({R.MODERATOR})),
    Item("announcements", _("Messages"), "megaphone", roles=frozenset({R.EDITOR, R.APPROVER, R.CITY_ADMIN})),
    Item("city_requests", _("Requests for help"), "lifebuoy", roles=frozenset({R.EDITOR, R.APPROVER})),
    Item("rollout", _("Neighbourhoods"), "map-trifold", roles=frozenset({R.ROLLOUT, R.CITY_ADMIN, R.ANALYST, R.DPO})),
    Item("letters", _("Letters"), "envelope-simple", roles=frozenset({R.ROLLOUT, R.CITY_ADMIN})),
    Item("imports", _("Imports"), "upload-simple", roles=frozenset({R.ROLLOUT, R.CITY_ADMIN})),
    Item("desk", _("Help somebody"), "lifebuoy", roles=frozenset({R.DESK})),
    Item("departments", _("Departments"), "buildings", roles=frozenset({R.CITY_ADMIN})),
    Item("staff", _("Staff"), "identification-badge", roles=frozenset({R.CITY_ADMIN})),
    Item("look", _("Look"), "sparkle", roles=frozenset({R.CITY_ADMIN})),
    Item("city_ambassadors", _("Ambassadors"), "handshake", roles=frozenset({R.CITY_ADMIN})),
    Item("settings", _("Me"), "user-circle", roles=frozenset(R)),
)


@dataclass(frozen=True)
class Own:
    """A page about oneself, in the menu under "Me". Every app may have one here: for neighbours, for staff, or both.

    `role`: only who holds it sees the line.
    """

    name: str
    label: Promise
    icon: str
    is_for_neighbours: bool = True
    is_for_staff: bool = False
    role: str = ""


# Under headings: twenty lines in one list are read by nobody.
ME: tuple[tuple[Promise, tuple[Own, ...]], ...] = (
    (
        _("You and your neighbours"),
        (
            Own("ambassador", _("Task"), "flag", role=R.AMBASSADOR),
            Own("my_posts", _("My messages"), "note-pencil"),
            Own("my_skills", _("What I can help with"), "hand-heart"),
            Own("loans", _("Borrowing and lending"), "toolbox"),
            Own("my_calendar", _("The agenda in my own calendar"), "calendar-blank"),
            Own("invitations", _("Invite a neighbour"), "hand-waving", role=R.NEIGHBOUR),
            Own("known", _("Neighbours who know me"), "handshake", role=R.PROVISIONAL),
            Own("groups", _("Groups"), "users-three", role=R.NEIGHBOUR),
            Own("blocks", _("Blocked neighbours"), "prohibit"),
            Own("my_reports", _("Reports and decisions"), "flag"),
        ),
    ),
    (
        _("Who you are"),
        (
            Own("my_name", _("My name"), "identification-badge"),
            Own("my_photo", _("My photo"), "camera"),
            Own("my_street", _("What neighbours see of my address"), "map-pin"),
            Own("my_protection", _("Not to be found"), "shield-check"),
            Own("moving", _("I have moved, or have a letter"), "house-line"),
            Own("staff_passkeys", _("My passkeys"), "key", is_for_neighbours=False, is_for_staff=True),
        ),
    ),
    (
        _("How we reach you"),
        (
            Own("mail_choices", _("What I want to hear, and when"), "bell"),
            Own("push", _("Messages on this device"), "device-mobile"),
            Own("change_email", _("My e-mail address"), "envelope-simple"),
            Own("my_phone", _("My phone numbers"), "phone"),
        ),
    ),
    (
        _("What we keep"),
        (
            Own("my_data", _("What we know about you"), "eye", is_for_staff=True),
            Own("my_consents", _("What I agreed to"), "check-circle", is_for_staff=True),
            Own("helped", _("Who acted for me"), "lifebuoy"),
            Own("download", _("Download my data"), "download-simple", is_for_staff=True),
        ),
    ),
    (
        _("Stopping"),
        (
            Own("sign_out_everywhere", _("Sign out everywhere"), "device-mobile", is_for_staff=True),
            Own("aside", _("Put my data aside for a while"), "clock"),
            Own("leave", _("Leave this neighbourhood"), "sign-out"),
            Own("leave", _("Stop working here"), "sign-out", is_for_neighbours=False, is_for_staff=True),
        ),
    ),
)


def own_pages(person: Person) -> list[dict[str, Any]]:
    """The menu under "Me" of this person, in its groups; a group in which nothing is theirs is not there."""
    groups = ({"title": title, "pages": [_own(each) for each in pages if _fits(each, person)]} for title, pages in ME)
    return [group for group in groups if group["pages"]]


def items_for(request: HttpRequest, person: Person | None) -> list[dict[str, Any]]:
    """The items of this person's rail or bar, the current one marked."""
    return [{**_shown(item, request.path), "count": _count(item, person)} for item in _items(person)]


def person_url(person_id: UUID) -> str:
    """The page of a neighbour, for the apps that may not know who makes it."""
    return _of_person("person", person_id)


def block_url(person_id: UUID) -> str:
    """Where one keeps away from them."""
    return _of_person("block", person_id)


def message_url(person_id: UUID) -> str:
    """Where one writes to them, or goes on."""
    return _of_person("write_to", person_id)


def _of_person(name: str, person_id: UUID) -> str:
    return _address(name, ANYBODY).replace(str(ANYBODY), str(person_id))


def _count(item: Item, person: Person | None) -> int:
    """How much is new there."""
    return unread_chats(person) if person is not None and item.name == "conversations" else 0


def shelf_url() -> str:
    """What neighbours lend and give, for the feed."""
    return _address("shelf")


def group_feed_url(group_id: UUID) -> str:
    """The messages of a group, for the app beside the feed that keeps its door."""
    return f"{_address('feed')}?group={group_id}"


def group_post_url(group_id: UUID) -> str:
    return f"{_address('new_post')}?group={group_id}"


def group_url(group_id: UUID) -> str:
    """The page of a group, for the feed."""
    return _address("group", ANYBODY).replace(str(ANYBODY), str(group_id))


def _fits(page: Own, person: Person) -> bool:
    is_theirs = page.is_for_staff if person.is_staff_member else page.is_for_neighbours
    return is_theirs and (not page.role or page.role in person.standing.roles)


def _own(page: Own) -> dict[str, Any]:
    return {"label": page.label, "href": _address(page.name), "icon": page.icon}


def _items(person: Person | None) -> Iterator[Item]:
    if person is None:
        return
    if not person.is_staff_member:
        if person.standing.is_member:
            yield from RESIDENT[:-1]
            yield from (task for task in TASKS if not task.roles.isdisjoint(person.standing.roles))
            yield RESIDENT[-1]
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
        "is_wide": item.is_wide,
        "is_current": is_current,
    }


@cache
def _address(name: str, *args: UUID) -> str:
    return reverse(name, args=args or None)
