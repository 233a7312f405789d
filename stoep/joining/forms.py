"""What the residents' door accepts: shape and size, and kind words; no rules."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stoep.joining import codes
from stoep.joining.phones import NumberRefused, read_number

CODE_REASONS = {
    "length": _("The code has 12 digits. Look again at your letter."),
    "typo": _("One digit is not right. Compare them with your letter, one by one."),
    "unknown": _("We do not know this code. Check all 12 digits."),
    "expired": _("This code is too old. A new letter will come, or call us for one."),
    "full": _("Eight people have joined with this letter. More is not possible."),
    "closed": _("Your neighbourhood is not open yet. Keep your letter: it goes on working."),
    "disputed": _("There is a question about this address. Call us, or come by, with your identity card."),
    "invitation_over": _("This invitation works no more. Ask your neighbour for a new one."),
    "invitation_full": _("This invitation has let in enough people. Ask your neighbour for a new one."),
}
NUMBER_REASONS = {
    "number": _("This is not a whole number. An example: 0470 12 34 56."),
    "region": _("We only reach numbers of this country and its neighbours."),
    "mobile": _("This is not a mobile number. Nobody can read a text there."),
}
TOO_MANY = _("Too many tries. Wait an hour, or call us.")
TOO_MANY_LETTERS = _("Many letters were asked for from here today. Wait until tomorrow, or call us.")
TOO_MANY_DIGITS = _("Too many tries. Use the link in the mail, or wait half an hour.")
NO_SUCH_DOOR = _("There is no such letterbox in the register. Look again at street, number and box.")
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


class AskLetterForm(forms.Form):
    """An address without a name: a letter goes to a door."""

    street = forms.CharField(
        label=_("Street"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "address-line1"}),
        error_messages={"required": _("Type the name of your street.")},
    )
    number = forms.CharField(
        label=_("House number and box"),
        max_length=20,
        help_text=_("For example 12, or 12 bus 3."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Type your house number.")},
    )


class NoLettersForm(CodeForm):
    """The letter in the hand says which letterbox it is; one button stops them, the other begins them again."""

    @property
    def is_wanted(self) -> bool:
        return self.data.get("wish") == "again"


class NoLettersToForm(AskLetterForm):
    """As somebody who called or wrote named their door."""

    @property
    def is_wanted(self) -> bool:
        return self.data.get("wish") == "again"


class NameForm(forms.Form):
    name = forms.CharField(
        label=_("Your first and last name"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "name", "spellcheck": "false"}),
        error_messages={"required": _("Give your first and your last name.")},
    )


class ForSomebodyForm(CodeForm):
    """A helper joins for somebody, from their letter."""

    name = forms.CharField(
        label=_("Their first and last name"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _("Give their first and last name.")},
    )
    agreed = forms.BooleanField(
        label=_("They know of this, agree to the house rules, and are 16 or older."),
        error_messages={"required": _("Ask them first.")},
    )
    plan = forms.CharField(widget=forms.HiddenInput, required=False, max_length=500)


def number_field(label: Any, *, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=40,
        required=required,
        help_text=_("For example 0470 12 34 56."),
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel"}),
        error_messages={"required": _("Type your number.")},
    )


class CountryForm(forms.Form):
    """Numbers are read in the way of a country."""

    def __init__(self, data: Any = None, *, country: str = "BE", **facts: Any) -> None:
        super().__init__(data, **facts)
        self.country = country

    def read(self, typed: str, *, is_mobile: bool = True) -> str:
        try:
            return read_number(typed, self.country, is_mobile=is_mobile)
        except NumberRefused as error:
            raise forms.ValidationError(NUMBER_REASONS[error.reason]) from error


class NumberForm(CountryForm):
    number = number_field(_("Your mobile number"))

    def clean_number(self) -> str:
        return self.read(self.cleaned_data["number"])


class EmergencyForm(CountryForm):
    number = number_field(_("Your number for emergencies"))

    def clean_number(self) -> str:
        return self.read(self.cleaned_data["number"], is_mobile=False)


class ContactForm(CountryForm):
    """How somebody wants to be reached; without e-mail and number they get an own key."""

    way = forms.ChoiceField(
        label=_("How may we reach you?"),
        choices=[("email", _("By e-mail")), ("sms", _("By text message (SMS)")), ("none", _("Rather not"))],
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
    number = number_field(_("Your mobile number"), required=False)
    shared = forms.BooleanField(label=SHARED, required=False)

    def __init__(self, data: Any = None, *, has_sms: bool = True, **facts: Any) -> None:
        super().__init__(data, **facts)
        if not has_sms:
            way: Any = self.fields["way"]
            way.choices = [each for each in way.choices if each[0] != "sms"]
            del self.fields["number"]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        way = found.get("way")
        if way in {"sms", "none"}:
            self.errors.pop("email", None)
        if way == "email" and not found.get("email") and "email" not in self.errors:
            self.add_error("email", _("Type your e-mail address, or choose “Rather not”."))
        if way == "sms":
            self._read_number(found)
        return found

    def _read_number(self, found: dict[str, Any]) -> None:
        if not found.get("number"):
            self.add_error("number", _("Type your mobile number, or choose “Rather not”."))
            return
        try:
            found["number"] = self.read(found["number"])
        except forms.ValidationError as error:
            self.add_error("number", error)


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


class ProofForm(forms.Form):
    """Six digits: from the mail, or the own key."""

    code = forms.CharField(
        label=_("Your 6 digits"),
        max_length=40,
        widget=code_input(autocomplete="one-time-code"),
        error_messages={"required": _("Type your 6 digits.")},
    )

    def clean_code(self) -> str:
        return six_digits(self.cleaned_data["code"], gettext("There are 6 digits. Type all six."))


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


class TextCodeForm(NumberForm):
    """The six digits of a text, with the number they went to: so they work in any browser."""

    code = forms.CharField(
        label=_("The 6 digits from your text message"),
        max_length=40,
        widget=code_input(autocomplete="one-time-code"),
        error_messages={"required": _("Type the 6 digits from your text message.")},
    )
    shared = forms.BooleanField(label=SHARED, required=False)

    def clean_code(self) -> str:
        return six_digits(self.cleaned_data["code"], gettext("The message has 6 digits for you. Type all six."))
