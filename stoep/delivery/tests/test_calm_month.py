"""Thirty days of a town at the published rates, through the real code and a real mail server: the mail stays calm."""

import re
from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from stoep.common import clock
from stoep.delivery.digest_lines import key_of
from stoep.delivery.models import Digest, Mail, MailChoices
from stoep.delivery.tests.post_office import PostOffice
from stoep.delivery.tests.town import DAYS, START, Town
from stoep.feed.models import Comment, Post
from stoep.operations.cast import Cast
from stoep.people.models import Person

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("no_jobs")]
HERE = ZoneInfo("Europe/Brussels")
# Households enough for five posts a week; and fewer. Of how many the mail is looked at, so that it takes seconds.
BUSY, QUIET = 220, 40
MAILED = 60
STOPPED_AT = START + timedelta(days=12, hours=14)


def day_of(message: EmailMessage) -> date:
    return at_of(message).astimezone(HERE).date()


def at_of(message: EmailMessage) -> datetime:
    return parsedate_to_datetime(message["Date"])


def is_digest(message: EmailMessage) -> bool:
    return str(message["Feedback-ID"]).startswith("digest:")


def text_of(message: EmailMessage) -> str:
    part = message.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def test_a_month_of_mail(cast: Cast, office: PostOffice, client: Client) -> None:
    town = Town(cast)
    town.busy, town.quiet = town.settle("Kermt", BUSY, mailed=MAILED), town.settle("Tuilt", QUIET, mailed=QUIET)
    eager, weekly, stops, silent = town.busy[:4]
    for person, choices in (
        (eager, {"neighbourhood": "now"}),
        (weekly, {"is_weekly": True}),
        (silent, {"neighbourhood": "never"}),
    ):
        MailChoices.objects.create(person=person, changed_at=START, **choices)
    for hour in range(DAYS * 24):
        at = START + timedelta(hours=hour)
        town.pass_hour(at)
        if at == STOPPED_AT:
            link = next(
                str(m["List-Unsubscribe"]) for m in reversed(office.taken) if m["To"] == stops.email and is_digest(m)
            )
            found = re.search(r"(/u/[\w-]+/)>", link)
            assert found
            with clock.frozen(at + timedelta(hours=1)):
                assert client.post(found[1], {"List-Unsubscribe": "One-Click"}).status_code == 200
        if at == START + timedelta(days=20):  # who wants all at once, wants it once a day from now on
            MailChoices.objects.filter(person=eager).update(neighbourhood="daily")

    _the_town_was_as_lively_as_real_ones()
    by_person: dict[str, list[EmailMessage]] = defaultdict(list)
    for message in office.taken:
        by_person[str(message["To"])].append(message)
    digests = {who: [m for m in messages if is_digest(m)] for who, messages in by_person.items()}
    days = Counter((who, day_of(m)) for who, messages in digests.items() for m in messages)
    assert max(days.values()) == 1, "one a day at most"
    assert len(days) > DAYS * 10, "and the town did get mail"
    hours = {at_of(m).astimezone(HERE).hour for messages in digests.values() for m in messages}
    assert hours == {17}, "at five, also after the clock went back"
    assert date(2026, 10, 25) in {day for _who, day in days}
    assert all("/posts/" in text_of(m) for messages in digests.values() for m in messages), "none is empty"
    assert len(office.message_ids) == len(set(office.message_ids)), "none twice"
    _nothing_was_told_twice([*town.busy, *town.quiet])
    for person in (*town.quiet, weekly):
        told = sorted(day_of(m) for m in digests.get(person.email, []))
        assert all((later - earlier).days >= 7 for earlier, later in pairwise(told)), "weekly"
    assert any(len(digests.get(person.email, [])) > 10 for person in town.busy), "and daily where much happens"
    after = [m for m in digests[stops.email] if at_of(m) > STOPPED_AT + timedelta(hours=1)]
    assert after == [], "stopped is stopped"
    assert len(digests[stops.email]) > 1
    assert silent.email not in digests


def _the_town_was_as_lively_as_real_ones() -> None:
    weeks, hundreds = DAYS / 7, (BUSY + QUIET) / 100
    assert 2.2 <= Post.objects.count() / weeks / hundreds <= 3.4
    assert 16 <= Comment.objects.count() / weeks / hundreds <= 30


def _nothing_was_told_twice(people: list[Person]) -> None:
    """Over all mails of a person, gathered or alone."""
    told: dict[object, list[str]] = defaultdict(list)
    for person_id, items in Digest.objects.values_list("person_id", "items"):
        told[person_id] += items
    facts = ("person_id", "entry__notice", "entry__subject_id", "entry__told_at")
    for person_id, notice, subject_id, told_at in Mail.objects.filter(entry__isnull=False).values_list(*facts):
        told[person_id].append(key_of(notice, subject_id, told_at))
    assert all(len(told[person.pk]) == len(set(told[person.pk])) for person in people)
    assert sum(map(len, told.values())) > len(people)
