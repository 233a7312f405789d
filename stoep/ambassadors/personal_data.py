"""What this app holds about people, why, until when, and how it ends."""

from django.utils.translation import gettext_lazy as _

from stoep.ambassadors.forgetting import LINKS_KEPT, forget_links
from stoep.ambassadors.models import AppointmentLink
from stoep.people.data_map import Basis, Declaration, Exported, Kept, Unlinked

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
)
