"""What this app holds about people, why, until when, and how it ends."""

from django.utils.translation import gettext_lazy as _

from stoep.access.forgetting import KEYS_KEPT, LOG_KEPT, forget_keys, forget_log
from stoep.access.models import AccessLog, AudienceAtom, Once
from stoep.people.data_map import Basis, Declaration, Deleted, Exported, Impersonal, Kept, NotExported, Unlinked

DATA = (
    Declaration(
        model=Once,
        what=_("Which form you sent"),
        purpose=_("A form that is sent twice does its work once."),
        basis=Basis.CONTRACT,
        kept=(Kept(_("30 days"), KEYS_KEPT, forget_keys),),
        exported=NotExported(_("Only random numbers, which tell you nothing.")),
        erased=(Deleted("person"),),
        seen_by=_("nobody"),
    ),
    Declaration(
        model=AccessLog,
        what=_("What staff did"),
        purpose=_("The city can answer for what is done in its name."),
        basis=Basis.PUBLIC_TASK,
        kept=(Kept(_("24 months"), LOG_KEPT, forget_log),),
        exported=Exported("person", {"action": _("What"), "subject_kind": _("To what"), "at": _("When")}),
        erased=(Unlinked("person"),),
        seen_by=_("the city's administrators and the data-protection officer"),
    ),
)

IMPERSONAL = (Impersonal(AudienceAtom, _("For which places and groups something is; who is in a group stands there.")),)
