"""What the pages of conversations accept: shape and size, no rules."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from stoep.common.text import TextRefused
from stoep.conversations.actions import GroupRefused
from stoep.conversations.models import MESSAGE_LENGTH

REASONS = {
    "empty": _("Write something first."),
    "too_long": _("This is too long. Make it shorter."),
    "national_number": _("This looks like a national register number. Take it out: nobody needs it here."),
    "many_first": _("You are new here: write to five new neighbours a day at first. Tomorrow you can go on."),
    "unknown": _("This does not work with these neighbours. Choose others."),
    "full": _("A group holds twelve neighbours. Choose fewer."),
}
CHOOSE = _("Choose who takes part.")


class MessageForm(forms.Form):
    body = forms.CharField(
        label=_("Your message"),
        max_length=MESSAGE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": REASONS["empty"]},
    )
    request_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)


class CompanyForm(MessageForm):
    """Neighbours for a group, of those with whom one talks already (`names`), and a word for all of them."""

    field_order = ("others", "body", "request_key")

    def __init__(self, *args: Any, names: Mapping[UUID, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["others"] = forms.TypedMultipleChoiceField(
            label=_("Who takes part?"),
            choices=[(str(key), name) for key, name in names.items()],
            coerce=UUID,
            widget=forms.CheckboxSelectMultiple,
            error_messages={"required": CHOOSE, "invalid_choice": REASONS["unknown"]},
        )
        self.order_fields(self.field_order)


def refuse(form: forms.Form, error: TextRefused | GroupRefused) -> None:
    """Say kindly at the field what does not go."""
    form.add_error("others" if isinstance(error, GroupRefused) else "body", str(REASONS[error.reason]))
