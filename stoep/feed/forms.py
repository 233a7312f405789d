"""What the feed's pages accept: shape and size, no rules."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from stoep.common.text import TextRefused
from stoep.feed.kinds import for_neighbours
from stoep.feed.models import COMMENT_LENGTH, POST_LENGTH, THANK_YOU_LENGTH, TITLE_LENGTH
from stoep.places.models import Neighbourhood

REASONS = {
    "empty": _("Write something first."),
    "too_long": _("This is too long. Make it shorter."),
    "national_number": _("This looks like a national register number. Take it out: nobody needs it here."),
    "kind": _("Choose what kind of message this is."),
    "many_posts": _("You are new here: three messages a day at first. Tomorrow you can go on."),
    "many_comments": _("You are new here: ten answers a day at first. Tomorrow you can go on."),
}


EVERYBODY = "everybody"
NOT_IN_IT = _("You are not in this group. Choose again.")
ONLY_THE_GROUP = _("A message to a group stays in the group. Untick the others, or choose everybody.")


class PostForm(forms.Form):
    """A new message of a neighbour."""

    kind = forms.ChoiceField(
        label=_("What is it about?"),
        choices=lambda: [(kind.key, kind.label) for kind in for_neighbours()],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what kind of message this is.")},
    )
    title = forms.CharField(
        label=_("Title"), max_length=TITLE_LENGTH, error_messages={"required": _("Give your message a title.")}
    )
    body = forms.CharField(
        label=_("Your message"), max_length=POST_LENGTH, required=False, widget=forms.Textarea(attrs={"rows": 5})
    )
    shared_with_city = forms.BooleanField(label=_("The city may read this too"), required=False)
    request_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    def __init__(
        self,
        *args: Any,
        home: Neighbourhood,
        groups: Mapping[UUID, str] | None = None,
        kept_group: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        everybody = _("Everybody in %(place)s") % {"place": home.name}
        # What was begun for a group they are in no longer must not go to everybody: then they choose anew.
        self.must_choose = bool(kept_group) and kept_group not in {str(key) for key in groups or {}}
        self.asks_group = bool(groups) or self.must_choose
        self.fields["group"] = forms.ChoiceField(
            label=_("For whom?"),
            choices=[(EVERYBODY, everybody), *((str(key), name) for key, name in (groups or {}).items())],
            required=self.must_choose,
            initial=None if self.must_choose else EVERYBODY,
            widget=forms.RadioSelect,
            error_messages={"invalid_choice": NOT_IN_IT, "required": NOT_IN_IT},
        )
        # What is wrong with a photo is said beside the photos, not at a field.
        self.photo_errors: list[str] = []
        adjacent: forms.ModelMultipleChoiceField[Any] = forms.ModelMultipleChoiceField(
            home.adjacent.filter(retired_at=None).order_by("name", "id"),
            label=_("Neighbourhoods next to yours"),
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )
        self.fields["adjacent"] = adjacent

    def clean(self) -> dict[str, Any]:
        """What is for a group goes nowhere else."""
        said = super().clean() or {}
        if said.get("group", "") not in {"", EVERYBODY} and (said.get("adjacent") or said.get("shared_with_city")):
            self.add_error("group", str(ONLY_THE_GROUP))
        return said


class EditPostForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=TITLE_LENGTH)
    body = forms.CharField(
        label=_("Your message"), max_length=POST_LENGTH, required=False, widget=forms.Textarea(attrs={"rows": 5})
    )


class CommentForm(forms.Form):
    body = forms.CharField(
        label=_("Your answer"),
        max_length=COMMENT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write something first.")},
    )
    request_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)


class EditCommentForm(forms.Form):
    body = forms.CharField(label=_("Your answer"), max_length=COMMENT_LENGTH, widget=forms.Textarea(attrs={"rows": 3}))


class SolutionForm(forms.Form):
    """Who helped, and a word of thanks; both may stay empty."""

    thank_you = forms.CharField(label=_("A word of thanks"), max_length=THANK_YOU_LENGTH, required=False)

    def __init__(self, *args: Any, helpers: Mapping[UUID, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("Somebody else, or nobody")), *((str(key), name) for key, name in helpers.items())]
        self.fields = {
            "helper": forms.ChoiceField(
                label=_("Who helped?"), choices=choices, required=False, widget=forms.RadioSelect
            ),
            **self.fields,
        }


def refuse(form: forms.Form, error: TextRefused, field: str | None) -> None:
    """Say kindly at the field why a text cannot be placed."""
    form.add_error(field, str(REASONS[error.reason]))
