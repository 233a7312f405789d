"""What the residents' door accepts: shape and size, and kind words; no rules."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stoep.joining import codes

CODE_REASONS = {
    "length": _("The code has 12 digits. Look again at your letter."),
    "typo": _("One digit is not right. Compare them with your letter, one by one."),
    "unknown": _("We do not know this code. Check all 12 digits."),
    "expired": _("This code is too old. A new letter will come, or call us for one."),
    "full": _("Eight people have joined with this letter. More is not possible."),
    "closed": _("Your neighbourhood is not open yet. Keep your letter: it goes on working."),
}
NAME_REASONS = {
    "short": _("Give your first and your last name."),
    "long": _("This name is too long for us. Make it shorter."),
    "official": _("This name speaks for an office. Use your own name."),
    "national_number": _("This looks like a national register number. Leave it out."),
}
TOO_MANY = _("Too many tries. Wait an hour, or call us.")
TOO_MANY_DIGITS = _("Too many tries. Use the link in the mail, or wait half an hour.")
SHARED = _("This is a shared computer: sign me out after an hour")


def code_input(**attributes: str) -> forms.TextInput:
    """Digits in groups, typed or pasted."""
    return forms.TextInput(
        attrs={"inputmode": "numeric", "autocomplete": "off", "spellcheck": "false", "class": "code-input"} | attributes
    )


def checked_code(typed: str) -> str:
    """The letter's code, or kind words about the typing error."""
    try:
        return codes.well_formed(typed)
    except codes.CodeRefused as error:
        raise forms.ValidationError(CODE_REASONS[error.reason]) from error


def six_digits(typed: str, otherwise: str) -> str:
    digits = codes.normalise_own_key(typed)
    if digits is None:
        raise forms.ValidationError(otherwise)
    return digits


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Your code"),
        max_length=80,
        help_text=_("Spaces are fine. For example 4829 1736 5501."),
        widget=code_input(),
        error_messages={"required": _("Type the code from your letter.")},
    )

    def clean_code(self) -> str:
        return checked_code(self.cleaned_data["code"])


class NameForm(forms.Form):
    name = forms.CharField(
        label=_("Your first and last name"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "name", "spellcheck": "false"}),
        error_messages={"required": _("Give your first and your last name.")},
    )


class ContactForm(forms.Form):
    """How somebody wants to be reached; without e-mail they get an own key."""

    way = forms.ChoiceField(
        label=_("How may we reach you?"),
        choices=[("email", _("By e-mail")), ("none", _("Rather not"))],
        widget=forms.RadioSelect,
        initial="email",
        error_messages={"required": _("Choose how we may reach you.")},
    )
    email = forms.EmailField(
        label=_("Your e-mail address"),
        max_length=200,
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
        error_messages={"invalid": _("This is not a whole e-mail address. An example: marie@example.be.")},
    )
    shared = forms.BooleanField(label=SHARED, required=False)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("way") == "none":
            self.errors.pop("email", None)
        if found.get("way") == "email" and not found.get("email") and "email" not in self.errors:
            self.add_error("email", _("Type your e-mail address, or choose “Rather not”."))
        return found


class EmailForm(forms.Form):
    email = forms.EmailField(
        label=_("Your e-mail address"),
        max_length=200,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
        error_messages={
            "required": _("Type your e-mail address."),
            "invalid": _("This is not a whole e-mail address. An example: marie@example.be."),
        },
    )


class MailCodeForm(EmailForm):
    """The six digits of a mail, with the address they went to: so they work in any browser."""

    code = forms.CharField(
        label=_("The 6 digits from your mail"),
        max_length=40,
        widget=code_input(autocomplete="one-time-code"),
        error_messages={"required": _("Type the 6 digits from your mail.")},
    )
    shared = forms.BooleanField(label=SHARED, required=False)

    def clean_code(self) -> str:
        return six_digits(self.cleaned_data["code"], gettext("The mail has 6 digits for you. Type all six."))


class LetterForm(forms.Form):
    """The letter's code and the own key that stands beside it."""

    code = CodeForm.base_fields["code"]
    own_key = forms.CharField(
        label=_("Your own key"),
        max_length=40,
        help_text=_("The 6 digits that you wrote on your letter."),
        widget=code_input(),
        error_messages={"required": _("Type your own key.")},
    )
    shared = forms.BooleanField(label=SHARED, required=False)

    def clean_code(self) -> str:
        return checked_code(self.cleaned_data["code"])

    def clean_own_key(self) -> str:
        return six_digits(self.cleaned_data["own_key"], gettext("Your own key has 6 digits. Type all six."))
