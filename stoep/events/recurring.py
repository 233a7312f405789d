"""The only home of dateutil: how an event repeats, as a rule of RFC 5545, and the days that follow from it.

All in local time without a zone, so that a walk at ten stays at ten when the clock changes.
"""

import re
from datetime import date, datetime, time
from enum import StrEnum

from dateutil.rrule import rrulestr

UNTIL = re.compile(r"UNTIL=(\d{8})")
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
FIFTH = 5
# In a year no rule of ours gives more.
MOST_DAYS = 60


class Repeats(StrEnum):
    NEVER = ""
    WEEKLY = "weekly"
    FORTNIGHTLY = "fortnightly"
    MONTHLY = "monthly"


def rule_of(repeats: Repeats, first: date, until: date) -> str:
    """Monthly is "every first Saturday", as neighbours say it, and not "every fifth of the month"."""
    end = f"UNTIL={until:%Y%m%d}T235959"
    match repeats:
        case Repeats.NEVER:
            return ""
        case Repeats.WEEKLY:
            return f"FREQ=WEEKLY;{end}"
        case Repeats.FORTNIGHTLY:
            return f"FREQ=WEEKLY;INTERVAL=2;{end}"
        case Repeats.MONTHLY:
            return f"FREQ=MONTHLY;BYDAY={_week_of(first)}{WEEKDAYS[first.weekday()]};{end}"


def repeats_of(rule: str) -> Repeats:
    if not rule:
        return Repeats.NEVER
    if "MONTHLY" in rule:
        return Repeats.MONTHLY
    return Repeats.FORTNIGHTLY if "INTERVAL=2" in rule else Repeats.WEEKLY


def until_of(rule: str) -> date | None:
    found = UNTIL.search(rule)
    return datetime.strptime(found[1], "%Y%m%d").date() if found else None  # noqa: DTZ007  a day has no zone


def days_of(rule: str, first: datetime, *, after: datetime, before: datetime) -> list[datetime]:
    """When it takes place, strictly between the two moments."""
    if not rule:
        return [first] if after < first < before else []
    return list(rrulestr(rule, dtstart=first).between(after, before))[:MOST_DAYS]


def end_of(day: date) -> datetime:
    return datetime.combine(day, time.max)


def _week_of(day: date) -> int:
    """The second Saturday is 2; a fifth one is the last, as few months have one."""
    week = (day.day - 1) // 7 + 1
    return -1 if week == FIFTH else week
