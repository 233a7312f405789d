"""What the pages of an event accept: shape and size, and kind words; no rules."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from stoep.common import clock
from stoep.common.text import clean_name, contains_national_number
from stoep.events.actions import Details, EventRefused, Reply
from stoep.events.models import (
    BRINGS_LENGTH,
    COST_LENGTH,
    MOST_SEATS,
    MOST_TOGETHER,
    PLACE_LENGTH,
    REASON_LENGTH,
    WANTED_LENGTH,
    Attendance,
    Event,
)
from stoep.events.planning import YEAR
from stoep.events.recurring import Repeats, repeats_of, until_of
from stoep.events.resting import COMING_RESTS, MEETING_RESTS

FIRST_YEAR, LAST_YEAR = 2020, 2200
NATIONAL_NUMBER = _("This looks like a national register number. Take it out: nobody needs it here.")
REASONS = {
    "over": _("This is over."),
    "cancelled": _("This was called off."),
    "full": _("There are not so many seats left. You keep the ones that you have."),
    "until": _("The last day cannot come before the first."),
    "rests": COMING_RESTS,
    "meeting_rests": MEETING_RESTS,
    "not_there": _("This is for who came, once it began."),
    "too_long": _("This is too long. Make it shorter."),
    "empty": _("Write something first."),
    "national_number": NATIONAL_NUMBER,
}


class _DateField(forms.DateField):
    """Not so far away that a calendar cannot count there."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def clean(self, value: Any) -> date | None:
        found: date | None = super().clean(value)
        if found is not None and not FIRST_YEAR <= found.year <= LAST_YEAR:
            raise forms.ValidationError(_("Write the day as day, month, year."))
        return found


class _TimeField(forms.TimeField):
    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class PlanForm(forms.Form):
    """In the composer: when and where. Without a date it is a message like any other."""

    on = _DateField(
        label=_("Which day?"),
        required=False,
        help_text=_("With a day it comes on the agenda."),
        error_messages={"invalid": _("Write the day as day, month, year.")},
    )
    at = _TimeField(label=_("At what time?"), required=False, error_messages={"invalid": _("Write the time as 14:00.")})
    place = forms.CharField(
        label=_("Where?"),
        max_length=PLACE_LENGTH,
        required=False,
        help_text=_("For example: the park, in front of the school."),
    )
    is_remote = forms.BooleanField(label=_("By phone or online"), required=False)
    # What the day was before an edit: that it is past is no reason to refuse other words.
    was = forms.CharField(required=False, max_length=16, widget=forms.HiddenInput)

    def clean_place(self) -> str:
        place = clean_name(self.cleaned_data["place"])
        if contains_national_number(place):
            raise forms.ValidationError(NATIONAL_NUMBER)
        return place

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if self.errors:
            return found
        if not found["on"]:
            self._without_a_day(found)
            return found
        if not found["at"]:
            self.add_error("at", _("Say at what time."))
        if not found["place"]:
            self.add_error("place", _("Say where."))
        if found.get("at") and self._is_past(found):
            self.add_error("on", _("This moment is past. Choose a later one."))
        return found

    def _without_a_day(self, found: dict[str, Any]) -> None:
        if found["was"]:
            self.add_error("on", _("Keep a day here. You can call it off on its page."))
        elif found["at"] or found["place"]:
            self.add_error("on", _("Say on which day."))

    def _is_past(self, found: dict[str, Any]) -> bool:
        starts = datetime.combine(found["on"], found["at"])
        is_same = starts.strftime("%Y-%m-%dT%H:%M") == found["was"]
        return not is_same and starts.replace(tzinfo=timezone.get_current_timezone()) <= clock.now()


