"""What one's own pages accept: shape and size; no rules."""

from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from stoep.media.fields import PhotoField
from stoep.people.groups import GROUP_ABOUT_LENGTH, GROUP_NAME_LENGTH
from stoep.people.skills import SKILLS


class NameForm(forms.Form):
    name = forms.CharField(
        label=_("Your first and last name"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "name", "spellcheck": "false"}),
        error_messages={"required": _("Give your first and your last name.")},
    )


class StreetForm(forms.Form):
    shown = forms.ChoiceField(
        label=_("What stands beside your name?"),
        choices=[("street", _("My street")), ("neighbourhood", _("Only my neighbourhood"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the two."), "invalid_choice": _("Choose one of the two.")},
    )


class PhotoForm(forms.Form):
    """A photo beside the name."""

    photo = PhotoField(label=_("Your photo"))


class ChangeGroupForm(forms.Form):
    """A group inside the neighbourhood."""

    name = forms.CharField(
        label=_("Name of the group"),
        max_length=GROUP_NAME_LENGTH,
        error_messages={"required": _("Give the group a name.")},
    )
    about = forms.CharField(
        label=_("What is it for?"),
        max_length=GROUP_ABOUT_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    is_open = forms.ChoiceField(
        label=_("Who can join?"),
        choices=[("yes", _("Everybody in the neighbourhood")), ("no", _("Only who asks first"))],
        initial="yes",
        widget=forms.RadioSelect,
    )

    def clean_is_open(self) -> bool:
        return bool(self.cleaned_data["is_open"] == "yes")


class GroupForm(ChangeGroupForm):
    request_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)


class SkillsForm(forms.Form):
    """Whatever of the list somebody ticks; nothing is an answer too."""

    skills = forms.MultipleChoiceField(
        label=_("What can you help with?"),
        choices=list(SKILLS.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("One of these is not on the list any more. Look again.")},
    )


class ChosenNameForm(forms.Form):
    """The name under which somebody is protected."""

    name = forms.CharField(
        label=_("The name that neighbours see"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _("Choose a first and a last name.")},
    )
