"""Moments are said the way neighbours say them, in four languages and in the city's own time."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone, translation

from stoep.shell import moments

# A Monday, 13:00 in Brussels.
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("ago", "words"),
    [
        (timedelta(seconds=5), "zonet"),
        (timedelta(minutes=7), "7 minuten geleden"),
        (timedelta(hours=2), "2 uur geleden"),
        (timedelta(hours=12, minutes=40), "vandaag, 0.20 uur"),
        (timedelta(hours=20), "gisteren, 17.00 uur"),
        (timedelta(days=2), "za 21 nov"),
        (timedelta(days=400), "19 okt 2025"),
        (-timedelta(days=1), "di 24 nov"),
    ],
)
def test_a_moment_is_said_as_seen_from_now(ago: timedelta, words: str) -> None:
    with translation.override("nl"):
        assert moments.relative(NOW - ago, NOW) == words


@pytest.mark.parametrize(
    ("language", "clock"), [("nl", "13.00 uur"), ("fr", "13 h 00"), ("de", "13:00 Uhr"), ("en", "13:00")]
)
def test_the_hour_is_written_as_the_language_does(language: str, clock: str) -> None:
    with translation.override(language):
        assert moments.clock_time(NOW) == clock


def test_a_day_has_its_name() -> None:
    today = date(2026, 11, 23)
    with translation.override("nl"):
        assert moments.day(today, today) == "Vandaag"
        assert moments.day(today - timedelta(days=1), today) == "Gisteren"
        assert moments.day(date(2026, 11, 19), today) == "donderdag 19 november"
        assert moments.day(date(2025, 11, 19), today) == "woensdag 19 november 2025"


def test_the_city_has_its_own_time() -> None:
    with translation.override("nl"), timezone.override("America/New_York"):
        assert moments.clock_time(NOW) == "7.00 uur"
