"""What the shelf and its loans hold about people: see `personal_data.py`."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from stoep.exchange import lending_leaving as leaving
from stoep.exchange.models import Item, Loan, Wish
from stoep.exchange.shelf_kinds import CATEGORIES
from stoep.people.data_map import (
    Basis,
    Coded,
    Declaration,
    Deleted,
    ErasedBy,
    ExportedBy,
    GoesWith,
    Hiding,
    Kept,
    Unlinked,
)
from stoep.people.models import Person

FROM, UNTIL = _("From"), _("Until")


def _items(person: Person) -> list[dict[str, Any]]:
    found = Item.objects.filter(author=person).select_related("told_by").order_by("pk")
    return [
        {
            "name": item.name,
            "kind": Coded(item.kind, item.get_kind_display()),
            "category": Coded(item.category, CATEGORIES[item.category].label),
            "until_on": item.until_on,
            "created_at": item.created_at,
            "removed_at": item.removed_at,
        }
        for item in found
    ]


def _wishes(person: Person) -> list[dict[str, Any]]:
    found = Wish.objects.filter(post__author=person).order_by("pk")
    return [{"from_on": wish.from_on, "to_on": wish.to_on} for wish in found]


def _loans(person: Person) -> list[dict[str, Any]]:
    """What both sides know. Who the other one is, is theirs."""
    mine = leaving.loans_of(person).select_related("item__told_by").order_by("pk")
    plain = ("from_on", "to_on", "asked_at", "offered_at", "agreed_at", "out_at", "back_at", "ended_at")
    return [
        {name: getattr(loan, name) for name in plain}
        | {"thing": loan.name, "side": _("You lent it") if loan.lender_id == person.pk else _("You borrowed it")}
        | {"without_contact": loan.keeps_distance(person)}
        for loan in mine
    ]


DATA = (
    Declaration(
        model=Item,
        what=_("What you lend or give away"),
        purpose=_("Neighbours find on the shelf what they can borrow or have."),
        basis=Basis.CONTRACT,
        kept=(
            Kept(_("as long as it stands on the shelf, or the message that tells of it")),
            Kept(_("taken off the shelf: 6 months"), leaving.KEPT, leaving.forget_things),
        ),
        exported=ExportedBy(
            {
                "name": _("Thing"),
                "kind": _("Kind"),
                "category": _("Kind of thing"),
                "until_on": UNTIL,
                "created_at": _("Put on the shelf"),
                "removed_at": _("Taken off"),
            },
            _items,
        ),
        erased=(Deleted("author"), Unlinked("removed_by"), GoesWith(_("with the message"))),
        seen_by=_("the neighbours of your neighbourhood, or those whom the message names"),
        hidden=Hiding(leaving.hide_items, leaving.show_items),
    ),
    Declaration(
        model=Wish,
        what=_("When you need what you look for"),
        purpose=_("Who has one knows whether the days suit."),
        basis=Basis.CONTRACT,
        kept=(Kept(_("as long as the message")),),
        exported=ExportedBy({"from_on": FROM, "to_on": UNTIL}, _wishes),
        erased=(GoesWith(_("with the message")),),
        seen_by=_("the neighbours whom the message names, and the city if you shared it"),
    ),
    Declaration(
        model=Loan,
        what=_("What you lent and borrowed"),
        purpose=_("Both of you know who has what, and until when."),
        basis=Basis.CONTRACT,
        kept=(Kept(_("6 months after it is back or was called off"), leaving.KEPT, leaving.forget_loans),),
        exported=ExportedBy(
            {
                "thing": _("Thing"),
                "side": _("Your side"),
                "from_on": FROM,
                "to_on": UNTIL,
                "asked_at": _("Asked"),
                "offered_at": _("Offered"),
                "agreed_at": _("Agreed"),
                "out_at": _("Handed over"),
                "back_at": _("Back"),
                "ended_at": _("Called off"),
                "without_contact": _("You asked for it without contact"),
            },
            _loans,
        ),
        erased=(ErasedBy(_("stays for the other side, without your name"), leaving.erase_loans),),
        seen_by=_("the two of you"),
        hidden=Hiding(leaving.end_loans, leaving.resume_loans),
    ),
)
