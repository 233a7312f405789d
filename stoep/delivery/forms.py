"""What the pages of delivery accept: shape, no rules."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from stoep.delivery.models import MailChoices, Pace, Stream


class MailForm(forms.Form):
    """For each stream one of three paces, and how often the mail that gathers comes at most."""

    is_weekly = forms.BooleanField(label=_("At most one gathered mail a week"), required=False)

    def __init__(self, data: Mapping[str, Any] | None = None, *, choices: MailChoices) -> None:
        initial = {stream.value: choices.pace_of(stream) for stream in Stream} | {"is_weekly": choices.is_weekly}
        super().__init__(data, initial=initial)
        for stream in Stream:
            self.fields[stream.value] = forms.ChoiceField(
                label=stream.label, choices=Pace.choices, widget=forms.RadioSelect
            )

    @property
    def paces(self) -> dict[str, str]:
        return {stream.value: self.cleaned_data[stream.value] for stream in Stream}


class PushForm(forms.Form):
    """What a browser says of itself when it wants to be told."""

    endpoint = forms.URLField(max_length=1000, assume_scheme="https")
    key = forms.RegexField(r"^[\w-]{87}=?$")
    secret = forms.RegexField(r"^[\w-]{22}(==)?$")
