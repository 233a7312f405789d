"""What this app holds about people, why, until when, and how it ends."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from stoep.desk.actions import KEPT_FOR, end_sessions_of, forget_old_sessions
from stoep.desk.models import DeskAct, DeskSession
from stoep.desk.queries import first_name, sessions_for
from stoep.people.data_map import Basis, Declaration, Deleted, ExportedBy, GoesWith, Kept, NotExported, Unlinked
from stoep.people.models import Consent, Person

TWO_YEARS = Kept(_("24 months"), KEPT_FOR, lambda now: forget_old_sessions(now=now))


def _helped(person: Person) -> Iterator[dict[str, Any]]:
    for session in sessions_for(person):
        yield {
            "started_at": session.started_at,
            "over_at": session.over_at,
            "channel": session.get_channel_display(),
            "by": first_name(session),
            "acts": "; ".join(str(act.get_what_display()) for act in session.acts.all()),
        }


DATA = (
    Declaration(
        model=DeskSession,
        what=_("Who of the desk acted for you, when, and that you said yes"),
        purpose=_("You can see and prove what was done in your name."),
        basis=Basis.CONSENT,
        kept=(TWO_YEARS,),
        exported=ExportedBy(
            {
                "started_at": _("From"),
                "over_at": _("Until"),
                "channel": _("How you said yes"),
                "by": _("By"),
                "acts": _("What was done"),
            },
            _helped,
        ),
        erased=(Deleted("person"), Unlinked("staff")),
        seen_by=_("you; and who helped you, for as long as they help"),
    ),
    Declaration(
        model=DeskAct,
        what=_("What the desk did for you"),
        purpose=_("You can see and prove what was done in your name."),
        basis=Basis.CONSENT,
        kept=(TWO_YEARS,),
        exported=NotExported(_("It stands with who acted for you.")),
        erased=(GoesWith(_("goes with who acted for you")),),
        seen_by=_("you; and who helped you, for as long as they help"),
    ),
)
TAKEN_BACK = {Consent.Purpose.ACTING_FOR.value: end_sessions_of}
