"""What this app holds about people, why, until when, and how it ends."""

from django.utils.translation import gettext_lazy as _

from stoep.people.data_map import Basis, Declaration, Deleted, ErasedBy, Exported, Kept
from stoep.privacy.downloads import KEPT, erase_downloads, forget_downloads
from stoep.privacy.models import Download, Reminder

DATA = (
    Declaration(
        model=Download,
        what=_("Your downloads of your data"),
        purpose=_("You can take along what is held about you."),
        basis=Basis.LEGAL_DUTY,
        kept=(Kept(_("7 days"), KEPT, forget_downloads),),
        exported=Exported("person", {"asked_at": _("Asked"), "ready_at": _("Ready")}),
        erased=(ErasedBy(_("deleted, and its file"), erase_downloads),),
    ),
    Declaration(
        model=Reminder,
        what=_("That we reminded you, when you were away for long"),
        purpose=_("Nobody is erased without a warning."),
        basis=Basis.CONTRACT,
        kept=(Kept(_("until you are here again")),),
        exported=Exported("person", {"months": _("Months away"), "sent_at": _("Sent")}),
        erased=(Deleted("person"),),
    ),
)
