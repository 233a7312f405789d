"""Why a file or a row cannot be used, in words for the person who handed it over."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Message = str | Promise

REASONS: dict[str, Message] = {
    "broken_row": _("This row cannot be read."),
    "no_street": _("The street is missing."),
    "no_number": _("The house number is missing."),
    "too_long": _("A value in this row is too long."),
    "zero_point": _("The point is 0, 0: that is not a place."),
    "unreadable_point": _("The point cannot be read."),
    "far_away": _("The point lies far outside the municipality."),
    "outside": _("The point lies just outside all borders."),
    "duplicate": _("The same address stands in the file twice. The first one counts."),
    "no_polygon": _("This row has no area."),
    "broken_polygon": _("The border cannot be repaired."),
    "no_name": _("The area has no name."),
    "same_code": _("Another area has the same code."),
}


class UnreadableFile(Exception):
    """The file as a whole cannot be used; `message` says why in the reader's language."""

    def __init__(self, message: Message) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True)
class Refusal:
    """One row that was refused, or whose point was. `line` counts from 1; in a text file the heading is line 1."""

    line: int
    reason_code: str
    row: str = ""

    @property
    def text(self) -> Message:
        return REASONS[self.reason_code]
