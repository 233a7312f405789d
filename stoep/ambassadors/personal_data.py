"""What this app holds about people, why, until when, and how it ends."""

from django.utils.translation import gettext_lazy as _

from stoep.ambassadors.forgetting import LINKS_KEPT, WELCOMES_KEPT, forget_hellos, forget_links, forget_welcomes
from stoep.ambassadors.models import AppointmentLink, Hello, Welcome
from stoep.people.data_map import ONLY_YOU, Basis, Declaration, Deleted, Exported, Kept, Unlinked

DATA = (
    Declaration(
        model=AppointmentLink,
        what=_("That you accepted a task in your neighbourhood, or made the link for it"),
        purpose=_("The city knows who its ambassadors are, and who asked them."),
        basis=Basis.CONTRACT,
        kept=(Kept(_("24 months"), LINKS_KEPT, forget_links),),
        exported=Exported("accepted_by", {"neighbourhood.name": _("Neighbourhood"), "accepted_at": _("When")}),
        erased=(Unlinked("accepted_by"), Unlinked("made_by")),
        seen_by=_("the administrators of the city"),
    ),
    Declaration(
        model=Welcome,
        what=_("That an ambassador welcomed you, or that you welcomed somebody"),
        purpose=_("Nobody who is new is forgotten, or welcomed twice."),
        basis=Basis.CONTRACT,
        kept=(Kept(_("2 months"), WELCOMES_KEPT, forget_welcomes),),
        exported=Exported("membership__person", {"welcomed_at": _("When")}),
        erased=(Deleted("membership__person"), Unlinked("welcomed_by")),
        seen_by=_("the ambassadors of your neighbourhood see that it was done"),
    ),
    Declaration(
        model=Hello,
        what=_("That you would rather not say hello to the neighbourhood"),
        purpose=_("You are asked once, and not again."),
        basis=Basis.CONTRACT,
        kept=(Kept(_("2 months"), WELCOMES_KEPT, forget_hellos),),
        exported=Exported("person", {"put_away_at": _("When")}),
        erased=(Deleted("person"),),
        seen_by=ONLY_YOU,
    ),
)
