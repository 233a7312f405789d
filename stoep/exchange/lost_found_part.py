"""What lost and found adds to its post: lost or found, an animal or a thing, where; and that it is back."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stoep.access.gate import may
from stoep.exchange.lost_found_forms import LostFoundForm
from stoep.exchange.models import LostFound
from stoep.exchange.waiting import is_answered, is_next_door
from stoep.feed.models import Post
from stoep.feed.parts import CardWords, Chip, Fact, Part, Section
from stoep.people.models import Person
from stoep.people.standing import Standing

ASKED = ("side", "what", "where")


def _write(post: Post, /, *, answers: Mapping[str, Any], now: datetime) -> None:
    del now
    LostFound.objects.update_or_create(post=post, defaults={name: answers[name] for name in ASKED})


def _kept(post: Post) -> dict[str, Any]:
    found = LostFound.objects.filter(post=post).values(*ASKED).first()
    return dict(found or {})


def _cards(_viewer: Standing, post_ids: Sequence[UUID]) -> dict[UUID, CardWords]:
    return {each.post_id: _words(each) for each in LostFound.objects.filter(post__in=post_ids)}


def _words(it: LostFound) -> CardWords:
    """The chip of a state first: who sees "Home again" searches no more."""
    found = [Fact("paw-print" if it.what == LostFound.What.ANIMAL else "tag", _said(it))] if it.side else []
    found += [Fact("map-pin", it.where)] if it.where else []
    return CardWords(chips=[Chip("solved", _("Home again"))] if it.found_at else [], facts=found)


def _said(it: LostFound) -> str:
    is_lost = it.side == LostFound.Side.LOST
    if it.what == LostFound.What.ANIMAL:
        return _("Lost animal") if is_lost else _("Found animal")
    if it.what == LostFound.What.THING:
        return _("Lost thing") if is_lost else _("Found thing")
    return _("Lost") if is_lost else _("Found")


def _section(person: Person, post: Post, _now: datetime) -> Section | None:
    it = LostFound.objects.filter(post=post).first()
    if it is not None and it.found_at is not None:
        return Section("exchange/_home_again.html", {"it": it})
    if not may(person, "exchange:lost_found:close", post):
        return None
    may_go_on = not is_answered(post) and not is_next_door(post)
    is_found_thing = it is not None and it.side == LostFound.Side.FOUND
    return Section("exchange/_searching.html", {"may_go_next_door": may_go_on, "is_finder": is_found_thing})


LOST_FOUND = Part(
    name="lost",
    kinds=frozenset({"lost_found"}),
    title=gettext_lazy("What and where?"),
    form=LostFoundForm,
    kept=_kept,
    write=_write,
    cards=_cards,
    section=_section,
)
