"""The few words that a part's form asks: on one line, and never with a national register number."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from stoep.common.text import clean_name, contains_national_number


class ShortText(forms.CharField):
    """May stay empty, where it is not said otherwise."""

    def __init__(self, **facts: Any) -> None:
        super().__init__(**{"required": False, **facts})

    def clean(self, value: Any) -> str:
        words = clean_name(str(super().clean(value)))
        if self.max_length is not None and len(words) > self.max_length:  # cleaning makes some scripts longer
            raise forms.ValidationError(_("This is too long. Make it shorter."))
        if contains_national_number(words):
            raise forms.ValidationError(
                _("This looks like a national register number. Take it out: nobody needs it here.")
            )
        return words
