"""What the pages of the shelf accept: shape and size, no rules."""

from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from stoep.common.text import clean_name, contains_national_number
from stoep.exchange.lending_days import Days
from stoep.exchange.models import DAMAGE_LENGTH, Item
from stoep.exchange.shelf_kinds import CATEGORIES, COMMON
from stoep.feed.forms import REASONS
from stoep.feed.models import TITLE_LENGTH
from stoep.media.fields import PhotoField
from stoep.media.models import ALT_LENGTH

FIRST_YEAR, LAST_YEAR = 2020, 2200
DAY_FORMATS = ["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y"]


class DayField(forms.DateField):
    """One day, by the browser's own calendar; typed by hand where it has none."""

    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})

    def __init__(self, **kwargs: Any) -> None:
        errors = {"required": _("Choose a day."), "invalid": _("Choose a day, as 3/12/2026.")}
        super().__init__(input_formats=DAY_FORMATS, error_messages=errors, **kwargs)

    def clean(self, value: Any) -> date | None:
        found: date | None = super().clean(value)
        if found is not None and not FIRST_YEAR <= found.year <= LAST_YEAR:
            raise ValidationError(self.error_messages["invalid"])
        return found


class ThingForm(forms.Form):
    """What a message "To lend" or "To give away" asks besides."""

    category = forms.ChoiceField(
        label=_("What kind of thing is it?"),
        choices=lambda: [("", _("Choose a kind")), *((key, each.label) for key, each in CATEGORIES.items())],
        required=False,
    )
    until_on = DayField(label=_("Until when can neighbours have it?"), required=False)

    def clean_category(self) -> str:
        """Nobody is held up for it."""
        return self.cleaned_data["category"] or "other"


class WishForm(forms.Form):
    """What a message "I look to borrow" asks besides."""

    from_on = DayField(label=_("From when do you need it?"), required=False)
    to_on = DayField(label=_("Until when?"), required=False)

    def clean(self) -> dict[str, Any] | None:
        found = super().clean()
        first, last = self.cleaned_data.get("from_on"), self.cleaned_data.get("to_on")
        if first and last and last < first:
            self.add_error("to_on", _("The last day comes before the first. Turn them around."))
        return found


class DaysForm(forms.Form):
    """From which day to which day; where one is asked, or an offer is taken."""

    from_on = DayField(label=_("From"))
    to_on = DayField(label=_("Until and with"))
    request_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4, required=False)

    @property
    def days(self) -> Days:
        return Days(self.cleaned_data["from_on"], self.cleaned_data["to_on"])


class GiftForm(forms.Form):
    request_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)


class OfferForm(forms.Form):
    """ "I have one": one of mine from the shelf, or another one by its name."""

    item = forms.ChoiceField(label=_("Which one?"), required=False, widget=forms.RadioSelect)
    name = forms.CharField(label=_("What do you have?"), max_length=TITLE_LENGTH, required=False)
    is_for_shelf = forms.BooleanField(label=_("Put it on the shelf too, so that others can ask for it"), required=False)
    request_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    def __init__(self, *args: Any, things: Collection[Item], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.things = {str(item.pk): item for item in things}
        if self.things:
            choices = [(key, item.name) for key, item in self.things.items()]
            self.fields["item"] = forms.ChoiceField(
                label=_("Which one?"),
                choices=[*choices, ("", _("Another one"))],
                required=False,
                initial=choices[0][0],
                widget=forms.RadioSelect,
            )
        else:
            del self.fields["item"]

    def clean(self) -> dict[str, Any] | None:
        found = super().clean()
        if self.chosen is None and not self.cleaned_data.get("name") and not self.errors:
            self.add_error("name", _("Say what you have."))
        return found

    @property
    def chosen(self) -> Item | None:
        return self.things.get(self.cleaned_data.get("item", ""))


class AtHomeForm(forms.Form):
    """The common things that somebody has and lends."""

    things = forms.MultipleChoiceField(
        label=_("I lend this to neighbours"),
        choices=lambda: [(key, each.label) for key, each in COMMON.items()],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


class DamageForm(forms.Form):
    damage = forms.CharField(
        label=_("What is broken?"), max_length=DAMAGE_LENGTH, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class ThingPhotoForm(forms.Form):
    """A photo of a thing on the shelf, and what is in it."""

    photo = PhotoField(label=_("Photo"))
    alt = forms.CharField(label=_("What is in the picture?"), max_length=ALT_LENGTH, required=False)

    def clean_alt(self) -> str:
        words = clean_name(self.cleaned_data["alt"])
        if contains_national_number(words):
            raise ValidationError(REASONS["national_number"])
        return words
