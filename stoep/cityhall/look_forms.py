"""What the pages about the city's face accept: shape and size, no rules."""

import re
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from stoep.cityhall.look import Contact
from stoep.places.models import Municipality
from stoep.shell.logos import LARGEST_FILE

# Where somebody can be reached by text (joining.phones.REGIONS).
COUNTRIES = [
    ("BE", _("Belgium")),
    ("NL", _("The Netherlands")),
    ("FR", _("France")),
    ("DE", _("Germany")),
    ("LU", _("Luxembourg")),
]
PHONE = re.compile(r"\+?[\d ()/.-]{3,}")


class LookForm(forms.Form):
    """One colour, and a logo."""

    colour = forms.RegexField(
        r"^#[0-9A-Fa-f]{6}$",
        label=_("The colour of the city"),
        max_length=7,
        error_messages={"invalid": _("This is not a colour. Write it as #0B6B5D.")},
        widget=forms.TextInput(attrs={"type": "color"}),
    )
    logo = forms.FileField(
        label=_("Logo"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/svg+xml,image/png,image/jpeg,image/webp"}),
    )
    removes_logo = forms.BooleanField(label=_("Show no logo any more"), required=False)

    def clean_logo(self) -> bytes | None:
        found = self.cleaned_data["logo"]
        if found is None:
            return None
        if found.size > LARGEST_FILE:
            raise forms.ValidationError(_("This file is too large. A logo has at most 500 KB."))
        content: bytes = found.read()
        return content


class ContactForm(forms.Form):
    """The lines on every help card and letter, and the languages."""

    help_phone = forms.RegexField(
        PHONE.pattern,
        label=_("Phone for questions"),
        max_length=30,
        required=False,
        help_text=_("People who get stuck call this number."),
        error_messages={"invalid": _("This is not a phone number.")},
        widget=forms.TextInput(attrs={"type": "tel"}),
    )
    help_hours = forms.CharField(
        label=_("When somebody answers"),
        max_length=100,
        required=False,
        help_text=_("As: Monday to Friday, 9 to 12."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    help_place = forms.CharField(
        label=_("Where people can come by"),
        max_length=200,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    controller = forms.CharField(
        label=_("Who is responsible for personal data"),
        max_length=200,
        required=False,
        help_text=_("Name and address, as they stand on the letter."),
    )
    dpo_contact = forms.CharField(label=_("How the data-protection officer is reached"), max_length=200, required=False)
    languages = forms.MultipleChoiceField(
        label=_("Languages that people can choose"), choices=settings.LANGUAGES, widget=forms.CheckboxSelectMultiple
    )
    default_language = forms.ChoiceField(
        label=_("Language for who has not chosen"), choices=settings.LANGUAGES, widget=forms.RadioSelect
    )

    country = forms.ChoiceField(
        label=_("Country of the phone numbers"),
        choices=COUNTRIES,
        help_text=_("A number without a country is read as one of this country."),
    )
    invitations_open = forms.BooleanField(
        label=_("Neighbours can invite neighbours"),
        required=False,
        help_text=_("Off: no invitation lets anybody in, also one that was handed out before. Letters go on working."),
    )

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        chosen = found.get("default_language")
        if chosen and "languages" in found and chosen not in found["languages"]:
            self.add_error("default_language", _("Choose one of the languages above."))
        return found

    @property
    def contact(self) -> Contact:
        return Contact(**self.cleaned_data)

    @staticmethod
    def kept(municipality: Municipality) -> dict[str, Any]:
        """What stands there now. A city that named no languages offers all of them."""
        known = [code for code, _name in settings.LANGUAGES]
        found = {name: getattr(municipality, name) for name in ContactForm.base_fields}
        return found | {"languages": municipality.languages or known}
