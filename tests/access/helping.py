"""Helping in the walk: offers of help as subjects, and what their addresses answer."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import uuid4

from stoep.common import clock
from stoep.exchange.models import HelpOffer
from stoep.operations.cast import Cast
from stoep.people.models import Membership, Person

if TYPE_CHECKING:
    from tests.access.subject import Subject


def help_offers(cast: Cast, posts: "Iterable[Subject]") -> "dict[str, list[Subject]]":
    """Of somebody outside the cast, for each request of Kermt: its author chooses. The last one never was."""
    helper = Person.objects.create(municipality=cast.cities["hasselt"], name="Hugo Hulp", joined_at=clock.now())
    kermt, proof = cast.neighbourhoods["Kermt"], Membership.Proof.LETTER
    Membership.objects.create(person=helper, neighbourhood=kermt, proof=proof, started_at=clock.now())
    found = []
    for of in posts:
        if of.name.startswith("own"):
            made = HelpOffer.objects.create(post_id=of.args[0], helper=helper, offered_at=clock.now())
            found.append(replace(of, name=f"offer for {of.name}", args=(of.args[0], made.pk)))
    never = replace(found[0], name="never was", args=(uuid4(), uuid4()), author="", is_live=False)
    return {"help offer": [*found, never]}


def offered(status: int, newcomer: int) -> "Callable[[str, Subject], int]":
    """To a neighbour's request; a newcomer is told how they come to; with one's own there is nothing to do."""

    def answer(who: str, it: "Subject") -> int:
        if not it.is_seen_by(who):
            return 404
        if who == it.author or it.is_official:
            return 302
        return newcomer if who == "newcomer" else status

    return answer


def opened(who: str, it: "Subject") -> int:
    """By its author, as long as nobody answered: those of Kermt have an offer of help."""
    if not it.is_seen_by(who):
        return 404
    if who != it.author:
        return 403
    return 422 if it.name.startswith("own") else 302
