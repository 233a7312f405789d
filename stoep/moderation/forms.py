"""What the pages of moderation accept: shape and size, no rules."""

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from stoep.moderation.models import EXPLANATION_LENGTH, GROUND_LENGTH, WHERE_LENGTH, Decision, Outcome, Reason

CHOOSE_REASON = {"required": _("Choose what is wrong.")}
DAYS = [(1, _("1 day")), (7, _("7 days")), (30, _("30 days")), (90, _("90 days"))]


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class ReportForm(forms.Form):
    """Something that one sees. A name is doubted of a person only."""

    reason = forms.ChoiceField(label=_("What is wrong?"), widget=forms.RadioSelect, error_messages=CHOOSE_REASON)
    explanation = forms.CharField(
        label=_("Tell us more"), max_length=EXPLANATION_LENGTH, required=False, widget=_area(4)
    )
    request_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fitting = [each for each in Reason if each != Reason.NOT_REAL_NAME or kind == "person"]
        if kind == "person":
            fitting.sort(key=lambda each: each not in {Reason.DANGER, Reason.NOT_REAL_NAME})
        self.fields["reason"].choices = [(each.value, each.label) for each in fitting]  # type: ignore[attr-defined]  # of a ChoiceField


class NoticeForm(forms.Form):
    """A notice of something illegal, by anybody (DSA art. 16)."""

    where = forms.CharField(
        label=_("Where did you see it?"),
        max_length=WHERE_LENGTH,
        widget=_area(2),
        error_messages={"required": _("Tell us where. The address of the page is best.")},
    )
    reason = forms.ChoiceField(
        label=_("What is wrong?"),
        choices=[(each.value, each.label) for each in Reason],
        widget=forms.RadioSelect,
        error_messages=CHOOSE_REASON,
    )
    explanation = forms.CharField(
        label=_("Why is it not allowed?"),
        max_length=EXPLANATION_LENGTH,
        widget=_area(4),
        error_messages={"required": _("Tell us why.")},
    )
    name = forms.CharField(label=_("Your name"), max_length=80, required=False)
    email = forms.EmailField(
        label=_("Your e-mail address"),
        required=False,
        max_length=254,
        error_messages={"invalid": _("This is not an e-mail address.")},
    )
    is_in_good_faith = forms.BooleanField(
        label=_("As far as I know, what I write here is right and complete."),
        error_messages={"required": _("Please tick this: we can only use what you believe to be true.")},
    )
    request_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)


class DecisionForm(forms.Form):
    outcome = forms.ChoiceField(
        label=_("What do you decide?"), widget=forms.RadioSelect, error_messages={"required": _("Choose one.")}
    )
    days = forms.TypedChoiceField(label=_("For how long, if you hide or pause"), choices=DAYS, coerce=int, initial=7)
    ground = forms.ChoiceField(
        label=_("On what ground?"),
        choices=Decision.Ground.choices,
        widget=forms.RadioSelect,
        initial=Decision.Ground.RULES,
    )
    ground_text = forms.CharField(
        label=_("Which rule, or which law?"),
        max_length=GROUND_LENGTH,
        error_messages={"required": _("Name the rule or the law.")},
    )
    facts = forms.CharField(
        label=_("What happened, and why do you decide so?"),
        max_length=EXPLANATION_LENGTH,
        widget=_area(5),
        error_messages={"required": _("Both sides read why. Write it down.")},
    )

    def __init__(self, *args: Any, outcomes: list[Outcome], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["outcome"].choices = [(each.value, each.label) for each in outcomes]  # type: ignore[attr-defined]  # of a ChoiceField


class AppealForm(forms.Form):
    words = forms.CharField(
        label=_("Why do you not agree?"),
        max_length=EXPLANATION_LENGTH,
        widget=_area(5),
        error_messages={"required": _("Tell us why.")},
    )


class AppealDecisionForm(forms.Form):
    is_granted = forms.TypedChoiceField(
        label=_("What do you decide?"),
        choices=[("no", _("The first decision stands")), ("yes", _("The first decision was wrong"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one.")},
    )
    reasons = forms.CharField(
        label=_("Why?"),
        max_length=EXPLANATION_LENGTH,
        widget=_area(5),
        error_messages={"required": _("Both sides read why. Write it down.")},
    )
