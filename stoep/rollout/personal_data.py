"""What this app holds about people: who of the staff did what for the rollout."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from stoep.people.data_map import Basis, Declaration, Exported, Impersonal, Kept, Unlinked
from stoep.rollout.models import ImportRun, LetterBatch, LetterRun, Opening

_COMMON: dict[str, Any] = {
    "purpose": _("The city can answer for what is done in its name."),
    "basis": Basis.PUBLIC_TASK,
    "kept": (Kept(_("by the city's archive selection list")),),
    "seen_by": _("staff of the rollout"),
}

DATA = (
    Declaration(
        model=ImportRun,
        what=_("Files that you imported for the city"),
        exported=Exported(
            "started_by", {"kind": _("Kind"), "file_name": _("File"), "state": _("State"), "started_at": _("When")}
        ),
        erased=(Unlinked("started_by"),),
        **_COMMON,
    ),
    Declaration(
        model=LetterRun,
        what=_("Letters that you ordered for the city"),
        exported=Exported("ordered_by", {"letter_count": _("Letters"), "state": _("State"), "ordered_at": _("When")}),
        erased=(Unlinked("ordered_by"),),
        **_COMMON,
    ),
    Declaration(
        model=Opening,
        what=_("Neighbourhoods that you opened for the city"),
        exported=Exported(
            "decided_by", {"neighbourhood.name": _("Neighbourhood"), "state": _("State"), "decided_at": _("When")}
        ),
        erased=(Unlinked("decided_by"),),
        **_COMMON,
    ),
)
IMPERSONAL = (Impersonal(LetterBatch, _("Letterboxes to which letters went, whoever lives there.")),)
