"""What somebody who wants to know more than he may can try. C-numbers: the cases of the trust model."""

import math
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from stoep.access.small_numbers import (
    Figure,
    FigureSum,
    Kind,
    Reach,
    Share,
    closed_week,
    households_figure,
    people_figure,
    percentage,
    shares,
    sum_of,
    weeks_between,
)

BRUSSELS = ZoneInfo("Europe/Brussels")
BOTH = pytest.mark.parametrize("kind", list(Kind))


def crowd(people: int, *, addresses: int | None = None, first: int = 0) -> list[tuple[str, str]]:
    """So many people, each at an address of their own unless told."""
    return [(f"person {first + at}", f"address {(first + at) % (addresses or 10**9)}") for at in range(people)]


def crowds(size: int, draws: int) -> Iterator[list[tuple[str, str]]]:
    return (crowd(size, first=1000 * draw) for draw in range(draws))


def shown(people: int, kind: Kind = Kind.VOLUME, metric: str = "posts") -> int | None:
    return people_figure(metric, crowd(people), kind).value


@BOTH
def test_small_cells_stay_hidden_beside_their_total(kind: Kind) -> None:
    """C1: a hidden part, two shown ones, and a total rounded on its own that does not give the hidden one away."""
    least = kind.value.people
    parts = [crowd(3), crowd(40, first=100), crowd(25, first=200)]
    few, *others = [people_figure("posts", part, kind).value for part in parts]
    total = people_figure("posts", [pair for part in parts for pair in part], kind).value

    assert few is None
    assert others == [40, 25]
    assert total in {65, 70}
    lowest, highest = total - 4 - (40 + 4) - (25 + 4), total + 4 - (40 - 4) - (25 - 4)
    assert lowest <= 0
    assert highest >= least - 1


@BOTH
def test_nobody_and_one_too_few_read_the_same(kind: Kind) -> None:
    """C2: byte for byte."""
    nobody, nearly = (people_figure("posts", crowd(size), kind) for size in (0, kind.value.people - 1))
    assert nobody == nearly
    assert repr(nobody) == repr(nearly)
    for language in ("nl", "fr", "de", "en"):
        with translation.override(language):
            assert nobody.text.encode() == nearly.text.encode()
            assert str(kind.value.people) in nobody.text


@BOTH
def test_the_threshold_is_where_it_says(kind: Kind) -> None:
    """C4: 9 / 10 / 11 people of an opinion, 4 / 5 / 6 of a volume."""
    least = kind.value.people
    assert shown(least - 1, kind) is None
    assert shown(least, kind) == least
    assert shown(least + 1, kind) in {least, least + 5}


@BOTH
def test_one_big_household_is_no_crowd(kind: Kind) -> None:
    """C5: many people, few addresses; and people whose address is not known are none's neighbours."""
    least = kind.value
    assert people_figure("posts", crowd(40, addresses=least.addresses - 1), kind).value is None
    assert people_figure("posts", crowd(40, addresses=least.addresses), kind).value == 40
    nowhere = [(person, None) for person, _address in crowd(40)]
    assert people_figure("posts", [*nowhere, *crowd(2)], kind).value is None


@BOTH
def test_a_loud_person_counts_once(kind: Kind) -> None:
    """C6: sixty posts by one person; and a mover with two addresses is one person too."""
    assert people_figure("posts", crowd(1) * 60, kind).value is None
    assert people_figure("posts", crowd(20) * 3, kind) == people_figure("posts", crowd(20), kind)
    moved = [*crowd(20), ("person 0", "address elsewhere")]
    assert people_figure("posts", moved, kind) == people_figure("posts", crowd(20), kind)


def test_a_joiner_cannot_be_told_from_a_leaver() -> None:
    """C8: 12 one month and 13 the next show 10 or 15; what a rise says about its direction is at most 2.25 to 1."""
    draws = 6000
    rises = falls = 0
    for twelve in crowds(12, draws):
        thirteen = [*twelve, (f"{twelve[0][0]} and one", "address of the one")]
        before, after = people_figure("posts", twelve).value, people_figure("posts", thirteen).value
        assert {before, after} <= {10, 15}
        rises += before == 10 and after == 15
        falls += before == 15 and after == 10
    chance_of_rise, chance_of_fall = rises / draws, falls / draws
    error = 4 * math.sqrt(1 / rises + 1 / falls)  # four standard errors of the ratio's logarithm
    assert chance_of_rise == pytest.approx(0.36, abs=0.03)
    assert chance_of_fall == pytest.approx(0.16, abs=0.03)
    assert abs(math.log(rises / falls) - math.log(2.25)) <= error


@BOTH
def test_a_sybil_learns_nothing_about_a_neighbour(kind: Kind) -> None:
    """C9: accounts of one's own at one address, and one victim."""
    own = [(f"sock puppet {at}", "my address") for at in range(kind.value.people - 1)]
    assert people_figure("posts", [*own, ("victim", "their address")], kind) == people_figure("posts", own, kind)


def test_asking_again_gives_the_same_answer() -> None:
    """C11: a thousand times, in any order."""
    people = crowd(13)
    assert len({people_figure("posts", people[at % 13 :] + people[: at % 13]).value for at in range(1000)}) == 1


