"""What this app holds about people, why, until when, and how it ends."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from stoep.events import forgetting, leaving
from stoep.events.models import Attendance, CalendarLink, Event, Meeting, Occurrence
from stoep.people.data_map import (
    Basis,
    Declaration,
    Deleted,
    ErasedBy,
    Exported,
    GoesWith,
    Hiding,
    Impersonal,
    Kept,
    NotExported,
)
from stoep.people.models import Person

WHEN = _("When")
THREE_MONTHS = _("3 months after it was")


def _erase_events(person: Person, _now: datetime) -> None:
    """Where others answered, the feed leaves a gap: nothing of the event hangs on it. The city's own stay."""
    Event.objects.filter(post__author=person, post__speaking_for=None).delete()


DATA = (
    Declaration(
        model=Event,
        what=_("What you planned: when, where, and what you said of it"),
        purpose=_("Neighbours meet."),
        basis=Basis.CONTRACT,
        kept=(Kept(THREE_MONTHS, forgetting.KEPT, forgetting.forget_events),),
        exported=Exported(
            "post__author",
            {
                "starts_at": WHEN,
                "ends_at": _("Until"),
                "place": _("Where"),
                "is_remote": _("By phone or online"),
                "seats": _("Seats"),
                "cost": _("Cost"),
                "wanted": _("What neighbours can bring"),
                "rule": _("How it comes back"),
                "cancelled_at": _("Called off"),
                "reason": _("Why"),
            },
        ),
        erased=(ErasedBy(_("deleted"), _erase_events),),
        seen_by=_("the neighbours whom the message names, and the city if you shared it"),
        hidden=Hiding(leaving.tell_who_comes, leaving.nothing_comes_back),
    ),
    Declaration(
        model=Attendance,
        what=_("Where you said that you come, might come or do not come"),
        purpose=_("Who plans something knows how many come, and nobody stands before a closed door."),
        basis=Basis.CONTRACT,
        kept=(Kept(THREE_MONTHS, forgetting.KEPT, forgetting.forget_days),),
        exported=Exported(
            "person",
            {
                "occurrence.starts_at": WHEN,
                "answer": _("Your answer"),
                "together": _("With how many"),
                "brings": _("What you bring"),
                "answered_at": _("Answered"),
            },
        ),
        erased=(Deleted("person"), GoesWith(_("with the event"))),
        seen_by=_("until it is over the neighbours who see the event, if you come; never the city"),
        hidden=Hiding(leaving.end_attendances, leaving.nothing_comes_back),
    ),
    Declaration(
        model=Meeting,
        what=_("That somebody met neighbours somewhere, under a number from which nobody reads who"),
        purpose=_("A neighbourhood sees that its neighbours meet."),
        basis=Basis.CONTRACT,
        kept=(Kept(THREE_MONTHS),),
        exported=NotExported(_("It does not say who it was.")),
        erased=(GoesWith(_("with the event")),),
        seen_by=_("nobody: only how many, where they are enough"),
    ),
    Declaration(
        model=CalendarLink,
        what=_("That your calendar program may read your agenda"),
        purpose=_("Your own calendar shows what takes place."),
        basis=Basis.CONTRACT,
        kept=(Kept(_("until you end it")),),
        exported=Exported("person", {"kind": _("Kind"), "made_at": _("Made")}),
        erased=(Deleted("person"),),
    ),
)

IMPERSONAL = (Impersonal(Occurrence, _("It says on which day something is, and how many come.")),)
