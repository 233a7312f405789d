"""The canary: unguessable words in every private field, and nobody comes to hear one that is not for them.

Not on any page, in any mail, or in any log.
"""

import logging
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.test import Client
from django.urls import reverse

from stoep.common import clock
from stoep.delivery.digest import make_digests, plan_digests
from stoep.delivery.models import DigestBatch, Mail, MailChoices, OutboxEntry, Pace
from stoep.delivery.sending import handle_entry
from stoep.operations.cast import CAST, Cast
from stoep.people.models import Person
from tests.access.canaries import Canaries, plant_everywhere, tell_everything
from tests.access.pages import PAGES, make_subjects
from tests.access.policy import VISITOR
from tests.access.subjects import STAFF, Subjects
from tests.access.test_walk import _ask, _client, _path, _text

LINK = re.compile(r'(?:href|action|formaction|src|hx-get|data-live-\w+)="(/[^"#]*)')
MOST_PAGES = 200
EVERYBODY = [VISITOR, *(member.key for member in CAST)]


@pytest.fixture
def town(cast: Cast) -> tuple[Subjects, Canaries]:
    subjects = make_subjects(cast)
    return subjects, plant_everywhere(cast, subjects)


@pytest.mark.parametrize("who", EVERYBODY)
def test_nobody_reads_what_is_not_for_them_wherever_the_links_lead(
    who: str, cast: Cast, town: tuple[Subjects, Canaries], caplog: pytest.LogCaptureFixture
) -> None:
    """What each address itself answers to whatever it is asked is heard by the walk: `tests/access/test_walk.py`."""
    caplog.set_level(logging.INFO)
    subjects, canaries = town
    client = _client(cast, who)
    leaks, known = _crawl(client, who, canaries)
    for path, text in _answers_to_a_script(client, subjects):
        leaks.update(f"{meaning} at {path}" for meaning in canaries.heard_by(who, text))
    assert leaks == set()
    assert canaries.heard_by("the log", caplog.text) == []
    if who == "neighbour":  # the net is not blind: this is what they should read
        assert len(known) > 12
    if who == VISITOR:
        assert known == set()
    if who in STAFF:
        assert known & _unshared(canaries) == set()


@pytest.mark.parametrize("who", EVERYBODY)
def test_no_address_tells_it_once_somebody_helps_and_somebody_is_protected(
    who: str, cast: Cast, town: tuple[Subjects, Canaries]
) -> None:
    """The walk asks before that: it needs everything to stand as its table says."""
    subjects, canaries = town
    assert list(_leaks(_client(cast, who), who, subjects, canaries)) == []


