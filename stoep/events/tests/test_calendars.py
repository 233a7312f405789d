"""Into one's own calendar: one event as a file, or all of them at an address that can be ended."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.test import Client
from icalendar import Calendar

from stoep.delivery.links import site_url
from stoep.events.calendar_links import make_link
from stoep.events.models import CalendarLink
from stoep.events.tests.planners import NOW, Planner, day_of, event_of, later, local
from stoep.feed.models import Post
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


def test_google_and_outlook_open_with_its_facts_and_the_link_says_whose_they_are(visit: GoesTo, cast: Cast) -> None:
    post = visit("neighbour").plan("Soup & bread + more", ends="16:00", wanted="A bowl")
    Post.objects.filter(pk=post.pk).update(body="Ring at number nine")
    visit("ambassador").say(post, brings="Cake")
    reader, whole = visit("second-neighbour"), site_url(cast.cities["hasselt"], f"/posts/{post.pk}/")
    for html in (reader.read(post), page(reader.get("event", day_of(post).pk))):
        google, outlook = _links_elsewhere(html)
        assert google == {
            "at": "calendar.google.com",
            "action": "TEMPLATE",
            "text": "Soup & bread + more",
            "dates": "20261128T130000Z/20261128T150000Z",
            "location": "The park",
            "details": whole,
        }
        assert outlook == {
            "at": "outlook.live.com",
            "path": "/calendar/action/compose",
            "rru": "addevent",
            "subject": "Soup & bread + more",
            "startdt": "2026-11-28T13:00:00Z",
            "enddt": "2026-11-28T15:00:00Z",
            "location": "The park",
            "body": whole,
        }
        assert "(opens at Google)" in html
        assert "(opens at Microsoft)" in html


def test_they_stand_where_the_file_does_and_an_event_without_an_end_gets_one(visit: GoesTo) -> None:
    author, reader = visit("neighbour"), visit("second-neighbour")
    post = author.plan()
    google, outlook = _links_elsewhere(reader.read(post))
    assert google["dates"] == "20261128T130000Z/20261128T160000Z"
    assert outlook["enddt"] == "2026-11-28T16:00:00Z"
    with later(days=9):
        assert ".ics" not in reader.read(post)
        assert _links_elsewhere(reader.read(post)) == []
    author.send("event_cancellation", day_of(post).pk, reason="Rain")
    assert ".ics" not in reader.read(post)
    assert _links_elsewhere(reader.read(post)) == []


def _links_elsewhere(html: str) -> list[dict[str, str]]:
    """What each link that leaves our house would tell, and to whom; none tells from where the reader comes."""
    found = []
    for words in re.findall(r'<a [^>]*href="https://[^>]*>', html):
        assert 'rel="noopener noreferrer"' in words
        assert "target" not in words
        assert "+" not in words, "Outlook shows it as it is"
        address = urlsplit(unescape(words.partition('href="')[2].partition('"')[0]))
        found.append({"at": address.netloc, **dict(parse_qsl(address.query, strict_parsing=True))})
    return found


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
