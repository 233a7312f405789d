"""The poster of a neighbourhood, for a window or a hallway: A4, PDF/UA-1, without anybody's name."""

from datetime import datetime
from pathlib import Path

from django.utils import translation
from django.utils.translation import gettext as _

from stoep.access.gate import require
from stoep.delivery.links import site_url
from stoep.people.models import Person
from stoep.places.models import Neighbourhood
from stoep.shell.printing import clean, logo_or_house, pdf_of, qr_svg, readable

SOURCE = Path(__file__).parent / "poster" / "poster.typ"


def poster_of(*, person: Person, now: datetime) -> bytes:
    require(person, "ambassadors:desk:read", person, now=now)
    here = Neighbourhood.objects.select_related("municipality")
    place = here.get(memberships__person=person, memberships__ended_at=None)
    city = place.municipality
    colour = readable(city.theme_colour)
    link = site_url(city, "/join/")
    with translation.override(person.language):
        words = {
            "document_title": clean(_("Poster of the neighbourhood %(place)s") % {"place": place.name}),
            "title": clean(_("Neighbours of %(place)s") % {"place": place.name}),
            "lines": [
                _("Help each other, borrow a ladder, find a lost cat."),
                _("Only for who lives here. Free, and without advertising."),
                _("You need the code from the letter of your city."),
                _("No letter? Ask a neighbour, or the desk of the city."),
            ],
            "logo_alt": clean(_("Logo of %(city)s") % {"city": city.name}),
            "qr_alt": _("Square code that leads to the same page"),
        }
    facts = {
        "language": person.language,
        "municipality": clean(city.name),
        "colour": colour,
        "logo_svg": logo_or_house(city.logo_svg, colour),
        "site_address": link.partition("://")[2].rstrip("/"),
        "qr": qr_svg(link),
    }
    return pdf_of(SOURCE, words | facts)
