"""The only home of icalendar: days of events as a calendar file (RFC 5545). A title, a time, a place; no names.

All moments are in UTC, so that no file needs to carry the rules of a time zone.
"""

from collections.abc import Iterable
from datetime import UTC, datetime

from icalendar import Calendar
from icalendar import Event as Entry

from stoep.delivery.links import site_url
from stoep.events.models import Attendance, Occurrence
from stoep.events.queries import AgendaLine
from stoep.places.models import Municipality

MAKER = "-//Stoep//Agenda//EN"
ASKED_AGAIN = "PT4H"


def calendar_file(name: str, lines: Iterable[AgendaLine], municipality: Municipality, *, now: datetime) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", MAKER)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("x-published-ttl", ASKED_AGAIN)
    for line in lines:
        calendar.add_component(_entry(line, municipality, now))
    made: bytes = calendar.to_ical()
    return made


def _entry(line: AgendaLine, municipality: Municipality, now: datetime) -> Entry:
    day, post = line.day, line.day.event.post
    entry = Entry()
    entry.add("uid", f"{day.pk}@{municipality.host}")
    entry.add("dtstamp", now.astimezone(UTC))
    entry.add("dtstart", day.starts_at.astimezone(UTC))
    if day.ends_at:
        entry.add("dtend", day.ends_at.astimezone(UTC))
    entry.add("summary", post.title)
    entry.add("location", day.event.place)
    entry.add("url", site_url(municipality, f"/posts/{post.pk}/"))
    entry.add("sequence", post.version)
    entry.add("status", _status(day, line.mine))
    return entry


def _status(day: Occurrence, mine: Attendance | None) -> str:
    if day.cancelled_at is not None:
        return "CANCELLED"
    is_unsure = mine is not None and (mine.answer == Attendance.Answer.MAYBE or mine.waiting_since is not None)
    return "TENTATIVE" if is_unsure else "CONFIRMED"
