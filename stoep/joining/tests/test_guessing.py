"""Who guesses letter codes finds none (docs/trust.md T6), and the net that says so catches one that is there."""

import random
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from stoep.access.limits import Limit
from stoep.access.visitors import Visitor
from stoep.common import clock
from stoep.joining import codes, limits
from stoep.joining.actions import check_code
from stoep.joining.codes import CodeRefused
from stoep.joining.limits import CODES, HOUR, Brake, TooMany, guess_at_code
from stoep.joining.models import LetterCode
from stoep.joining.tests.door import browser, letter
from stoep.operations.cast import Cast
from stoep.places.models import Municipality

BY_HTTP = 10_000
PLANTED_AT = 2_000
AT_THE_LIMITER = 1_000_000
LIVE_CODES = 20_000
START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SEED = 20261123
SHARE_REFUSED = 0.999


def without_limits(patch: pytest.MonkeyPatch) -> None:
    """The same limits, so wide that nothing reaches them."""
    wide = Limit("a limit that nothing reaches", 10**9, HOUR)
    for name in ("WRONG_OF_NETWORK", "WRONG_OF_DEVICE"):
        patch.setattr(limits, name, wide)
    patch.setattr(limits, "CODES", Brake(wide, Limit("a lane that nothing fills", 10**9, HOUR, is_final=True)))


def guesses(source: random.Random, count: int) -> Iterator[str]:
    """Codes as somebody draws them who knows how the check digit is made."""
    for _each in range(count):
        free = f"{source.randrange(10**11):011}"
        yield free + codes.check_digit(free)


def guess_by_http(cast: Cast) -> Counter[int]:
    """Ten thousand guesses within an hour, each network trying seven times, until one of them lets in.

    One of the codes is good.
    """
    now, source = START, random.Random(SEED)
    with clock.frozen(now):
        planted = letter(cast).code
    client, seen = browser(), Counter[int]()
    for at, code in enumerate(guesses(source, BY_HTTP)):
        with clock.frozen(now + at * HOUR / BY_HTTP):
            typed = planted if at == PLANTED_AT else code
            network = f"198.{51 + at // 7 // 250 % 100}.{at // 7 % 250}.7"
            seen[client.post(reverse("join"), {"code": typed}, REMOTE_ADDR=network).status_code] += 1
        if seen[302]:
            break
    return seen


def test_ten_thousand_guesses_by_http_miss_the_code_that_is_there(cast: Cast) -> None:
    seen = guess_by_http(cast)

    assert seen[302] == 0
    assert set(seen) == {422, 429}
    assert sum(seen.values()) == BY_HTTP
    assert seen[422] <= 100 + 60 * 10


