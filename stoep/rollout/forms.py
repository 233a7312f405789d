"""What the rollout's pages accept: shape and size, no rules."""

from typing import Any, cast
from uuid import UUID, uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from stoep.places.choosing import living, place_fields
from stoep.places.models import Municipality, Neighbourhood
from stoep.rollout.letter_words import EDITABLE
from stoep.rollout.models import ImportRun
from stoep.shell.printing import unprintable

LARGEST_UPLOAD = 200_000_000
LABELS = {
    "title": _("Title"),
    "greeting": _("Greeting"),
    "introduction": _("Opening words"),
    "what": _("What is this?"),
    "who": _("Who sees what?"),
    "free": _("What does it cost?"),
    "voluntary": _("Is it obligatory?"),
    "already_member": _("For who takes part already"),
    "objection": _("How to object"),
    "signatory": _("Name of who signs"),
    "signatory_function": _("Function of who signs"),
    "return_address": _("Return address"),
}
LONG_TEXT = 130


class ImportForm(forms.Form):
    """A file of borders or addresses."""

    kind = forms.ChoiceField(choices=ImportRun.Kind.choices, label=_("What is in the file?"), widget=forms.RadioSelect)
    file = forms.FileField(label=_("File"), max_length=200, help_text=_("A shapefile comes as one zip."))

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST_UPLOAD:
            raise forms.ValidationError(_("This file is too large."))
        return file


class OrderForm(forms.Form):
    """Where letters go: the whole city, or what is named."""

    where = forms.ChoiceField(
        label=_("Where do the letters go?"),
        choices=[("city", _("The whole city")), ("some", _("Only what I choose below"))],
        widget=forms.RadioSelect,
    )
    request_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    def __init__(self, *args: Any, municipality: Municipality, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.update(place_fields(municipality))

    @property
    def destination(self) -> dict[str, list[Any]]:
        """As `letter_runs.doors_of` and `order_letters` take it; empty for the whole city."""
        if self.cleaned_data["where"] == "city":
            return {}
        return {
            "neighbourhoods": list(self.cleaned_data["neighbourhoods"]),
            "parts": list(self.cleaned_data["streets"]),
        }

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        chosen = found.get("neighbourhoods") or found.get("streets")
        if found.get("where") == "some" and not chosen:
            self.add_error("where", _("Choose at least one neighbourhood or street."))
        return found


class LetterTextForm(forms.Form):
    """The city's own words; an empty field means our proposal."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, most in EDITABLE.items():
            widget = forms.Textarea(attrs={"rows": 4}) if most >= LONG_TEXT else forms.TextInput()
            self.fields[name] = forms.CharField(label=LABELS[name], max_length=most, required=False, widget=widget)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        for name, words in list(found.items()):
            if odd := unprintable(words):
                self.add_error(name, _("This cannot be printed: %(signs)s") % {"signs": " ".join(odd)})
        return found


class PlaceForm(forms.Form):
    """The neighbourhood of addresses that wait for a hand."""

    def __init__(self, *args: Any, municipality: Municipality, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        neighbourhood: forms.ModelChoiceField[Neighbourhood] = forms.ModelChoiceField(
            living(municipality), label=_("Neighbourhood"), empty_label=str(_("Choose a neighbourhood"))
        )
        self.fields["neighbourhood"] = neighbourhood


class PlaceOnMapForm(PlaceForm):
    """Some addresses of a street, and the neighbourhood that was pointed at."""

    addresses = forms.TypedMultipleChoiceField(
        label=_("Addresses"), coerce=UUID, error_messages={"required": _("Choose at least one address.")}
    )

    def __init__(self, *args: Any, waiting: list[tuple[UUID, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(address), door) for address, door in waiting]
        cast("forms.TypedMultipleChoiceField", self.fields["addresses"]).choices = choices
        self.fields["neighbourhood"].error_messages["required"] = _(
            "Choose a neighbourhood, on the map or in the list."
        )


class StateForm(forms.Form):
    state = forms.ChoiceField(choices=Neighbourhood.State.choices, label=_("State"))
