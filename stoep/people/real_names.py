"""Real names: which one somebody may go by, when they join and when they change it."""

from django.utils.translation import gettext_lazy as _

from stoep.common.text import clean_name, contains_national_number, has_first_and_last_name, looks_official
from stoep.places.models import Municipality

# Some letters become two or three when they are brought into one form.
LONGEST_NAME = 80
NAME_REASONS = {
    "short": _("Give your first and your last name."),
    "long": _("This name is too long for us. Make it shorter."),
    "official": _("This name speaks for an office. Use your own name."),
    "national_number": _("This looks like a national register number. Leave it out."),
}


class NameRefused(ValueError):
    """Why a name cannot be used: `reason` is a key of NAME_REASONS."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def checked_name(name: str, municipality: Municipality) -> str:
    """The name as it is kept. Raises NameRefused."""
    name = clean_name(name)
    if len(name) > LONGEST_NAME:
        raise NameRefused("long")
    if contains_national_number(name):
        raise NameRefused("national_number")
    if not has_first_and_last_name(name):
        raise NameRefused("short")
    places = [municipality.name, *municipality.neighbourhoods.values_list("name", flat=True)]
    if looks_official(name, places):
        raise NameRefused("official")
    return name
