"""What the city's pages accept: shape and size, no rules."""

import hashlib
import json
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from stoep.cityhall.actions import APPOINTED_BY_CITY, Places
from stoep.cityhall.queries import departments_for, departments_of
from stoep.common.text import clean_name, has_first_and_last_name
from stoep.events.forms import PlanForm
from stoep.people.models import Department, Person, RoleName
from stoep.places.choosing import place_fields
from stoep.places.models import Municipality


class AnnouncementForm(forms.Form):
    """A message of a department, and where it goes."""

    title = forms.CharField(label=_("Title"), max_length=70, help_text=_("Short: at most 70 characters."))
    body = forms.CharField(
        label=_("Message"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("Plain words, short sentences. Say what, where and until when."),
    )
    where = forms.ChoiceField(
        label=_("Whom does it concern?"),
        choices=[("city", _("Everybody in the city")), ("some", _("Only the places that I choose below"))],
        widget=forms.RadioSelect,
    )
    comments_open = forms.BooleanField(
        label=_("Neighbours may answer. Their answers are visible to the neighbours addressed and to us."),
        required=False,
    )
    request_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    # What the preview showed: only that can be sent.
    previewed = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        department: forms.ModelChoiceField[Department] = forms.ModelChoiceField(
            departments_for(person), label=_("Sender"), empty_label=None
        )
        self.fields = {"department": department, **self.fields, **place_fields(person.municipality)}
        # With a day it stands on the agenda too.
        self.plan = PlanForm(self.data if self.is_bound else None, prefix="event")

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        chosen = found.get("neighbourhoods") or found.get("streets")
        if found.get("where") == "some" and not chosen:
            self.add_error("where", _("Choose at least one neighbourhood or street."))
        if not self.plan.is_valid():
            self.add_error(None, _("Look at the day, the time and the place."))
        return found

    @property
    def places(self) -> Places:
        if self.cleaned_data["where"] == "city":
            return Places(everybody=True)
        return Places(
            neighbourhoods=list(self.cleaned_data["neighbourhoods"]), parts=list(self.cleaned_data["streets"])
        )

    @property
    def digest(self) -> str:
        """Stands for everything that the preview shows, so that a change after it is noticed."""
        found = self.cleaned_data
        places = [] if found["where"] == "city" else [*found["neighbourhoods"], *found["streets"]]
        ids = sorted(str(place.pk) for place in places)
        said = [str(found["department"].pk), found["title"], found["body"], found["where"], found["comments_open"], ids]
        said += [str(self.plan.cleaned_data[name]) for name in ("on", "at", "place")]
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()


class DepartmentForm(forms.Form):
    name = forms.CharField(label=_("Name of the department"), max_length=100)

    def clean_name(self) -> str:
        name = clean_name(self.cleaned_data["name"])
        if not name:
            raise forms.ValidationError(_("Give the department a name."))
        return name


class StaffForm(forms.Form):
    """Somebody who works for the city, and their task."""

    name = forms.CharField(label=_("First and last name"), max_length=80)
    email = forms.EmailField(label=_("E-mail at work"), max_length=200)
    role = forms.ChoiceField(
        label=_("Task"),
        choices=[(role, role.label) for role in RoleName if role in APPOINTED_BY_CITY],
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, municipality: Municipality, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        department: forms.ModelChoiceField[Department] = forms.ModelChoiceField(
            departments_of(municipality).filter(closed_at=None),
            label=_("Only for this department"),
            required=False,
            empty_label=str(_("All departments")),
        )
        self.fields["department"] = department

    def clean_name(self) -> str:
        name = clean_name(self.cleaned_data["name"])
        if not has_first_and_last_name(name):
            raise forms.ValidationError(_("Give a first and a last name."))
        return name