def test_months_do_not_average_out() -> None:
    """C14: the key has no date: a group that stays gives one figure for 24 months; another metric draws anew."""
    assert len({people_figure("active", crowd(12)) for _month in range(24)}) == 1
    assert {shown(12, metric=f"metric {at}") for at in range(50)} == {10, 15}


def test_rounding_is_fair_and_near() -> None:
    figures = [people_figure("posts", people).value or 0 for people in crowds(12, 2000)]
    assert set(figures) == {10, 15}
    assert sum(figures) / len(figures) == pytest.approx(12, abs=0.3)


def test_no_percentage_of_few_people() -> None:
    """C15: 8 of 29; a rounded 30 may stand for 26 people, so only 35 may be divided by."""
    assert percentage(people_figure("posts", crowd(8)), people_figure("members", crowd(29))) == Share(None)
    assert not percentage(Figure(10, 5), Figure(30, 5)).is_shown
    assert not percentage(Figure(10, 5), 29).is_shown
    assert not percentage(Figure(None, 5), 400).is_shown
    assert not percentage(Figure(10, 5), Figure(None, 5)).is_shown
    assert percentage(Figure(10, 5), 30).value == 35
    assert percentage(Figure(10, 5), Figure(35, 5)).value == 30


def test_nearly_everybody_reads_over_ninety() -> None:
    everybody = percentage(Figure(40, 10), Figure(40, 10))
    assert everybody == percentage(Figure(45, 10), Figure(40, 10)) == percentage(Figure(90, 10), 100)
    assert everybody.is_nearly_all
    assert not percentage(Figure(85, 10), 100).is_nearly_all


def test_a_breakdown_shows_nothing_beside_nearly_everybody() -> None:
    assert shares([Figure(95, 10), Figure(10, 10)], 100) == [Share(90, is_nearly_all=True), Share(None)]
    assert [share.value for share in shares([Figure(60, 10), Figure(40, 10)], 100)] == [60, 40]


def test_texts_are_in_the_readers_language() -> None:
    with translation.override("en"):
        assert people_figure("posts", crowd(2)).text == "fewer than 5"
        assert households_figure(26636).text == "26,636"
        assert percentage(Figure(10, 5), 40).text == "25 %"
        assert percentage(Figure(40, 5), 40).text == "over 90 %"
        assert Share(None).text == "too few people"
    with translation.override("nl"):
        assert households_figure(26636).text == "26.636"


@given(st.integers(0, 60), st.sampled_from(Kind))
def test_no_raw_count_leaves(people: int, kind: Kind) -> None:
    """Whatever the count, only a multiple of five or a threshold can be read off the object."""
    figure = people_figure("posts", crowd(people), kind)
    assert figure.is_shown == (people >= kind.value.people)
    assert vars(figure) == {"value": figure.value, "least": kind.value.people}
    assert figure.value is None or (figure.value % 5 == 0 and abs(figure.value - people) < 5)
    total = sum_of([figure])
    assert total == FigureSum(figure.value)
    assert repr(Reach(100, total)) == f"Reach(households=100, members={total!r})"


def test_a_sum_knows_only_what_its_parts_publish() -> None:
    forty, none, four = (people_figure("posts", crowd(size)) for size in (40, 0, 4))
    assert sum_of([forty, forty]) == FigureSum(80)
    assert sum_of([forty, four]) == sum_of([forty, none]) == FigureSum(40, leaves_out=True)
    assert sum_of([four, four]) == sum_of([none]) == sum_of([]) == FigureSum(None)


def test_letterboxes_are_exact() -> None:
    assert households_figure(3) == Figure(3)
    assert households_figure(0).is_shown


def test_the_last_week_is_the_one_that_is_over() -> None:
    week = closed_week(datetime(2026, 11, 23, 12, 0, tzinfo=UTC), BRUSSELS)
    assert week.start == datetime(2026, 11, 16, tzinfo=BRUSSELS)
    assert week.end == datetime(2026, 11, 23, tzinfo=BRUSSELS)
    sunday_night_in_utc = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
    assert closed_week(sunday_night_in_utc, BRUSSELS) == week
    assert closed_week(sunday_night_in_utc, UTC).end == datetime(2026, 11, 16, tzinfo=UTC)


def test_weeks_with_a_clock_change_are_whole() -> None:
    week = closed_week(datetime(2026, 10, 27, tzinfo=UTC), BRUSSELS)
    assert week.end.astimezone(UTC) - week.start.astimezone(UTC) == timedelta(days=7, hours=1)


def test_weeks_follow_on_each_other_and_the_open_one_is_missing() -> None:
    now = datetime(2026, 11, 25, tzinfo=UTC)
    weeks = weeks_between(datetime(2026, 10, 7, tzinfo=UTC), now, BRUSSELS)
    assert weeks[0].start == datetime(2026, 10, 5, tzinfo=BRUSSELS)
    assert weeks[-1] == closed_week(now, BRUSSELS)
    assert all(earlier.end == later.start for earlier, later in pairwise(weeks))
    assert weeks_between(now, now, BRUSSELS) == []
