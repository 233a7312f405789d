"""The flyer of an invitation: four of A6 on a sheet, PDF/UA-1, to cut out and hand over. Our words in its language."""

from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from stoep.access.gate import require
from stoep.delivery.links import site_url
from stoep.joining import codes
from stoep.joining.entrances import entrance_of
from stoep.joining.inviting import link_of
from stoep.joining.models import Invitation
from stoep.people.models import Membership, Person
from stoep.people.naming import shown_outside
from stoep.places.models import Municipality
from stoep.shell.printing import clean, logo_or_house, pdf_of, qr_svg, readable

SOURCE = Path(__file__).parent / "flyer" / "flyer.typ"


def flyer_of(*, person: Person, invitation: Invitation, now: datetime) -> bytes:
    """The sheet, while the invitation lets people in. Raises CodeRefused."""
    require(person, "joining:invitation:end", invitation, now=now)
    entrance = entrance_of(invitation, now=now)
    with translation.override(person.language):
        words = _words(invitation, _place_of(person) or entrance.neighbourhood.name)
    return pdf_of(SOURCE, words | _facts(invitation, entrance.municipality))


def _place_of(person: Person) -> str:
    """The inviter's street, where it may be shown beside a name."""
    home = Membership.objects.filter(person=person, ended_at=None).select_related("shown_street").first()
    return home.shown_street.name if home is not None and home.shown_street is not None else ""


def _facts(invitation: Invitation, municipality: Municipality) -> dict[str, Any]:
    colour = readable(municipality.theme_colour)
    return {
        "municipality": clean(municipality.name),
        "colour": colour,
        "logo_svg": logo_or_house(municipality.logo_svg, colour),
        "language": translation.get_language() or municipality.default_language,
        "site_address": site_url(municipality, "/join/").partition("://")[2].rstrip("/"),
        "code": codes.shown(invitation.code),
        "qr": qr_svg(link_of(invitation)),
    }


def _words(invitation: Invitation, place: str) -> dict[str, Any]:
    neighbourhood = invitation.neighbourhood
    zone = ZoneInfo(neighbourhood.municipality.time_zone)
    until = date_format(invitation.expires_at.astimezone(zone), _("j F"))
    name = shown_outside(invitation.inviter.name)
    return {
        "language": translation.get_language(),
        "document_title": clean(_("Invitation to the neighbourhood %(place)s") % {"place": neighbourhood.name}),
        "title": clean(_("Welcome to %(place)s") % {"place": neighbourhood.name}),
        "from": clean(_("From %(name)s, %(place)s") % {"name": name, "place": place}),
        "introduction": _("Neighbours help each other here, borrow and share news. It is free."),
        "step_site": _("Go to"),
        "step_code": _("and type"),
        "logo_alt": clean(_("Logo of %(city)s") % {"city": neighbourhood.municipality.name}),
        "qr_alt": _("Square code that leads to the same page"),
        "small": [
            _("Or point the camera of your phone at the square."),
            _("It works until %(day)s, for a few people.") % {"day": until},
            _("Only for who lives here. Keep this paper: the code stays yours."),
        ],
    }
