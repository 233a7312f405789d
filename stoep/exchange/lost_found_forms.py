"""What the pages of lost and found accept: shape and size, no rules."""

from django import forms
from django.utils.translation import gettext_lazy as _

from stoep.exchange.models import THANK_YOU_LENGTH, WHERE_LENGTH, LostFound
from stoep.exchange.short_texts import ShortText


class LostFoundForm(forms.Form):
    side = forms.ChoiceField(
        label=_("Did you lose it, or find it?"),
        choices=LostFound.Side.choices,
        required=False,
        widget=forms.RadioSelect,
    )
    what = forms.ChoiceField(
        label=_("What is it?"), choices=LostFound.What.choices, required=False, widget=forms.RadioSelect
    )
    where = ShortText(
        label=_("In which street or place?"),
        max_length=WHERE_LENGTH,
        help_text=_("Without a house number. For example: at the playground in Koorstraat."),
    )


class FoundForm(forms.Form):
    """A word for everybody who searched along."""

    thank_you = forms.CharField(label=_("A word of thanks"), max_length=THANK_YOU_LENGTH, required=False)