def test_without_limits_the_same_guesses_hit_it(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    without_limits(monkeypatch)

    seen = guess_by_http(cast)

    assert seen == {422: PLANTED_AT, 302: 1}


def live_codes(city: Municipality) -> set[str]:
    """Twenty thousand letters that are out; their codes as the city's printer knows them."""
    made = codes.new_codes(LIVE_CODES)
    ends = START + timedelta(days=90)
    LetterCode.objects.bulk_create(
        (
            LetterCode(municipality=city, code_hash=codes.code_hash(code), created_at=START, expires_at=ends)
            for code in made
        ),
        batch_size=5_000,
    )
    return set(made)


def guess_at_the_limiter(city: Municipality, tries: Iterable[str], *, count: int) -> Counter[str]:
    """Guesses from ever new networks, each with its own browser, spread over an hour."""
    seen = Counter[str]()
    for at, code in enumerate(tries):
        now = START + at * HOUR / count
        visitor = Visitor(f"2001:db8:{at % 60_000:x}::/64")
        try:
            with guess_at_code(city, visitor, now=now) as guess:
                if LetterCode.objects.filter(municipality=city, code_hash=codes.code_hash(code)).exists():
                    guess.right()
                seen["hit" if guess.is_right else "miss"] += 1
        except TooMany:
            seen["too many"] += 1
    return seen


def test_a_million_guesses_at_twenty_thousand_live_codes_hit_none(cast: Cast) -> None:
    city = cast.cities["hasselt"]
    live = live_codes(city)
    tries = guesses(random.Random(SEED), AT_THE_LIMITER)

    seen = guess_at_the_limiter(city, tries, count=AT_THE_LIMITER)

    assert len(live) == LIVE_CODES
    assert sum(seen.values()) == AT_THE_LIMITER
    assert seen["hit"] == 0
    assert seen["too many"] >= SHARE_REFUSED * AT_THE_LIMITER
    assert seen["miss"] == 100 + 60 * 10


def test_that_net_catches_a_code_that_is_among_the_first(cast: Cast) -> None:
    """Even with the limits on: what is let through is looked up, and a hit is counted as one."""
    city = cast.cities["hasselt"]
    live = sorted(live_codes(city))
    tries = [*guesses(random.Random(SEED), 50), live[0], live[-1]]

    assert guess_at_the_limiter(city, tries, count=60) == {"miss": 50, "hit": 2}


class TestSlowly:
    """While a city is guessed at, who holds a letter waits a minute and comes in; the next city notices nothing."""

    def guess(self, city: Municipality, code: str, network: str, now: datetime) -> str:
        try:
            check_code(municipality=city, typed=code, visitor=Visitor(network), now=now)
        except CodeRefused as error:
            return error.reason
        except TooMany:
            return "too many"
        return "in"

    def exhaust(self, city: Municipality, now: datetime) -> None:
        for at, code in enumerate(codes.new_codes(CODES.wrong.most)):
            assert self.guess(city, code, f"198.51.{at // 10}.1", now) == "unknown"

    def test_after_a_hundred_wrong_ones_ten_a_minute_are_looked_at(self, cast: Cast) -> None:
        city, post = cast.cities["hasselt"], letter(cast, expires_at=START + timedelta(days=1))
        self.exhaust(city, START)
        first = [self.guess(city, code, f"203.0.113.{at}", START) for at, code in enumerate(codes.new_codes(12))]

        assert first == ["unknown"] * 10 + ["too many"] * 2
        assert self.guess(city, post.code, "192.0.2.1", START) == "too many"
        assert self.guess(city, post.code, "192.0.2.1", START + timedelta(minutes=1)) == "in"

    def test_who_was_refused_in_the_slow_lane_keeps_all_their_tries(self, cast: Cast) -> None:
        city, later = cast.cities["hasselt"], START + timedelta(hours=1)
        self.exhaust(city, START)
        for at, code in enumerate(codes.new_codes(10)):
            self.guess(city, code, f"203.0.113.{at}", START)
        for code in codes.new_codes(30):
            assert self.guess(city, code, "192.0.2.1", START + timedelta(seconds=30)) == "too many"

        assert self.guess(city, codes.new_codes(1)[0], "192.0.2.1", START + timedelta(minutes=2)) == "unknown"
        assert self.guess(city, codes.new_codes(1)[0], "192.0.2.1", later) == "unknown"

    def test_the_next_city_notices_nothing(self, cast: Cast) -> None:
        here, there = cast.cities["hasselt"], cast.cities["diepenbeek"]
        self.exhaust(here, START)

        answers = {self.guess(there, code, f"203.0.113.{at}", START) for at, code in enumerate(codes.new_codes(15))}

        assert answers == {"unknown"}

    def test_somebody_is_told(self, cast: Cast, caplog: pytest.LogCaptureFixture) -> None:
        city = cast.cities["hasselt"]
        self.exhaust(city, START)
        assert "somebody guesses" not in caplog.text

        code = codes.new_codes(1)[0]
        self.guess(city, code, "192.0.2.77", START)

        assert "somebody guesses" in caplog.text
        assert "hasselt" in caplog.text
        assert code not in caplog.text
        assert "192.0.2.77" not in caplog.text


class TestFromOnePlace:
    def wrong(self, city: Municipality, visitor: Visitor, now: datetime = START) -> bool:
        """Whether the try was looked at."""
        try:
            with guess_at_code(city, visitor, now=now):
                return True
        except TooMany:
            return False

    def test_a_network_has_ten_an_hour(self, cast: Cast) -> None:
        city = cast.cities["hasselt"]

        assert [self.wrong(city, Visitor("192.0.2.1")) for _each in range(12)] == [True] * 10 + [False] * 2
        assert self.wrong(city, Visitor("192.0.2.2"))
        assert self.wrong(city, Visitor("192.0.2.1"), START + HOUR)

    def test_a_device_has_twenty_a_day_wherever_it_goes(self, cast: Cast) -> None:
        city = cast.cities["hasselt"]
        tries = [self.wrong(city, Visitor(f"192.0.2.{at}", "a-device")) for at in range(22)]

        assert tries == [True] * 20 + [False] * 2
        assert not self.wrong(city, Visitor("192.0.2.99", "a-device"), START + timedelta(hours=14))
        assert self.wrong(city, Visitor("192.0.2.99", "a-device"), START + timedelta(days=1))
        assert self.wrong(city, Visitor("192.0.2.99", "another"))

    def test_the_browser_that_tried_is_known_again(self, cast: Cast) -> None:
        client = browser()
        client.get(reverse("join"))
        with clock.frozen(START):
            post = letter(cast)
            for at, code in enumerate(codes.new_codes(20)):
                assert client.post(reverse("join"), {"code": code}, REMOTE_ADDR=f"192.0.2.{at}").status_code == 422
            assert client.post(reverse("join"), {"code": post.code}, REMOTE_ADDR="192.0.2.99").status_code == 429

    def test_a_try_that_broke_counts(self, cast: Cast) -> None:
        """Closed when in doubt: whoever makes us stumble has used a try."""
        city, visitor = cast.cities["hasselt"], Visitor("192.0.2.1")
        for _each in range(10):
            with pytest.raises(ZeroDivisionError), guess_at_code(city, visitor, now=START):
                raise ZeroDivisionError

        assert not self.wrong(city, visitor)
