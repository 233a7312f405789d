"""What this app holds about people, why, until when, and how it ends."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from stoep.moderation.forgetting import CASE_KEPT, forget_cases
from stoep.moderation.models import Appeal, Case, Decision, Outcome, Report
from stoep.people.data_map import (
    Basis,
    Declaration,
    Exported,
    ExportedBy,
    GoesWith,
    Kept,
    NotExported,
    Unlinked,
)
from stoep.people.models import Person

WITH_CASE = Kept(_("12 months after the decision"))
GOES_WITH_CASE = GoesWith(_("with the case, 12 months after the decision"))
MODERATORS = _("the moderators, without who reported it")


def _decisions(person: Person) -> list[dict[str, Any]]:
    """What was kept as it was, its writer is not told of: it would say no more than that somebody reported it."""
    found = Decision.objects.filter(case__author=person).exclude(outcome=Outcome.KEEP).order_by("pk")
    names = ("outcome", "ground_text", "facts", "until", "decided_at")
    return [{name: getattr(each, name) for name in names} for each in found]


DATA = (
    Declaration(
        model=Case,
        what=_("What of yours was reported, as it was then"),
        purpose=_("Somebody who is not of the city judges what breaks the rules."),
        basis=Basis.LEGAL_DUTY,
        kept=(
            Kept(_("12 months after the decision"), CASE_KEPT, forget_cases),
            Kept(_("the copy of the words: 6 months after it")),
        ),
        exported=NotExported(_("The decisions say it; the rest would tell you who reported.")),
        erased=(Unlinked("author"),),
        seen_by=MODERATORS,
    ),
    Declaration(
        model=Report,
        what=_("What you reported"),
        purpose=_("A moderator looks at it and tells you what was decided."),
        basis=Basis.LEGAL_DUTY,
        kept=(WITH_CASE,),
        exported=Exported(
            "reporter",
            {
                "number": _("Number"),
                "reason": _("Why"),
                "explanation": _("Your words"),
                "reported_at": _("When"),
            },
        ),
        erased=(Unlinked("reporter"), GOES_WITH_CASE),
        seen_by=MODERATORS,
    ),
    Declaration(
        model=Decision,
        what=_("What was decided about something of yours"),
        purpose=_("You know why, and can object."),
        basis=Basis.LEGAL_DUTY,
        kept=(WITH_CASE,),
        exported=ExportedBy(
            {
                "outcome": _("Decision"),
                "ground_text": _("Ground"),
                "facts": _("Why"),
                "until": _("Until"),
                "decided_at": _("When"),
            },
            _decisions,
        ),
        erased=(Unlinked("decided_by"), GOES_WITH_CASE),
        seen_by=_("you, whoever reported it, and the moderators"),
    ),
    Declaration(
        model=Appeal,
        what=_("Your objection to a decision"),
        purpose=_("Another moderator looks again."),
        basis=Basis.LEGAL_DUTY,
        kept=(WITH_CASE,),
        exported=Exported("person", {"words": _("Your words"), "filed_at": _("When"), "reasons": _("What came of it")}),
        erased=(Unlinked("person"), Unlinked("first_decided_by"), Unlinked("decided_by"), GOES_WITH_CASE),
        seen_by=_("the moderator who decides"),
    ),
)