def test_no_mail_tells_what_is_not_for_its_reader(
    cast: Cast, town: tuple[Subjects, Canaries], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    _subjects, canaries = town
    at_once = [
        MailChoices(person=person, city=Pace.NOW, neighbourhood=Pace.NOW, changed_at=clock.now())
        for person in cast.values()
    ]
    MailChoices.objects.bulk_create(at_once)
    tell_everything(cast)
    for entry in OutboxEntry.objects.all():
        handle_entry(entry.pk, now=clock.now())
    assert _mailed(cast, canaries) == {
        "exchange/mail/help",
        "feed/mail/new_comment",
        "feed/mail/announcement",
        "feed/mail/new_post",
        "feed/mail/solved",
        "conversations/mail/message",
        "exchange/mail/loan",
        "events/mail/changed",
        "events/mail/reminder",
        "events/mail/seat",
    }
    assert canaries.heard_by("the log", caplog.text) == []


def test_no_gathered_mail_tells_it_either(
    cast: Cast, town: tuple[Subjects, Canaries], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    _subjects, canaries = town
    paces = {"mine": Pace.DAILY, "chat": Pace.DAILY, "changed_at": clock.now()}
    MailChoices.objects.bulk_create(MailChoices(person=person, **paces) for person in cast.values())
    Person.objects.update(feed_seen_at=None)
    evening = (clock.now() + timedelta(days=1)).replace(hour=18)
    with clock.frozen(evening):
        plan_digests(now=evening)
        for batch in DigestBatch.objects.all():
            make_digests(batch.pk, now=evening)
    assert _mailed(cast, canaries) == {"delivery/mail/digest"}
    assert Mail.objects.count() > 3
    assert canaries.heard_by("the log", caplog.text) == []


def _mailed(cast: Cast, canaries: Canaries) -> set[str]:
    """The kinds of mail that were made; none of which tells a word to the wrong reader."""
    keys = {person.pk: key for key, person in cast.items()}
    mails = list(Mail.objects.all())
    for mail in mails:
        who = keys[mail.person_id] if mail.person_id else VISITOR
        heard = canaries.heard_by(who, f"{mail.subject} {mail.text} {mail.html} {mail.recipient} {mail.headers}")
        assert heard == [], f"{mail.kind} to {who}"
    return {mail.kind for mail in mails}


def _unshared(canaries: Canaries) -> set[str]:
    """What neighbours wrote for neighbours: the city may hold none of it, whatever the list of holders says."""
    found = {
        word
        for word, meaning in canaries.meaning.items()
        if re.match(r"(words|title) of", meaning) and "shared" not in meaning and "official" not in meaning
    }
    assert len(found) > 15
    return found


Leak = Callable[[], Any]


def _everything_is_found() -> Any:
    from stoep.feed.models import Post
    from stoep.feed.reading import WITH_WRITER

    return patch("stoep.feed.views.posts_for", lambda _person: Post.objects.select_related(*WITH_WRITER))


def _everybody_is_addressed() -> Any:
    from stoep.feed import queries

    leaky = queries.HEADS_SQL.replace("atom.neighbourhood_id = %(neighbourhood)s", "%(neighbourhood)s IS NOT NULL")
    assert leaky != queries.HEADS_SQL
    return patch("stoep.feed.queries.HEADS_SQL", leaky)


def _full_names() -> Any:
    from stoep.people.naming import ShownPerson

    def shown(_viewer: Any, *, name: str, neighbourhood_name: str, **_facts: Any) -> ShownPerson:
        return ShownPerson(name, neighbourhood_name, "XX")

    return patch("stoep.feed.reading.shown_to", shown)


def _all_answers() -> Any:
    from stoep.feed.models import Comment
    from stoep.feed.reading import WITH_WRITER

    everything = lambda _person: Comment.objects.select_related(*WITH_WRITER, "post__audience")  # noqa: E731
    return patch("stoep.feed.reading.comments_for", everything)


def _all_conversations() -> Any:
    from stoep.conversations.models import ConversationQuerySet

    return patch.object(ConversationQuerySet, "visible_to", lambda everything, _person: everything)


@pytest.mark.parametrize(
    ("plant", "who"),
    [
        (_everything_is_found, "next-neighbourhood"),
        (_everything_is_found, "analyst"),
        (_everybody_is_addressed, "next-neighbourhood"),
        (_full_names, "editor"),
        (_full_names, "newcomer"),
        (_all_answers, "neighbour"),
        (_all_answers, "moderator"),
        (_all_conversations, "next-neighbourhood"),
    ],
)
def test_a_planted_leak_is_heard(plant: Leak, who: str, cast: Cast, town: tuple[Subjects, Canaries]) -> None:
    subjects, canaries = town
    with plant():
        leak = next(_leaks(_client(cast, who), who, subjects, canaries), None)
    assert leak, "a net that lets this through is none"


def _crawl(client: Client, who: str, canaries: Canaries) -> tuple[set[str], set[str]]:
    """From every page that names nothing to whatever the links lead to: (what leaked, what was heard)."""
    leaks: set[str] = set()
    known: set[str] = set()
    seen: set[str] = set()
    waiting = [reverse(name) for name, page in PAGES.items() if not page.of]
    while waiting and len(seen) < MOST_PAGES:
        path = waiting.pop(0)
        if path in seen or path.startswith("/static/"):
            continue
        seen.add(path)
        text = _text(_ask(client, "GET", path, {}))
        leaks.update(f"{meaning} at {path}" for meaning in canaries.heard_by(who, text))
        known |= canaries.known_in(text)
        waiting += [link.replace("&amp;", "&") for link in LINK.findall(text)]
    return leaks, known


def _leaks(client: Client, who: str, subjects: Subjects, canaries: Canaries) -> Iterator[str]:
    """Every page and every form of the table, filled in well and not at all, as a page and to a script."""
    for path, text in _answers(client, subjects):
        yield from (f"{meaning} at {path}" for meaning in canaries.heard_by(who, text))


def _answers(client: Client, subjects: Subjects) -> Iterator[tuple[str, str]]:
    for name, page in PAGES.items():
        for subject in subjects.of(page.of):
            path = _path(name, subject)
            yield path, _text(_ask(client, "GET", path, {}))
            for data in ({}, page.data) if page.data else ({},):
                yield path, _text(_ask(client, "POST", path, data))


def _answers_to_a_script(client: Client, subjects: Subjects) -> Iterator[tuple[str, str]]:
    for name in ("thanks", "remove_thanks"):
        for subject in subjects.of(PAGES[name].of):
            path = _path(name, subject)
            yield path, _text(_ask(client, "POST", path, {}, headers={"HX-Request": "true"}))
