"""Wishes, things on the shelf and loans, as `subjects.py`: between whom, and who may come to see them."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from stoep.access.audience import home_audience
from stoep.common import clock
from stoep.exchange.models import Item, Loan
from stoep.feed.models import Post
from stoep.operations.cast import Cast
from stoep.people.models import Membership
from tests.access.subject import Subject
from tests.access.subjects import KERMT

TUILT, ROOIERHEIDE = frozenset({"next-neighbourhood"}), frozenset({"other-city"})


def lending_subjects(cast: Cast) -> dict[str, list[Subject]]:
    return {"wish": list(_wishes(cast)), "thing": list(_things(cast)), "loan": list(_loans(cast))}


def _by(cast: Cast, author: str, place: str) -> dict[str, Any]:
    return {
        "author": cast[author],
        "audience": home_audience(cast.neighbourhoods[place]),
        "membership": Membership.objects.filter(person=cast[author], ended_at=None).first(),
        "created_at": clock.now(),
    }


def _wishes(cast: Cast) -> Iterator[Subject]:
    for author, place, audience in (
        ("neighbour", "Kermt", KERMT),
        ("second-neighbour", "Kermt", KERMT - {"ambassador"}),
        ("next-neighbourhood", "Tuilt", TUILT),
    ):
        made = Post.objects.create(kind="borrow", title="Who has a ladder?", **_by(cast, author, place))
        yield Subject(f"wish of {author}", (made.pk,), author, audience)


def _things(cast: Cast) -> Iterator[Subject]:
    for author, place, audience in (
        ("neighbour", "Kermt", KERMT),
        ("second-neighbour", "Kermt", KERMT - {"ambassador"}),
        ("next-neighbourhood", "Tuilt", TUILT),
        ("other-city", "Rooierheide", ROOIERHEIDE),
    ):
        made = Item.objects.create(category="tools", own_name=f"Drill of {author}", **_by(cast, author, place))
        yield Subject(f"thing of {author}", (made.pk,), author, audience)
    gone = {"removed_at": clock.now(), "removed_by": cast["neighbour"]}
    made = Item.objects.create(category="tools", own_name="Saw", **_by(cast, "neighbour", "Kermt"), **gone)
    yield Subject("thing off the shelf", (made.pk,), "neighbour", KERMT, is_live=False)


def _loans(cast: Cast) -> Iterator[Subject]:
    """Between the ambassador and the second neighbour stands a block: only what is out is seen, by whoever lent it."""
    now = clock.now()
    agreed = {"agreed_at": now, "from_on": now.date(), "to_on": now.date() + timedelta(days=1)}
    out = agreed | {"out_at": now}
    for state, facts, lender, borrower, seen_by in (
        ("waiting", {}, "neighbour", "second-neighbour", {"neighbour", "second-neighbour"}),
        ("agreed", agreed, "neighbour", "ambassador", {"neighbour", "ambassador"}),
        ("out", out, "second-neighbour", "neighbour", {"neighbour", "second-neighbour"}),
        ("waiting, apart", {}, "ambassador", "second-neighbour", set()),
        ("out, apart", out, "ambassador", "second-neighbour", {"ambassador"}),
        ("out, next door", out, "next-neighbourhood", None, {"next-neighbourhood"}),
    ):
        made = Loan.objects.create(
            municipality=cast.cities["hasselt"],
            what="Drill",
            lender=cast[lender],
            borrower=cast[borrower] if borrower else None,
            asked_at=now,
            **facts,
        )
        yield Subject(state, (made.pk,), lender, frozenset(seen_by))
