"""What the pages of ambassadors accept: shape and size, no rules."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from stoep.ambassadors.queries import neighbourhoods_of
from stoep.places.models import Municipality


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
