"""What the pages of helping accept: shape and size, no rules."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from stoep.common import clock
from stoep.conversations.models import MESSAGE_LENGTH
from stoep.exchange.models import HelpRequest
from stoep.people.skills import GROUPS

REASONS = {
    "solved": _("Help is found already. How kind of you."),
    "taken": _("You asked somebody else already. Take that back first."),
    "gone": _("This neighbour can help no more."),
    "answered": _("Somebody answered already, for the neighbours who see it now. So it stays with them."),
    "too_long": _("This is too long. Make it shorter."),
    "national_number": _("This looks like a national register number. Take it out: nobody needs it here."),
    "many_first": _("You are new here: write to five new neighbours a day at first. Tomorrow you can go on."),
    "many_offers": _("You offered your help often today. Tomorrow you can go on."),
}


class OfferForm(forms.Form):
    """A word for whoever asks for help; it may stay empty."""

    words = forms.CharField(max_length=MESSAGE_LENGTH, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    keeps_distance = forms.BooleanField(label=_("I would rather help without contact"), required=False)
    request_key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, name: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["words"].label = _("A word for %(name)s") % {"name": name}


class HelpForm(forms.Form):
    """When and where, and how far it may go."""

    when = forms.ChoiceField(
        label=_("When?"),
        choices=(
            ("", _("Any time")),
            ("today", _("Today")),
            ("week", _("Within a week")),
            ("day", _("On a day that I choose")),
        ),
        required=False,
    )
    day = forms.DateField(
        label=_("Which day?"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": _("This is no day. For example: 2026-12-05.")},
    )
    where = forms.ChoiceField(
        label=_("Where is it?"), choices=(("", _("I tell it later")), *HelpRequest.Where.choices), required=False
    )
    keeps_distance = forms.BooleanField(
        label=_("Without contact, please"), required=False, help_text=_("For example: groceries at the door.")
    )
    skill = forms.ChoiceField(
        label=_("Which kind of help?"),
        choices=(("", _("I do not know")), *((group.title, [*group.skills.items()]) for group in GROUPS)),
        required=False,
        help_text=_("A few neighbours who ticked it hear of your request."),
    )
    if_nobody = forms.MultipleChoiceField(
        label=_("If nobody answers"),
        choices=(
            ("next_door", _("After a day, neighbours next to ours see it too")),
            ("city", _("After two days, the city sees it too")),
        ),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def clean(self) -> dict[str, Any]:
        """A day that is told means that day."""
        answers = super().clean() or {}
        day = answers.get("day")
        if day and answers.get("when") in {"", "day"}:
            answers["when"] = "day"
            if day < timezone.localdate(clock.now()) and day != self.initial.get("day"):
                self.add_error("day", _("This day is over. Choose a day that comes."))
        elif answers.get("when") == "day" and not self.has_error("day"):
            self.add_error("day", _("Choose the day."))
        return answers
