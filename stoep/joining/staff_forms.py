"""What the staff's door accepts."""

from django import forms
from django.utils.translation import gettext_lazy as _


class StaffEmailForm(forms.Form):
    email = forms.EmailField(
        label=_("Your e-mail at work"), max_length=200, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )


class StaffCodeForm(forms.Form):
    """Six digits, or a recovery code; typed with or without spaces."""

    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )


class PasskeyForm(forms.Form):
    """What the device answered, put in by the script; and how its owner calls it."""

    name = forms.CharField(
        label=_("A name for this device"),
        max_length=60,
        required=False,
        help_text=_("As: my phone, or laptop at work."),
    )
    credential = forms.CharField(max_length=20_000, widget=forms.HiddenInput)
