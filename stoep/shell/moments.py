"""Says a moment the way neighbours do: "2 uur geleden", "gisteren, 9.10 uur", "za 29 nov."."""

from datetime import date, datetime, timedelta

from babel.dates import format_date, format_skeleton, format_time, format_timedelta
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

JUST_NOW = timedelta(minutes=1)
HOURS_SAID = timedelta(hours=12)
CLOCK_PATTERNS = {"nl": "H.mm 'uur'", "fr": "H 'h' mm", "de": "H:mm 'Uhr'"}
DAY_PATTERNS = {"de": "EEEE, d. MMMM"}


def relative(at: datetime, now: datetime) -> str:
    """A moment as seen from `now`, in the viewer's language and the active time zone; the rest a date."""
    language = get_language() or "nl"
    ago = now - at
    if timedelta(0) <= ago < JUST_NOW:
        return _("just now")
    here, today = timezone.localtime(at), timezone.localtime(now).date()
    if timedelta(0) <= ago < HOURS_SAID and here.date() == today:
        return format_timedelta(-ago, add_direction=True, threshold=1.0, locale=language)
    if here.date() == today:
        return _("today, %(time)s") % {"time": clock_time(at)}
    if here.date() == today - timedelta(days=1):
        return _("yesterday, %(time)s") % {"time": clock_time(at)}
    skeleton = "MMMEd" if here.year == today.year else "yMMMd"
    return format_skeleton(skeleton, here, locale=language)


def clock_time(at: datetime) -> str:
    """9.10 uur, 9 h 10, 9:10 Uhr: as the language writes it."""
    language = get_language() or "nl"
    return format_time(timezone.localtime(at), CLOCK_PATTERNS.get(language, "H:mm"), locale=language)


def short_date(at: datetime) -> str:
    """za 29 nov., 14.05 uur"""
    here = timezone.localtime(at)
    return f"{format_skeleton('MMMEd', here, locale=get_language() or 'nl')}, {clock_time(at)}"


def full_date(at: datetime) -> str:
    """zaterdag 29 november 2026, 14.05 uur"""
    return f"{format_date(timezone.localtime(at), 'full', locale=get_language() or 'nl')}, {clock_time(at)}"


def day(on: date, today: date) -> str:
    """A day heading: Vandaag, Gisteren, zaterdag 29 november."""
    if on == today:
        return _("Today")
    if on == today - timedelta(days=1):
        return _("Yesterday")
    language = get_language() or "nl"
    pattern = DAY_PATTERNS.get(language, "EEEE d MMMM")
    return format_date(on, pattern if on.year == today.year else f"{pattern} y", locale=language)
