"""What the pages of ambassadors accept: shape and size, no rules."""

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from stoep.ambassadors.queries import neighbourhoods_of
from stoep.common.text import TextRefused
from stoep.conversations.models import MESSAGE_LENGTH
from stoep.places.models import Municipality

REASONS = {
    "empty": _("Write something first."),
    "too_long": _("This is too long. Make it shorter."),
    "national_number": _("This looks like a national register number. Take it out: nobody needs it here."),
    "many_first": _("You are new here: write to five new neighbours a day at first. Tomorrow you can go on."),
}


class LinkForm(forms.Form):
    """For which neighbourhood the city looks for somebody."""

    def __init__(self, *args: Any, municipality: Municipality, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["neighbourhood"] = forms.ModelChoiceField(
            neighbourhoods_of(municipality),
            label=_("Neighbourhood"),
            empty_label=_("Choose a neighbourhood"),
            error_messages={"required": _("Choose a neighbourhood."), "invalid_choice": _("Choose a neighbourhood.")},
        )


class HoldForm(forms.Form):
    facts = forms.CharField(
        label=_("Why do you hide it?"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("The writer reads why. Write it down.")},
    )


class WelcomeForm(forms.Form):
    """A private message to who is new."""

    body = forms.CharField(
        label=_("Your message"),
        max_length=MESSAGE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": REASONS["empty"]},
    )
    request_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)


def refuse(form: forms.Form, error: TextRefused) -> None:
    """Say kindly at the field what does not go."""
    form.add_error("body", str(REASONS[error.reason]))