class AnswerForm(forms.Form):
    """I come, maybe, no."""

    answer = forms.ChoiceField(
        label=_("Do you come?"),
        choices=Attendance.Answer.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose an answer first."), "invalid_choice": _("Choose an answer first.")},
    )
    together = forms.TypedChoiceField(
        label=_("With how many are you?"),
        choices=[(number, str(number)) for number in range(1, MOST_TOGETHER + 1)],
        coerce=int,
        required=False,
        empty_value="1",
        initial=1,
    )
    brings = forms.CharField(label=_("I can bring something"), max_length=BRINGS_LENGTH, required=False)

    @property
    def reply(self) -> Reply:
        given = self.cleaned_data
        return Reply(given["answer"], int(given["together"]), given["brings"])


class DetailsForm(forms.Form):
    """More about it: all of it may stay empty."""

    ends = _TimeField(
        label=_("Until what time?"), required=False, error_messages={"invalid": _("Write the time as 14:00.")}
    )
    seats = forms.IntegerField(
        label=_("How many seats?"),
        min_value=1,
        max_value=MOST_SEATS,
        required=False,
        help_text=_("Empty: everybody is welcome. Full: who comes next waits for a seat."),
    )
    cost = forms.CharField(
        label=_("What does it cost?"), max_length=COST_LENGTH, required=False, help_text=_("For example: 3 euro.")
    )
    wanted = forms.CharField(
        label=_("What can neighbours bring?"),
        max_length=WANTED_LENGTH,
        required=False,
        help_text=_("For example: a chair, something for the barbecue."),
    )
    repeats = forms.ChoiceField(
        label=_("Does it come back?"),
        choices=[
            (Repeats.NEVER.value, _("No, only this day")),
            (Repeats.WEEKLY.value, _("Every week")),
            (Repeats.FORTNIGHTLY.value, _("Every two weeks")),
            (Repeats.MONTHLY.value, _("Every month, on the same day of the week")),
        ],
        required=False,
        widget=forms.RadioSelect,
    )
    until = _DateField(
        label=_("Until which day?"),
        required=False,
        help_text=_("Empty: for a year."),
        error_messages={"invalid": _("Write the day as day, month, year.")},
    )

    @classmethod
    def of(cls, event: Event, sent: Any) -> "DetailsForm":
        ends = event.ends_at.astimezone(event.zone).time() if event.ends_at else None
        initial = {name: getattr(event, name) for name in ("seats", "cost", "wanted")}
        repeats = {"repeats": repeats_of(event.rule).value, "until": until_of(event.rule)}
        return cls(sent, initial={**initial, **repeats, "ends": ends})

    def clean_until(self) -> Any:
        until = self.cleaned_data["until"]
        if until and until > timezone.localdate(clock.now()) + YEAR:
            raise forms.ValidationError(_("A year ahead at most."))
        return until

    @property
    def details(self) -> Details:
        given = dict(self.cleaned_data)
        return Details(**{**given, "repeats": Repeats(given["repeats"])})


class CancelForm(forms.Form):
    """Call it off; of what comes back one day or all of them."""

    which = forms.ChoiceField(
        label=_("Which days?"),
        choices=[("day", _("Only this day")), ("all", _("All days that are still to come"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose which days.")},
    )
    reason = forms.CharField(
        label=_("Why?"), max_length=REASON_LENGTH, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, comes_back: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not comes_back:
            del self.fields["which"]

    @property
    def is_whole(self) -> bool:
        return bool(self.cleaned_data.get("which", "all") == "all")


def refuse(form: forms.Form, error: ValueError, field: str | None = None) -> None:
    """Say kindly why it cannot be: an EventRefused, or a TextRefused of the feed."""
    reason = str(getattr(error, "reason", ""))
    if isinstance(error, EventRefused) and reason == "seats":
        words = ngettext(
            "%(num)s neighbour comes already. Give at least so many seats.",
            "%(num)s neighbours come already. Give at least so many seats.",
            error.number,
        ) % {"num": error.number}
        form.add_error("seats", words)
        return
    form.add_error("until" if reason == "until" else field, str(REASONS[reason]))
