"""What a letter says: the municipality's facts, the words the city may edit, and our words in the letter's language."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Protocol

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from stoep.shell.printing import clean, logo_or_house, readable


@dataclass(frozen=True)
class Letter:
    """One door: `street_line` is street, number and box; `city_line` postcode and city. No name, ever."""

    code: str
    street_line: str
    city_line: str


class Sender(Protocol):
    """What a letter needs to know of a municipality; `places.models.Municipality` is one."""

    @property
    def name(self) -> str: ...
    @property
    def host(self) -> str: ...
    @property
    def languages(self) -> list[str]: ...
    @property
    def default_language(self) -> str: ...
    @property
    def theme_colour(self) -> str: ...
    @property
    def logo_svg(self) -> str: ...
    @property
    def help_phone(self) -> str: ...
    @property
    def help_hours(self) -> str: ...
    @property
    def help_place(self) -> str: ...
    @property
    def controller(self) -> str: ...
    @property
    def dpo_contact(self) -> str: ...
    @property
    def letter_text(self) -> Any: ...
    @property
    def code_days(self) -> int: ...


# The fields of the letter that the city edits, as keys of `Municipality.letter_text`, with the most characters each.
EDITABLE: Mapping[str, int] = {
    "title": 60,
    "greeting": 60,
    "introduction": 500,
    "what": 120,
    "who": 120,
    "free": 120,
    "voluntary": 120,
    "already_member": 200,
    "objection": 400,
    "signatory": 80,
    "signatory_function": 80,
    "return_address": 200,
}


@dataclass(frozen=True)
class LetterLayout:
    """Everything but the doors: kept with a run, so that later edits do not change letters under way."""

    municipality: str
    base_url: str
    language: str
    other_languages: tuple[str, ...]
    colour: str
    logo_svg: str
    help_phone: str
    help_hours: str
    help_place: str
    controller: str
    dpo_contact: str
    code_days: int
    title: str
    greeting: str
    introduction: tuple[str, ...]
    what: str
    who: str
    free: str
    voluntary: str
    already_member: str
    objection: str
    signatory: str
    signatory_function: str
    return_address: tuple[str, ...]

    @property
    def site_address(self) -> str:
        """The address as people type it."""
        return self.base_url.split("://", 1)[-1].strip("/")

    def code_url(self, code: str) -> str:
        """Where the square on the letter leads: a page with one button."""
        return f"{self.base_url}/q/{code}/"

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def layout_of(
    sender: Sender, *, base_url: str = "", language: str = "", edits: Mapping[str, str] | None = None
) -> LetterLayout:
    """The letter of a municipality as it would be printed now. `edits` stand in for its stored `letter_text`."""
    language = language or sender.default_language
    edited = sender.letter_text if edits is None else edits
    texts = default_texts(sender.name, language)
    # An emptied field falls back to our proposal: no letter goes out without a title or the right to object.
    texts |= {key: clean(text) for key, text in edited.items() if key in EDITABLE and clean(text).strip()}
    return LetterLayout(
        municipality=clean(sender.name),
        base_url=(base_url or f"https://{sender.host}").rstrip("/"),
        language=language,
        other_languages=tuple(each for each in sender.languages if each != language),
        colour=readable(sender.theme_colour),
        logo_svg=sender.logo_svg,
        help_phone=clean(sender.help_phone),
        help_hours=clean(sender.help_hours),
        help_place=clean(sender.help_place),
        controller=clean(sender.controller) or clean(sender.name),
        dpo_contact=clean(sender.dpo_contact),
        code_days=sender.code_days,
        **_split(texts),
    )


def layout_from_json(stored: Mapping[str, Any]) -> LetterLayout:
    """The layout behind `as_json`."""
    values: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in stored.items()}
    return LetterLayout(**values)


def default_texts(municipality: str, language: str) -> dict[str, str]:
    """Our proposal for every field of `EDITABLE`: paragraphs apart by an empty line, addresses by a line."""
    name = {"municipality": clean(municipality)}
    with translation.override(language):
        return {
            "title": _("Get to know your neighbours"),
            "greeting": _("Dear resident,"),
            "introduction": _(
                "Who can lend you a ladder? Who has seen that cat? What is on this weekend? From now on your "
                "neighbourhood has a place of its own on the internet. This letter lets you in."
            ),
            "what": _("A private notice board for your neighbourhood, given by %(municipality)s.") % name,
            "who": _(
                "Your neighbours see your name and your street, not your house number. "
                "The city sees only what you share with it."
            ),
            "free": _("You pay nothing, now or later. There is no advertising."),
            "voluntary": _("You choose whether to join. You can always stop."),
            "already_member": _("Are you in already? Then give this code to somebody you live with."),
            "objection": _(
                "You may object to letters like this one. Call or write to us. "
                "We then send no more of them to your address, and you need not say why."
            ),
            "signatory": _("The mayor and aldermen"),
            "signatory_function": "",
            "return_address": name["municipality"],
        }


def words_of(layout: LetterLayout) -> dict[str, Any]:
    """Our own words around the city's, in the letter's language, in the shape `letter/page.typ` reads."""
    with translation.override(layout.language):
        return {
            "document_title": _("Letters from %(municipality)s") % {"municipality": layout.municipality},
            "logo_alt": _("Logo of %(municipality)s") % {"municipality": layout.municipality},
            "to_residents": addressee(layout),
            "step_site": _("1. On the internet, go to"),
            "step_code": _("2. Type this code"),
            "scan": _("Or scan this"),
            "qr_alt": _("Square to scan: it opens %(site)s with your code filled in.") % {"site": layout.site_address},
            "own_key": _("Write your own key here"),
            "own_key_hint": _("Only if you join without e-mail. You see the key on screen."),
            "promises": [
                [_("What is this?"), layout.what],
                [_("Who sees what?"), layout.who],
                [_("Free"), layout.free],
                [_("You do not have to"), layout.voluntary],
            ],
            "help_title": _("Would you rather ask a person?"),
            "help": _help(layout),
            "closing": _("Kind regards,"),
            "back": _back(layout),
            "languages_title": _("Another language"),
            "languages": _languages(layout),
            "languages_alt": _("Square to scan: it opens %(site)s.") % {"site": layout.site_address},
        }


def addressee(layout: LetterLayout) -> str:
    """Whom every letter is for: a door, never a name (docs/trust.md 1.3)."""
    with translation.override(layout.language):
        return _("To the residents of")


def logo_of(layout: LetterLayout) -> str:
    return logo_or_house(layout.logo_svg, layout.colour)


def _help(layout: LetterLayout) -> dict[str, Any]:
    """A number large enough to dial from, and the lines under it."""
    lines = [layout.help_hours] if layout.help_phone else []
    if layout.help_place or not layout.help_phone:
        lines.append(_("Come by: %(place)s.") % {"place": layout.help_place or layout.municipality})
    phone = _("Call %(phone)s") % {"phone": _unbroken(layout.help_phone)} if layout.help_phone else ""
    return {"phone": phone, "lines": [_unbroken_numbers(line) for line in lines if line]}


def _back(layout: LetterLayout) -> list[dict[str, Any]]:
    return [
        _part(
            _("No e-mail? You can still join"),
            _("Choose “rather not” when we ask for your e-mail. You then get a key of 6 digits."),
            _("Write it in the boxes on the front and keep this letter. The code and your key let you in every time."),
        ),
        _part(
            _("About the code"),
            _("The code lets you join for %(days)s days, up to 8 people at this address.") % {"days": layout.code_days},
            layout.already_member,
        ),
        _part(
            _("Our house rules"),
            rules=[
                _("Be friendly, also when you disagree."),
                _("Use your own name."),
                _("What neighbours write stays in the neighbourhood."),
                _("No hate, no advertising, no party politics."),
                _("In danger, call 112 first."),
            ],
        ),
        _part(_("Your data"), *_data_paragraphs(layout)),
        _part(_("No more letters?"), layout.objection),
    ]


def _data_paragraphs(layout: LetterLayout) -> list[str]:
    paragraphs = [
        _("We do not use your name for this letter. Your address comes from the public register of addresses."),
        _("Responsible for this letter: %(controller)s.") % {"controller": layout.controller},
    ]
    if layout.dpo_contact:
        paragraphs.append(
            _("Questions about your data? The data protection officer helps you: %(contact)s.")
            % {"contact": layout.dpo_contact}
        )
    return paragraphs


def _part(title: str, *paragraphs: str, rules: list[str] | None = None) -> dict[str, Any]:
    return {"title": title, "paragraphs": [each for each in paragraphs if each], "rules": rules or []}


def _languages(layout: LetterLayout) -> str:
    names = dict(settings.LANGUAGES)
    others = ", ".join(str(names.get(each, each)) for each in layout.other_languages)
    text = _("Scan the square or go to %(site)s. There you choose your language.") % {"site": layout.site_address}
    return f"{others}: {text}" if others else text


def _unbroken(text: str) -> str:
    return text.replace(" ", "\u00a0")


def _unbroken_numbers(text: str) -> str:
    """A number stays with the word after or before it: `9-17 u`, `plein 1`."""
    return re.sub(r"(?<=\d) (?=\w)| (?=\d)", "\u00a0", text)


def _split(texts: dict[str, str]) -> dict[str, Any]:
    """Paragraphs and lines as tuples; everything else on one line."""
    parts: dict[str, Any] = {key: " ".join(text.split()) for key, text in texts.items()}
    parts["introduction"] = tuple(
        " ".join(each.split()) for each in re.split(r"\n\s*\n", texts["introduction"].strip())
    )
    parts["return_address"] = tuple(line.strip() for line in texts["return_address"].splitlines() if line.strip())
    return parts
