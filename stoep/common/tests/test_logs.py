"""No line of a log, in words, facts or traceback, holds what opens a door."""

import io
import json
import logging
import sys
from collections.abc import Iterator

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from stoep.common import logs
from stoep.common.logs import Mask, masked

DIGITS = "4829 1736 5501"
TOKEN = "q9_Xa-7fZkLmN0pQ"


@pytest.fixture
def lines() -> Iterator[tuple[logging.Logger, io.StringIO]]:
    """A logger of its own that writes as ours do, and what it wrote."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.addFilter(Mask())
    logger = logging.getLogger("test of the mask")
    logger.addHandler(handler)
    yield logger, written
    logger.removeHandler(handler)


def fail_at(code: str) -> None:
    raise ValueError(f"no code {code}")


@pytest.mark.parametrize(
    "typed",
    [
        "482917365501",
        "4829 1736 5501",
        "4829-1736-5501",
        "4829–1736—5501",
        "4829.1736.5501",
        "4829\u00a01736\u202f5501",
        "4829%201736%205501",
        "4829+1736+5501",
    ],
)
def test_a_code_is_masked_however_it_is_grouped(typed: str) -> None:
    for sentence in (typed, f"code={typed}&x", f"/q/{typed}/", f'"{typed}"', f"Er kam {typed}."):
        hidden = masked(sentence)
        assert typed not in hidden
        assert "1736" not in hidden


@pytest.mark.parametrize(
    ("line", "instead"),
    [
        ("GET /q/482917365501/ 302", "GET /q/[masked]/ 302"),
        (f"GET /sign-in/link/{TOKEN}/?x=1", "GET /sign-in/link/[masked]/?[query]"),
        ("GET /search/?q=Marie+Peeters&page=2 200", "GET /search/?[query] 200"),
        ("called +32 476 12 34 56 twice", "called [phone] twice"),
        ("tel 0032-11-23.45.67", "tel [phone]"),
        ("tel 011/23 45 67.", "tel [phone]."),
        ("from 203.0.113.77 came", "from 203.0.113.0/24 came"),
        ("from 2001:db8:12:34:56:78:9a:bc came", "from 2001:db8:12::/48 came"),
        ("from [2001:db8:12:34::1]:443", "from [2001:db8:12::/48]:443"),
        (f'"POST /e-mail/{TOKEN}/ HTTP/1.1"', '"POST /e-mail/[masked]/ HTTP/1.1"'),
        ("GET /q/x%20y HTTP/1.1", "GET /q/[masked] HTTP/1.1"),
        ("to marie.peeters+a@mail.example.be, again", "to [e-mail], again"),
        ("<Marie@Example.BE>", "<[e-mail]>"),
    ],
)
def test_links_and_addresses_are_masked_and_the_rest_stays(line: str, instead: str) -> None:
    assert masked(line) == instead


@pytest.mark.parametrize(
    "line",
    [
        "GET /posts/01936d3e-7f2a-7c11-8d3e-2a1b3c4d5e6f/ 200",
        "GET /e-mail/change/ 200",
        "GET /q/ 404",
        "took 1234 ms, 5678 rows",
        "2026-11-23 09:00:00,123 INFO",
        "127.0.0.0/24 and 2001:db8:12::/48",
        "2026-11-23T09:00:00.123+00:00",
        "12:30:45 to 13:00:01",
        "version 2.0.10, took 0123.5 ms",
        "26636 letters in 1234567890123 ns",
        "",
    ],
)
def test_what_is_no_secret_can_be_read(line: str) -> None:
    assert masked(line) == line


@given(st.text())
def test_nothing_breaks_it_and_twice_is_as_once(line: str) -> None:
    assert masked(masked(line)) == masked(line)


@given(
    st.integers(0, 10**12 - 1), st.text(" -.", max_size=2), st.text(alphabet=st.characters(exclude_categories=["Nd"]))
)
def test_no_code_is_seen_through_whatever_stands_around_it(number: int, gap: str, around: str) -> None:
    code = f"{number:012}"
    typed = gap.join((code[:4], code[4:8], code[8:]))

    assert typed not in masked(f"{around}{typed}{around}")


def test_a_line_of_a_real_city_is_json_with_what_ours_say_in_it() -> None:
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.addFilter(Mask())
    handler.setFormatter(logs.JsonLines())
    logger = logging.getLogger("test of json")
    logger.addHandler(handler)
    try:
        logs.configure()
        structlog.get_logger("test of json").warning("asked", view="post", to="an@hasselt.be")
        logger.warning("about %s", "{not json")
        try:
            fail_at(DIGITS)
        except ValueError:
            logger.exception("it\nbroke")
    finally:
        logger.removeHandler(handler)
    ours, plain, broken = [json.loads(line) for line in written.getvalue().splitlines()]
    assert (ours["event"], ours["view"], ours["to"], ours["level"]) == ("asked", "post", "[e-mail]", "warning")
    assert plain["said"] == "about {not json"
    assert (broken["said"], broken["level"]) == ("it\nbroke", "error")
    assert "no code [code]" in broken["traceback"]
    assert all(one["at"].endswith("+00:00") for one in (ours, plain, broken))


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.77", "203.0.113.0/24"),
        ("2001:db8:12:34::/64", "2001:db8:12::/48"),
        ("10.0.0.0/8", "10.0.0.0/8"),
        ("unknown", "unknown"),
        ("", ""),
    ],
)
def test_an_address_is_cut_to_its_network(address: str, network: str) -> None:
    assert logs.wide_network(address) == network


def test_arguments_tracebacks_and_stacks_are_masked_too(lines: tuple[logging.Logger, io.StringIO]) -> None:
    logger, written = lines
    logger.warning("the code %s of %s", DIGITS, "marie@post.example")
    try:
        fail_at(DIGITS)
    except ValueError:
        logger.exception("marie@post.example")
    logger.error("here", stack_info=True)

    said = written.getvalue()

    assert DIGITS not in said
    assert "marie@" not in said
    assert "ValueError: no code [code]" in said
    assert "Traceback" in said
    assert "Stack (most recent call last)" in said


def test_a_traceback_that_another_handler_rendered_before_is_masked(lines: tuple[logging.Logger, io.StringIO]) -> None:
    _logger, written = lines
    try:
        fail_at(DIGITS)
    except ValueError:
        record = logging.LogRecord("x", logging.ERROR, __file__, 1, "broken", None, sys.exc_info())
    logging.Formatter().format(record)
    assert record.exc_text is not None
    assert DIGITS in record.exc_text

    logging.getLogger("test of the mask").handle(record)

    assert DIGITS not in written.getvalue()
    assert "broken" in written.getvalue()


def test_our_own_lines_are_masked_like_all_others(lines: tuple[logging.Logger, io.StringIO]) -> None:
    logger, written = lines
    logs.configure()

    structlog.get_logger(logger.name).warning("a try", code=DIGITS, address="marie@post.example", city="hasselt")

    said = written.getvalue()
    assert '"city": "hasselt"' in said
    assert "1736" not in said
    assert "marie@" not in said
