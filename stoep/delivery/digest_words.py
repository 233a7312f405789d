"""How a daily mail reads: its subject, its first words, its lines cut to a length that a mail program shows."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone, translation
from django.utils.translation import ngettext

from stoep.delivery.digest_lines import Line, Rank, Readers
from stoep.delivery.letterbox import Envelope, mail_of
from stoep.delivery.links import site_url
from stoep.delivery.models import DIGEST, Mail
from stoep.delivery.stopping import WEEKLY, stop_link
from stoep.people.models import Person
from stoep.shell import moments

MOST_LINES = 8
MOST_TEXT = 400
MOST_SUBJECT = 60
MOST_PREHEADER = 140


@dataclass(frozen=True)
class Contents:
    """`keys`: of all that counts as told, also what is only counted (`more`)."""

    lines: list[Line]
    agenda: list[Line]
    more: int
    keys: list[str]

    @property
    def titles(self) -> list[str]:
        """As they show before the mail is opened."""
        return [line.outside or line.title for line in (*self.lines, *self.agenda)]


def digest_mail(person: Person, readers: Readers, contents: Contents, *, on: date, now: datetime) -> Mail:
    """The mail as a row, in its reader's language and time."""
    municipality = readers.municipality
    with translation.override(person.language), timezone.override(ZoneInfo(municipality.time_zone)):
        context: dict[str, Any] = {
            "reader": person,
            "place": readers.neighbourhood.name,
            "day": moments.full_day(on),
            "subject": subject_of(readers.neighbourhood.name, contents),
            "preheader": preheader_of(contents),
            "lines": [(line, *shortened(line.text, MOST_TEXT)) for line in contents.lines],
            "agenda": contents.agenda,
            "more": contents.more,
            "feed": site_url(municipality, "/"),
            "less": stop_link(person, WEEKLY),
        }
        envelope = Envelope(municipality, person.email, person.language, person=person, stream=DIGEST)
        return mail_of(envelope, template="delivery/mail/digest", context=context, now=now)


def subject_of(place: str, contents: Contents) -> str:
    """`Kermt: Who walks my dog? + 2 others`, in sixty letters at most."""
    others = len(contents.titles) - 1 + contents.more
    tail = ngettext(" + %(count)s other", " + %(count)s others", others) % {"count": others} if others else ""
    head, room = f"{place}: ", MOST_SUBJECT - len(tail)
    title, is_cut = shortened(" ".join(contents.titles[0].split()), max(room - len(head), 0), is_hard=True)
    return f"{head}{title}"[:room] + tail if not is_cut else f"{head}{title}…"[:room] + tail


def preheader_of(contents: Contents) -> str:
    """What a list of mails shows after the subject: the other titles, or what the only one says. It names nobody."""
    first = contents.lines[0] if contents.lines else None
    titles = contents.titles[1:] or [first.text if first and first.rank != Rank.MINE else ""]
    return shortened(" · ".join(" ".join(title.split()) for title in titles), MOST_PREHEADER)[0]


def shortened(text: str, most: int, *, is_hard: bool = False) -> tuple[str, bool]:
    """The text up to `most` letters, between two words; and whether there was more. `is_hard`: with room for “…”."""
    if len(text) <= most:
        return text, False
    room = most - 1 if is_hard else most
    cut = text[: max(room, 0)]
    at = max(cut.rfind(" "), cut.rfind("\n"))
    return (cut[:at] if at > room // 2 else cut).rstrip(" ,;:.\n"), True
