"""Neither a line of a log nor a figure tells of anybody, whatever is asked by whomever."""

import io
import json
import logging
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from stoep.common import clock
from stoep.common.logs import JsonLines, Mask
from stoep.operations import metrics
from stoep.operations.cast import Cast
from tests.access.canaries import plant_everywhere
from tests.access.pages import PAGES, make_subjects
from tests.access.policy import VISITOR
from tests.access.test_walk import _ask
from tests.security.production import as_in_production, browser_of, every_address

# Whoever asks brings these along; none of them may be found again.
ADDRESS, EMAIL, PHONE = "203.0.113.77", "marie.peeters@telenet.be", "+32 476 12 34 56"
QUERY = f"?q=Zilveren-eekhoorn&email={EMAIL}&phone=%2B32476123456&name=Marie"
BROUGHT = (ADDRESS, EMAIL, PHONE, "Zilveren", "eekhoorn", "Marie", "32476123456", "Reader/9")
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}", re.IGNORECASE)
LABELS = {"view", "method", "status", "state", "le"}


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """Everything that is logged, as a real city writes it."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.addFilter(Mask())
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield written
    root.removeHandler(handler)
    root.setLevel(before)


@pytest.mark.parametrize("who", [VISITOR, "neighbour", "editor", "moderator"])
def test_no_line_and_no_figure_tells_of_anybody(who: str, cast: Cast, settings: Any, lines: io.StringIO) -> None:
    subjects = make_subjects(cast)
    canaries = plant_everywhere(cast, subjects)
    host = cast.cities["hasselt"].host
    as_in_production(settings, host)
    client = browser_of(cast, who, host)
    client.defaults |= {"HTTP_X_FORWARDED_FOR": ADDRESS, "HTTP_USER_AGENT": "Reader/9", "HTTP_REFERER": f"/{QUERY}"}
    asked = 0
    for _name, page, _subject, path in every_address(subjects):
        for method in ("GET", "POST"):
            _ask(client, method, path + QUERY, {"email": EMAIL, "phone": PHONE, **page.data})
            asked += 1
    said = lines.getvalue()
    told = metrics.exposition(now=clock.now()).decode()
    for text in (said, told):
        assert [word for word in BROUGHT if word in text] == []
        assert canaries.heard_by("the log", text) == []
        assert not any(str(person.pk) in text for person in cast.values())
    answered = [one for one in map(json.loads, said.splitlines()) if one.get("event") == "answered"]
    assert len(answered) == asked
    assert {one["network"] for one in answered} == {"203.0.113.0/24"}
    assert {one["view"] for one in answered} <= {*PAGES, "none"}
    assert not UUID.search(told)
    labels = {name for group in re.findall(r"\{(.*?)\}", told) for name in re.findall(r'(\w+)="', group)}
    assert labels <= LABELS
    views = set(re.findall(r'view="(.*?)"', told))
    assert {"feed", "post"} <= views <= {*PAGES, "none", "static"}


def test_the_figures_count(cast: Cast, client: Client) -> None:
    client.force_login(cast["neighbour"], backend="stoep.people.backend.PersonBackend")
    before = figures()
    for _time in range(3):
        client.get("/")
    client.get("/nothing-there/")
    client.generic("BREW", "/")
    after = figures()
    ask = 'stoep_requests_total{method="GET",status="200",view="feed"}'
    assert after[ask] - before.get(ask, 0.0) == 3
    assert (
        after['stoep_request_seconds_count{view="feed"}'] - before.get('stoep_request_seconds_count{view="feed"}', 0)
        >= 3
    )
    assert after['stoep_database_seconds_total{view="feed"}'] > before.get(
        'stoep_database_seconds_total{view="feed"}', 0
    )
    assert after['stoep_requests_total{method="GET",status="404",view="none"}'] >= 1
    assert any('method="other"' in name for name in after)
    assert after["stoep_worker_silent_seconds"] == -1
    assert {"stoep_jobs_waiting", "stoep_job_oldest_seconds", 'stoep_mails{state="refused"}'} <= set(after)


def figures() -> dict[str, float]:
    text = metrics.exposition(now=clock.now()).decode()
    rows = [line.rsplit(" ", 1) for line in text.splitlines() if line and not line.startswith("#")]
    return {name: float(value) for name, value in rows}


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({}, 200),
        ({"REMOTE_ADDR": "::1"}, 200),
        ({"REMOTE_ADDR": "203.0.113.9"}, 302),
        ({"HTTP_X_FORWARDED_FOR": "203.0.113.9"}, 302),
        ({"HTTP_X_FORWARDED_FOR": "127.0.0.1"}, 302),
        ({"HTTP_FORWARDED": "for=127.0.0.1"}, 302),
        ({"REMOTE_ADDR": "nonsense"}, 302),
        ({"REMOTE_ADDR": "203.0.113.9", "HTTP_AUTHORIZATION": "Bearer nonsense"}, 302),
        ({"REMOTE_ADDR": "203.0.113.9", "HTTP_AUTHORIZATION": "Bearer "}, 302),
        ({"REMOTE_ADDR": "203.0.113.9", "HTTP_AUTHORIZATION": "Bearer the-token-of-the-tests"}, 200),
    ],
    ids=["here", "here v6", "afar", "by proxy", "by a proxy that lies", "forwarded", "odd", "bad", "empty", "token"],
)
def test_only_this_machine_and_who_has_the_token_may_read_them(
    sent: dict[str, str], status: int, cast: Cast, settings: Any
) -> None:
    del cast
    settings.STOEP_METRICS_TOKEN = "the-token-of-the-tests"
    response = Client(**sent).get("/metrics")  # type: ignore[arg-type]  # facts of the request
    assert response.status_code == status
    if status != 200:
        assert response.headers["Location"].startswith("/sign-in/")
        assert response.content == b""


def test_without_a_token_set_no_token_opens_it(cast: Cast, settings: Any) -> None:
    del cast
    settings.STOEP_METRICS_TOKEN = ""
    for sent in ("Bearer ", "Bearer", ""):
        response = Client(REMOTE_ADDR="203.0.113.9", HTTP_AUTHORIZATION=sent).get("/metrics")
        assert response.status_code == 302
