"""The city's face: its colour and logo, the lines by which people reach it, the languages it speaks."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from stoep.access.gate import Actor, require
from stoep.common.text import clean_name
from stoep.places.models import Municipality
from stoep.places.queries import show_changed_municipalities
from stoep.shell.logos import logo_from
from stoep.shell.theme import choose


@dataclass(frozen=True)
class Contact:
    """How people reach the city, who answers for their data, whether neighbours invite. Empty lines are not shown."""

    help_phone: str
    help_hours: str
    help_place: str
    controller: str
    dpo_contact: str
    languages: Sequence[str]
    default_language: str
    country: str
    invitations_open: bool


def change_look(
    *,
    person: Actor,
    municipality: Municipality,
    colour: str,
    logo: bytes | None = None,
    removes_logo: bool = False,
    now: datetime,
) -> None:
    """Wear another colour, and another logo or none; on every page at once.

    The colour is kept as asked and shown as it can be read. Raises UnreadableColourError and LogoRefusedError.
    """
    require(person, "cityhall:look:change", municipality, now=now)
    changes: dict[str, object] = {"theme_colour": choose(colour).asked}
    if logo is not None:
        changes["logo_svg"] = logo_from(logo)
    elif removes_logo:
        changes["logo_svg"] = ""
    _change(municipality, changes)


def change_contact(*, person: Actor, municipality: Municipality, contact: Contact, now: datetime) -> None:
    """Other lines on the help cards and letters, other languages at the foot of the door."""
    require(person, "cityhall:contact:change", municipality, now=now)
    changes: dict[str, object] = {
        name: clean_name(value) if isinstance(value, str) else value for name, value in asdict(contact).items()
    }
    _change(municipality, changes | {"languages": list(contact.languages)})


def _change(municipality: Municipality, changes: dict[str, object]) -> None:
    Municipality.objects.filter(pk=municipality.pk).update(**changes)
    show_changed_municipalities()
