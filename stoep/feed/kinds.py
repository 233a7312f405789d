"""The kinds of post, twelve for neighbours and one for the city: how they are called, drawn, and found again."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ANY_PICTURE = _("For example: three children on a red slide.")


@dataclass(frozen=True)
class Kind:
    """`group`: the filter it falls under; `prompt`: what the title should tell; `picture_hint`: what to say of a photo.

    The shell draws it by its key.
    """

    key: str
    label: Promise
    prompt: Promise
    group: str = ""
    is_for_neighbours: bool = True
    picture_hint: Promise = ANY_PICTURE


_ALL = (
    Kind("question", _("Question"), _("What would you like to know?")),
    Kind(
        "help_wanted",
        _("Help wanted"),
        _("What do you need help with?"),
        "help",
        picture_hint=_("For example: a hedge that is taller than the gate."),
    ),
    Kind(
        "help_offered",
        _("Help offered"),
        _("What can you help with?"),
        "help",
        picture_hint=_("For example: a hedge that is taller than the gate."),
    ),
    Kind(
        "borrow",
        _("I look to borrow"),
        _("What do you want to borrow?"),
        "lend",
        picture_hint=_("For example: a wooden ladder, about three metres long."),
    ),
    Kind(
        "lend",
        _("To lend"),
        _("What can others borrow?"),
        "lend",
        picture_hint=_("For example: a wooden ladder, about three metres long."),
    ),
    Kind(
        "give",
        _("To give away"),
        _("What do you give away?"),
        "lend",
        picture_hint=_("For example: a wooden ladder, about three metres long."),
    ),
    Kind(
        "lost_found",
        _("Lost or found"),
        _("What did you lose or find, and where?"),
        picture_hint=_("For example: a grey cat with one white paw."),
    ),
    Kind(
        "unsafe",
        _("Something unsafe"),
        _("What is unsafe?"),
        picture_hint=_("For example: a deep hole in the pavement."),
    ),
    Kind(
        "activity",
        _("Activity"),
        _("What will you do, and when?"),
        picture_hint=_("For example: a long table with cake in the park."),
    ),
    Kind("service", _("Babysitting and services"), _("I look for … or I offer …"), "help"),
    Kind(
        "information",
        _("Information"),
        _("What should your neighbours know?"),
        picture_hint=_("For example: a closed street with a yellow sign."),
    ),
    Kind(
        "introduction", _("Introduction"), _("Who are you?"), picture_hint=_("For example: me with my dog on a bench.")
    ),
    Kind("announcement", _("Message of the city"), _("Title"), "city", is_for_neighbours=False),
    Kind("gone", _("Deleted"), _("Title"), is_for_neighbours=False),
)
KINDS: dict[str, Kind] = {kind.key: kind for kind in _ALL}
# What stays of a post whose author was erased, while answers of others hang on it. Nobody can place one.
GONE = "gone"
# What nobody looks for after half a year (docs/trust.md 4.3).
SHORT_LIVED = ("borrow", "lend", "give", "lost_found")
# The chips above the feed, in their order; "" shows everything.
GROUPS: dict[str, Promise] = {"": _("All"), "help": _("Help"), "lend": _("Lending"), "city": _("City")}


def kinds_of(group: str) -> list[str]:
    """The kinds behind a filter; empty for no filter."""
    return [kind.key for kind in _ALL if kind.group == group] if group else []


def for_neighbours() -> list[Kind]:
    return [kind for kind in _ALL if kind.is_for_neighbours]
