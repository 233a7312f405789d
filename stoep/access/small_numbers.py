"""Numbers about people that cannot be turned back into people: thresholds, record-key rounding, closed weeks.

Only what is published leaves this module: a `Figure` knows no raw count, so no template, log or repr can show one.
Count each person once, hide the few, round, no open week. A total is rounded on its own; only for places that an asker
chooses freely is it added up from published figures, since every mix of places would else be a new question.
"""

import hmac
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from enum import Enum
from typing import NamedTuple

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from stoep.common.crypto import key_for

BASE = 5
LEAST_FOR_PERCENTAGES = 30
NEARLY_ALL = 0.9
KEY_SPACE = 2**32
# Members are rounded under one key wherever they are counted: the same people give the same figure on every page.
MEMBERS = "rollout.members"


class Threshold(NamedTuple):
    """From how many people, living at how many addresses, a figure is shown."""

    people: int
    addresses: int


class Kind(Enum):
    """What a figure tells about the people in it: that they did something, or what they think or need."""

    VOLUME = Threshold(people=5, addresses=3)
    OPINION = Threshold(people=10, addresses=5)


@dataclass(frozen=True)
class Figure:
    """A published number. Hidden (`value` is None), it is equal for nobody and for one too few."""

    value: int | None
    least: int = 0

    @property
    def is_shown(self) -> bool:
        return self.value is not None

    @property
    def text(self) -> str:
        """In the reader's language: "1.285", or "minder dan 5"."""
        if self.value is None:
            return _("fewer than %(least)s") % {"least": self.least}
        return number_format(self.value, force_grouping=True)


@dataclass(frozen=True)
class Share:
    """A published percentage in steps of 5, or none; nearly everybody reads "over 90 %"."""

    value: int | None
    is_nearly_all: bool = False

    @property
    def is_shown(self) -> bool:
        return self.value is not None

    @property
    def text(self) -> str:
        if self.value is None:
            return _("too few people")
        number = {"number": self.value}
        return (_("over %(number)s %%") if self.is_nearly_all else _("%(number)s %%")) % number


class Week(NamedTuple):
    """A calendar week: from Monday 00:00 to the next Monday 00:00, in local time."""

    start: datetime
    end: datetime


@dataclass(frozen=True)
class FigureSum:
    """What published figures add up to; None where each of them is hidden. `leaves_out`: some of them are."""

    value: int | None
    leaves_out: bool = False


@dataclass(frozen=True)
class Reach:
    """Whom an audience reaches: letterboxes exactly (the city's own register), members as its places published them."""

    households: int
    members: FigureSum


NO_SHARE = Share(None)


def people_figure(
    metric: str, lived_at: Iterable[tuple[Hashable, Hashable | None]], kind: Kind = Kind.VOLUME
) -> Figure:
    """How many different people: (person, address) pairs in, each person counted once however often they occur."""
    pairs = set(lived_at)
    people = {person for person, _address in pairs}
    addresses = {address for _person, address in pairs if address is not None}
    threshold = kind.value
    if len(people) < threshold.people or len(addresses) < threshold.addresses:
        return Figure(None, threshold.people)
    return Figure(_rounded(metric, people), threshold.people)


def households_figure(count: int) -> Figure:
    """An exact number of letterboxes or letters: the city's own register and its own acts, nobody's secret."""
    return Figure(count)


def sum_of(parts: Sequence[Figure]) -> FigureSum:
    """For places chosen freely: it says nothing that the parts do not say each by itself."""
    shown = [part.value for part in parts if part.value is not None]
    return FigureSum(sum(shown), leaves_out=len(shown) < len(parts)) if shown else FigureSum(None)


def percentage(part: Figure, whole: Figure | int) -> Share:
    """From published figures only. None on fewer than 30 people: a rounded 30 may stand for 26, so it gives none."""
    ratio = _ratio(part, whole)
    if ratio is None:
        return NO_SHARE
    if ratio >= NEARLY_ALL:
        return Share(round(100 * NEARLY_ALL), is_nearly_all=True)
    return Share(BASE * round(100 * ratio / BASE))


def shares(parts: Sequence[Figure], whole: Figure | int) -> list[Share]:
    """A breakdown's percentages. Where nearly all say one thing, only that is shown: the rest would point at people."""
    found = [percentage(part, whole) for part in parts]
    if any(share.is_nearly_all for share in found):
        return [share if share.is_nearly_all else NO_SHARE for share in found]
    return found


def closed_week(now: datetime, zone: tzinfo) -> Week:
    """The last calendar week that is over."""
    monday = _monday(now, zone)
    return _week(monday - timedelta(days=7), zone)


def weeks_between(first: datetime, now: datetime, zone: tzinfo) -> list[Week]:
    """Every closed week from the one that `first` lies in, oldest first."""
    begin, end = _monday(first, zone), _monday(now, zone)
    return [_week(begin + timedelta(days=7 * at), zone) for at in range((end - begin).days // 7)]


def _rounded(metric: str, people: Iterable[Hashable]) -> int:
    """To a multiple of 5, up or down by the people themselves: the same people always give the same figure."""
    keys = [_record_key(metric, person) for person in people]
    below, rest = divmod(len(keys), BASE)
    draw = sum(keys) % KEY_SPACE / KEY_SPACE
    return BASE * below + (0 if draw >= rest / BASE else BASE)


def _record_key(metric: str, person: Hashable) -> int:
    record = f"{person}\x1f{metric}".encode()
    return int.from_bytes(hmac.digest(key_for("small-numbers"), record, "sha256")[:4], "big")


def _ratio(part: Figure, whole: Figure | int) -> float | None:
    total = whole if isinstance(whole, Figure) else households_figure(whole)
    if part.value is None or total.value is None:
        return None
    fewest = total.value - (BASE - 1 if total.least else 0)  # so many at least stand behind a rounded figure
    return part.value / total.value if fewest >= LEAST_FOR_PERCENTAGES else None


def _monday(moment: datetime, zone: tzinfo) -> date:
    day = moment.astimezone(zone).date()
    return day - timedelta(days=day.weekday())


def _week(monday: date, zone: tzinfo) -> Week:
    start, end = (datetime.combine(day, time.min, zone) for day in (monday, monday + timedelta(days=7)))
    return Week(start, end)
