"""The six weeks of the agenda as small months beside it: which days hold something, and which one was chosen."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

DAYS_A_WEEK = 7
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Cell:
    """One day: `holds` something that the reader sees."""

    on: date
    holds: bool
    is_chosen: bool


@dataclass(frozen=True)
class Month:
    """`weeks`: rows from Monday to Sunday; None where the day is of another month, or outside what is shown."""

    first: date
    weeks: list[list[Cell | None]]


def months(first: date, last: date, *, holding: Collection[date], chosen: date | None) -> list[Month]:
    """From the day `first` to the day `last`, both included."""
    found = []
    for start in _starts(first, last):
        end = min(last, _next_month(start) - DAY)
        weeks = [
            [Cell(on, on in holding, on == chosen) if start <= on <= end else None for on in _week(monday)]
            for monday in _mondays(start, end)
        ]
        found.append(Month(start, weeks))
    return found


def weekdays() -> list[date]:
    """A Monday and the six days after it, for the heads of the columns."""
    return _week(date(2024, 1, 1))


def day_or_none(text: str, *, first: date, last: date) -> date | None:
    """What somebody asks for in an address: a day between these two, or nothing."""
    try:
        on = date.fromisoformat(text)
    except ValueError:
        return None
    return on if first <= on <= last else None


def _starts(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first = _next_month(first)


def _next_month(on: date) -> date:
    return (on.replace(day=1) + timedelta(days=31)).replace(day=1)


def _mondays(start: date, end: date) -> Iterator[date]:
    monday = start - DAY * start.weekday()
    while monday <= end:
        yield monday
        monday += timedelta(weeks=1)


def _week(monday: date) -> list[date]:
    return [monday + DAY * n for n in range(DAYS_A_WEEK)]
