"""Into one's own calendar: one event as a file, or all of them at an address that can be ended."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from icalendar import Calendar

from stoep.events.calendar_links import make_link
from stoep.events.models import CalendarLink
from stoep.events.tests.planners import NOW, Planner, day_of, event_of, local
from stoep.feed.tests.visits import page
from stoep.operations.cast import Cast
from stoep.people.models import Block, Membership, Person, Suspension

GoesTo = Callable[[str], Planner]


def test_one_event_is_a_file_for_whoever_sees_it(visit: GoesTo) -> None:
    post = visit("neighbour").plan('Soup, "bread"; and more', ends="16:00")
    reader = visit("second-neighbour")
    response = reader.get("event_file", day_of(post).pk)
    assert response.headers["Content-Type"].startswith("text/calendar")
    [entry] = _read(response)
    assert entry["SUMMARY"] == 'Soup, "bread"; and more'
    assert entry["LOCATION"] == "The park"
    assert (entry.decoded("DTSTART"), entry.decoded("DTEND")) == (local("2026-11-28 14:00"), local("2026-11-28 16:00"))
    assert entry["STATUS"] == "CONFIRMED"
    assert visit("next-neighbourhood").get("event_file", day_of(post).pk).status_code == 404


def test_an_address_is_shown_once_and_works_until_it_is_ended(visit: GoesTo) -> None:
    author, reader = visit("neighbour"), visit("second-neighbour")
    post, other = author.plan("I come here"), author.plan("Not there")
    reader.say(post, "maybe")
    everything = _address(reader.send("my_calendar", kind="neighbourhood"))
    mine = _address(reader.send("my_calendar", kind="mine"))
    assert everything not in page(reader.get("my_calendar"))
    assert {entry["SUMMARY"] for entry in _entries(everything)} == {"I come here", "Not there"}
    assert [(entry["SUMMARY"], entry["STATUS"]) for entry in _entries(mine)] == [("I come here", "TENTATIVE")]
    author.send("event_cancellation", day_of(post).pk, reason="Rain")
    assert [entry["STATUS"] for entry in _entries(mine)] == ["CANCELLED"]
    author.send("remove_post", other.pk)
    assert {entry["SUMMARY"] for entry in _entries(everything)} == {"I come here"}
    anew = _address(reader.send("my_calendar", kind="mine"))
    assert _status(mine) == 410, "the new one ends the old one"
    assert _status(anew) == 200
    reader.send("calendar_removal", kind="mine")
    reader.send("calendar_removal", kind="mine")
    assert _status(anew) == 410
    assert _status(everything) == 200
    assert reader.send("my_calendar", kind="theirs").status_code == 422


def test_nobody_is_named_and_the_token_is_kept_nowhere(visit: GoesTo) -> None:
    author, reader = visit("neighbour"), visit("second-neighbour")
    reader.say(author.plan(), brings="Soup")
    address = _address(reader.send("my_calendar", kind="mine"))
    content = Client().get(address).content.decode()
    for words in ("Marie", "Ahmed", "Soup"):
        assert words not in content
    assert CalendarLink.objects.get().token_hash not in address


def _paused(person: Person) -> None:
    Suspension.objects.create(person=person, reason="Test", started_at=NOW)


def _moved_out(person: Person) -> None:
    Membership.objects.filter(person=person).update(ended_at=NOW)


def _left(person: Person) -> None:
    Person.objects.filter(pk=person.pk).update(left_at=NOW)


@pytest.mark.parametrize("ends", [_paused, _moved_out, _left])
def test_with_its_owner_it_ends_and_answers_as_what_never_was(ends: Callable[[Person], None], cast: Cast) -> None:
    token = make_link(person=cast["second-neighbour"], kind="neighbourhood", now=NOW)
    assert _status(f"/calendar/{token}/agenda.ics") == 200
    ends(cast["second-neighbour"])
    gone, never = (Client().get(f"/calendar/{each}/agenda.ics") for each in (token, "never-was"))
    assert gone.status_code == never.status_code == 410
    assert gone.content == never.content


def test_a_block_holds_here_too(visit: GoesTo, cast: Cast) -> None:
    post = visit("neighbour").plan()
    visit("second-neighbour").say(post)
    tokens = [make_link(person=cast["second-neighbour"], kind=kind, now=NOW) for kind in CalendarLink.Kind.values]
    Block.objects.create(person=cast["neighbour"], blocked=cast["second-neighbour"], created_at=NOW)
    assert [_entries(f"/calendar/{token}/agenda.ics") for token in tokens] == [[], []]
    assert event_of(post).occurrences.get().coming == 1


def _address(response: Any) -> str:
    assert response.status_code == 200
    html = page(response)
    assert 'href="webcal://' in html
    found = re.search(r"(/calendar/[\w-]{43}/agenda\.ics)", html)
    assert found
    return found[1]


def _status(path: str) -> int:
    return int(Client().get(path).status_code)


def _entries(path: str) -> list[Any]:
    response = Client().get(path)
    assert response.status_code == 200
    return _read(response)


def _read(response: Any) -> list[Any]:
    return list(Calendar.from_ical(response.content).walk("VEVENT"))
