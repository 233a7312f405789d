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
