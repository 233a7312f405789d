"""What the desk's pages accept: shape and size, and kind words; no rules."""

from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from stoep.desk.models import DeskSession
from stoep.feed.kinds import for_neighbours
from stoep.feed.models import POST_LENGTH, TITLE_LENGTH
from stoep.joining.codes import CodeRefused, well_formed
from stoep.joining.models import Dispute
from stoep.joining.phones import NumberRefused, read_number

CODE_REASONS = {
    "length": _("The code has 12 digits. Ask for all of them."),
    "typo": _("One digit is not right. Ask for them again, four by four."),
    "unknown": _("We do not know this code. Ask for all 12 digits again."),
    "expired": _("This letter lets nobody in any more. A new one will come."),
    "full": _("Eight people have joined with this letter. More is not possible."),
    "disputed": _("There is a question about this address. Decide that first."),
    "invitation_over": _("This invitation works no more. Their neighbour can make a new one."),
    "invitation_full": _("This invitation has let in enough people. Their neighbour can make a new one."),
    "closed": _("This neighbourhood is not open yet. The letter goes on working."),
}
NAME_REASONS = {
    "short": _("Type the first and the last name."),
    "long": _("This name is too long for us. Make it shorter."),
    "official": _("This name speaks for an office. A neighbour has a name of their own."),
    "national_number": _("This looks like a national register number. Leave it out."),
}
TEXT_REASONS = {
    "empty": _("Write something first."),
    "too_long": _("This is too long. Make it shorter."),
    "national_number": _("There is a national register number in it. Leave that out."),
    "kind": _("Choose what kind of message this is."),
}
NOBODY = _("Nobody has joined with this code and this name. Ask for both again.")
NUMBER_REASONS = {
    "number": _("This is not a whole number. An example: 0470 12 34 56."),
    "region": _("We only reach numbers of this country and its neighbours."),
    "mobile": _("This is not a mobile number. Nobody can read a text there."),
}
ANSWERS = [("in", _("They live there")), ("out", _("They do not live there"))]
NO_LETTER = _("We know no letter with this code. Ask for all 12 digits again.")
TOO_MANY_NAMES = _("The name was changed often lately. Wait a month.")
TOO_MANY = _("Too many tries. Wait an hour, or let a colleague help.")


def _code_field() -> forms.CharField:
    digits = {"inputmode": "numeric", "autocomplete": "off", "spellcheck": "false", "class": "code-input"}
    return forms.CharField(
        label=_("The code on the resident's letter"),
        max_length=80,
        help_text=_("Let them show the letter, or read the code aloud."),
        widget=forms.TextInput(attrs=digits),
        error_messages={"required": _("Type the code from the letter.")},
    )


def _name_field(label: Any, help_text: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=80,
        help_text=help_text,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _("Type the name that they say.")},
    )


def _read_code(typed: str) -> str:
    try:
        return well_formed(typed)
    except CodeRefused as error:
        raise forms.ValidationError(CODE_REASONS[error.reason]) from error


class LetterAndNameForm(forms.Form):
    code = _code_field()
    name = _name_field(_("The name that the resident says"), _("First and last name."))

    def clean_code(self) -> str:
        return _read_code(self.cleaned_data["code"])


class YesForm(forms.Form):
    """How the resident said yes."""

    channel = forms.ChoiceField(
        label=_("How did the resident say yes?"),
        choices=DeskSession.Channel.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how they said yes.")},
    )
    said_yes = forms.BooleanField(
        label=_("I read this aloud, and the resident said yes."),
        error_messages={"required": _("Without their yes you cannot act for them.")},
    )
    request_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)


class JoinForm(LetterAndNameForm, YesForm):
    """The same for who joins by our hands."""

    field_order = ("code", "name", "channel", "said_yes", "request_key")


class MessageForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("What is it about?"),
        choices=lambda: [(kind.key, kind.label) for kind in for_neighbours()],
        error_messages={"required": _("Choose what kind of message this is.")},
    )
    title = forms.CharField(
        label=_("Title"), max_length=TITLE_LENGTH, error_messages={"required": _("Give the message a title.")}
    )
    body = forms.CharField(
        label=_("The message, as the resident says it"),
        max_length=POST_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    request_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)


class EmailForm(forms.Form):
    email = forms.EmailField(
        label=_("The resident's e-mail address"),
        max_length=200,
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={
            "required": _("Type the e-mail address."),
            "invalid": _("This is not a whole e-mail address. An example: marie@example.be."),
        },
    )


class NumberForm(forms.Form):
    """Read in the way of the city's country."""

    number = forms.CharField(
        label=_("The resident's mobile number"),
        max_length=40,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
        error_messages={"required": _("Type the mobile number.")},
    )

    def __init__(self, data: Any = None, *, country: str) -> None:
        super().__init__(data)
        self.country = country

    def clean_number(self) -> str:
        try:
            return read_number(self.cleaned_data["number"], self.country)
        except NumberRefused as error:
            raise forms.ValidationError(NUMBER_REASONS[error.reason]) from error


class LetterForm(forms.Form):
    """The letter alone: who brings it has not joined."""

    code = _code_field()

    def clean_code(self) -> str:
        return _read_code(self.cleaned_data["code"])


class DecisionForm(forms.Form):
    """For each one about whom it is asked: do they live there?"""

    saw_card = forms.BooleanField(
        label=_("I saw the identity card of who lives there."),
        error_messages={"required": _("Look at the identity card first.")},
    )

    def __init__(self, data: Any = None, *, disputes: Iterable[Dispute]) -> None:
        super().__init__(data)
        for dispute in disputes:
            self.fields[str(dispute.pk)] = forms.ChoiceField(
                label=dispute.person.name,
                choices=ANSWERS,
                widget=forms.RadioSelect,
                error_messages={"required": _("Say of everybody whether they live there.")},
            )
        self.order_fields([name for name in self.fields if name != "saw_card"])

    def outcomes(self) -> dict[str, bool]:
        """By dispute: whether it goes as the resident says."""
        return {key: value == "out" for key, value in self.cleaned_data.items() if key != "saw_card"}


class RightNameForm(forms.Form):
    name = _name_field(_("The right name, first and last"), _("As the neighbours will see it."))


def refuse(form: forms.Form, field: str | None, reasons: dict[str, Any], reason: str) -> None:
    """Say kindly at the field why it cannot be."""
    form.add_error(field, str(reasons[reason]))
