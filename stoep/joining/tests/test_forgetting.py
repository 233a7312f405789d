"""What the door keeps, it keeps no longer than it must (trust.md 4.3)."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session

from stoep.access.models import Hits
from stoep.common import clock
from stoep.joining import codes, jobs
from stoep.joining.models import CodeUse, LetterCode, Ticket
from stoep.joining.tests.door import ask, browser, join_by_own_key, letter, member, signed_in, type_code
from stoep.operations.cast import Cast

pytestmark = pytest.mark.usefixtures("still_clock")


def test_thirty_days_after_its_end_a_code_belongs_to_no_door_and_stays_counted(cast: Cast) -> None:
    now = clock.now()
    old = letter(cast, expires_at=now - timedelta(days=30, seconds=1))
    late, live = letter(cast, expires_at=now - timedelta(days=29)), letter(cast)

    jobs.forget()

    assert LetterCode.objects.get(pk=old.row.pk).address is None
    assert LetterCode.objects.get(pk=late.row.pk).address is not None
    assert LetterCode.objects.get(pk=live.row.pk).address is not None


def test_who_joined_with_it_still_comes_back_with_the_letter(cast: Cast) -> None:
    post = letter(cast)
    person, key = join_by_own_key(browser(), post.code)
    with clock.frozen(clock.now() + timedelta(days=400)):
        jobs.forget()
        client = browser()
        client.post("/sign-in/letter/", {"code": post.code, "own_key": key})

    assert signed_in(client) == person
    assert LetterCode.objects.get(pk=post.row.pk).address is None
    assert CodeUse.objects.filter(person=person).exists()


def test_mailed_ways_in_go_a_fortnight_after_their_end(cast: Cast) -> None:
    member(cast)
    ask(browser())
    assert Ticket.objects.count() == 2

    with clock.frozen(clock.now() + timedelta(days=15)):
        jobs.forget()
        assert [ticket.purpose for ticket in Ticket.objects.all()] == ["confirm_email"]
    with clock.frozen(clock.now() + timedelta(days=29)):
        jobs.forget()

    assert not Ticket.objects.exists()


def test_tries_are_forgotten_when_no_limit_asks_for_them_any_more(cast: Cast) -> None:
    del cast
    type_code(browser(), codes.new_codes(1)[0])
    assert Hits.objects.exists()
    jobs.forget()
    assert Hits.objects.exists()

    with clock.frozen(clock.now() + timedelta(days=4)):
        jobs.forget()

    assert not Hits.objects.exists()


def test_sessions_that_ended_go(cast: Cast) -> None:
    type_code(browser(), letter(cast).code)
    assert Session.objects.count() == 1
    Session.objects.update(expire_date=clock.now() - timedelta(hours=1))

    jobs.forget()

    assert not Session.objects.exists()
