"""Says a moment the way neighbours do: "2 uur geleden", "gisteren, 9.10 uur", "za 29 nov".

A feed says eighty of them; each distinct wording is made once and kept, because Babel takes its time.
"""

from datetime import date, datetime, time, timedelta
from functools import lru_cache

from babel.dates import format_date, format_skeleton, format_time, format_timedelta
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
HOURS_SAID = timedelta(hours=12)
KEPT = 4096
CLOCK_PATTERNS = {"nl": "H.mm 'uur'", "fr": "H 'h' mm", "de": "H:mm 'Uhr'"}
DAY_PATTERNS = {"de": "EEEE, d. MMMM"}


def relative(at: datetime, now: datetime) -> str:
    """A moment as seen from `now`, in the viewer's language and the active time zone; the rest a date."""
    ago = now - at
    if timedelta(0) <= ago < MINUTE:
        return _("just now")
    language, zone = _language(), timezone.get_current_timezone()
    here, today = at.astimezone(zone), now.astimezone(zone).date()
    if timedelta(0) <= ago < HOURS_SAID and here.date() == today:
        return _ago(ago // MINUTE, language)
    return calendar_moment(at, now)


def calendar_moment(at: datetime, now: datetime) -> str:
    """As `relative`, but never so many hours ago: what can stand behind "since"."""
    language, zone = _language(), timezone.get_current_timezone()
    here, today = at.astimezone(zone), now.astimezone(zone).date()
    if here.date() == today:
        return _("today, %(time)s") % {"time": _clock(here.time(), language)}
    if here.date() == today - DAY:
        return _("yesterday, %(time)s") % {"time": _clock(here.time(), language)}
    return _by_skeleton("MMMEd" if here.year == today.year else "yMMMd", here.date(), language)


def clock_time(at: datetime) -> str:
    """9.10 uur, 9 h 10, 9:10 Uhr: as the language writes it."""
    return _clock(timezone.localtime(at).time(), _language())


def short_date(at: datetime) -> str:
    """za 29 nov., 14.05 uur"""
    here, language = timezone.localtime(at), _language()
    return f"{_by_skeleton('MMMEd', here.date(), language)}, {_clock(here.time(), language)}"


def full_date(at: datetime) -> str:
    """zaterdag 29 november 2026, 14.05 uur"""
    here, language = timezone.localtime(at), _language()
    return f"{_date('full', here.date(), language)}, {_clock(here.time(), language)}"


def full_day(on: date) -> str:
    """zaterdag 29 november 2026"""
    return _date("full", on, _language())


def short_day(on: date) -> str:
    """do 3 dec."""
    return _by_skeleton("MMMEd", on, _language())


def month(on: date) -> str:
    """nov"""
    return _date("LLL", on, _language()).rstrip(".")


def weekday(on: date) -> str:
    """za"""
    return _date("ccc", on, _language())


def day(on: date, today: date) -> str:
    """A day heading: Vandaag, Gisteren, zaterdag 29 november."""
    if on == today:
        return _("Today")
    if on == today - DAY:
        return _("Yesterday")
    language = _language()
    pattern = DAY_PATTERNS.get(language, "EEEE d MMMM")
    return _date(pattern if on.year == today.year else f"{pattern} y", on, language)


def _language() -> str:
    return (get_language() or "nl")[:2]


def _clock(at: time, language: str) -> str:
    return _time(at.replace(second=0, microsecond=0), language)


@lru_cache(maxsize=KEPT)
def _time(at: time, language: str) -> str:
    return format_time(at, CLOCK_PATTERNS.get(language, "H:mm"), locale=language)


@lru_cache(maxsize=KEPT)
def _date(pattern: str, on: date, language: str) -> str:
    return format_date(on, pattern, locale=language)


@lru_cache(maxsize=KEPT)
def _by_skeleton(skeleton: str, on: date, language: str) -> str:
    return format_skeleton(skeleton, datetime.combine(on, time()), locale=language)


@lru_cache(maxsize=KEPT)
def _ago(minutes: int, language: str) -> str:
    return format_timedelta(timedelta(minutes=-minutes), add_direction=True, threshold=1.0, locale=language)
