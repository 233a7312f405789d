"""Sending over a real SMTP server that takes, refuses, asks to wait, hangs, drops, and is away."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection

from stoep.common import clock
from stoep.delivery.letterbox import Envelope, post_mail
from stoep.delivery.models import Mail
from stoep.delivery.sending import empty_old_mails, send_due_mails
from stoep.delivery.tests.conftest import MakeMails
from stoep.delivery.tests.post_office import PostOffice, opened
from stoep.operations.cast import Cast

SENT, WAITING, REFUSED, EXPIRED = Mail.State.SENT, Mail.State.WAITING, Mail.State.REFUSED, Mail.State.EXPIRED


def states() -> dict[str, str]:
    return {mail.recipient: mail.state for mail in Mail.objects.all()}


def address(number: int) -> str:
    return f"{number}@reader.example"


def test_what_waits_is_sent_once_over_one_connection(office: PostOffice, waiting_mails: MakeMails) -> None:
    mails = waiting_mails(3)
    assert send_due_mails() == 3
    assert send_due_mails() == 0
    assert office.message_ids == [f"<{mail.pk}@buurt.hasselt.example>" for mail in mails]
    assert office.reached == [address(1), address(2), address(3)]
    assert office.connections == 1
    assert set(states().values()) == {SENT}


def test_what_is_not_due_waits(office: PostOffice, waiting_mails: MakeMails) -> None:
    waiting_mails(1, start=clock.now() + timedelta(minutes=1))
    assert send_due_mails() == 0
    assert office.connections == 0


def test_an_address_that_is_refused_stops_nobody_else(office: PostOffice, waiting_mails: MakeMails) -> None:
    office.answers[address(2)] = f"550 5.1.1 <{address(2)}> unknown"
    waiting_mails(3)
    assert send_due_mails() == 2
    assert states() == {address(1): SENT, address(2): REFUSED, address(3): SENT}
    refused = Mail.objects.get(state=REFUSED)
    assert refused.last_error.startswith("550")
    assert address(2) not in refused.last_error, "what the server says is not sealed, so it holds no address"
    with clock.frozen(clock.now() + timedelta(days=1)):
        assert send_due_mails() == 0


@pytest.mark.parametrize("words", ["530 5.7.0 Must issue a STARTTLS command first", "535 5.7.8 bad credentials"])
def test_a_refusal_that_is_about_us_loses_no_mail(office: PostOffice, waiting_mails: MakeMails, words: str) -> None:
    office.always = words
    waiting_mails(1)
    assert send_due_mails() == 0
    assert set(states().values()) == {WAITING}


def test_our_own_address_being_refused_loses_no_mail(office: PostOffice, waiting_mails: MakeMails) -> None:
    office.answers["from stoep@localhost"] = "550 5.7.1 we do not know you"
    waiting_mails(1)
    assert send_due_mails() == 0
    assert set(states().values()) == {WAITING}


def test_one_address_that_must_wait_stops_nobody_else(office: PostOffice, waiting_mails: MakeMails) -> None:
    office.answers[address(1)] = "451 4.7.1 greylisted, try again"
    waiting_mails(3)
    assert send_due_mails() == 2
    assert states() == {address(1): WAITING, address(2): SENT, address(3): SENT}
    assert send_due_mails() == 0, "not before its time"
    office.answers.clear()
    with clock.frozen(clock.now() + timedelta(minutes=1, seconds=5)):
        assert send_due_mails() == 1
    assert office.reached == [address(2), address(3), address(1)]


def test_waits_grow_to_an_hour(office: PostOffice, waiting_mails: MakeMails) -> None:
    office.always = "451 not now"
    waiting_mails(1)
    waits = []
    for _try in range(7):
        due_at = Mail.objects.get().due_at
        with clock.frozen(due_at) as now:
            send_due_mails()
        waits.append((Mail.objects.get().due_at - now) // timedelta(minutes=1))
    assert waits == [1, 2, 5, 15, 30, 60, 60]


def test_a_server_that_asks_everybody_to_wait_is_left_in_peace(office: PostOffice, waiting_mails: MakeMails) -> None:
    office.always = "451 4.3.2 too busy"
    waiting_mails(10)
    assert send_due_mails() == 0
    assert len(office.asked) == 3
    office.always = ""
    with clock.frozen(clock.now() + timedelta(minutes=2)):
        assert send_due_mails() == 10
    assert sorted(office.message_ids) == sorted(set(office.message_ids))


def test_a_server_that_hangs_delays_and_loses_nothing(
    office: PostOffice, smtp_settings: Callable[..., None], waiting_mails: MakeMails
) -> None:
    smtp_settings(port=office.port, timeout=0.3)
    office.hangs = {address(1)}
    waiting_mails(2)
    assert send_due_mails() == 0
    assert set(states().values()) == {WAITING}
    with clock.frozen(clock.now() + timedelta(minutes=2)):
        assert send_due_mails() == 2
    assert len(office.message_ids) == len(set(office.message_ids)) == 2


def test_a_connection_dropped_after_data_repeats_one_mail_as_itself(
    office: PostOffice, waiting_mails: MakeMails
) -> None:
    office.drops = {address(2)}
    waiting_mails(3)
    assert send_due_mails() == 2, "the first, and over a new connection the third"
    assert states()[address(2)] == WAITING, "nobody knows whether it was taken"
    with clock.frozen(clock.now() + timedelta(minutes=2)):
        assert send_due_mails() == 1
    assert set(states().values()) == {SENT}
    repeated = [one for one in set(office.message_ids) if office.message_ids.count(one) > 1]
    assert repeated == [f"<{Mail.objects.order_by('made_at')[1].pk}@buurt.hasselt.example>"]
    assert len(office.message_ids) == 4


def test_a_server_that_goes_away_with_421_is_asked_again_later(office: PostOffice, waiting_mails: MakeMails) -> None:
    office.always = "421 4.3.0 closing"
    waiting_mails(5)
    assert send_due_mails() == 0
    assert len(office.asked) == 1
    assert set(states().values()) == {WAITING}


def test_an_outage_delays_and_loses_nothing(smtp_settings: Callable[..., None], waiting_mails: MakeMails) -> None:
    smtp_settings()
    waiting_mails(60)
    for minute in range(60):
        with clock.frozen(clock.now() + timedelta(minutes=minute)):
            assert send_due_mails() == 0
    assert set(states().values()) == {WAITING}
    with opened() as office:
        smtp_settings(port=office.port)
        with clock.frozen(clock.now() + timedelta(minutes=61)):
            assert send_due_mails() == 60, "the first minute after the outage sends all"
        assert len(set(office.message_ids)) == len(office.message_ids) == 60


def test_codes_go_first_and_late_ones_not_at_all(office: PostOffice, cast: Cast, waiting_mails: MakeMails) -> None:
    now = clock.now()
    waiting_mails(2)
    for name, until in (("late", now - timedelta(seconds=1)), ("soon", now + timedelta(minutes=20))):
        envelope = Envelope(cast.cities["hasselt"], f"{name}@reader.example", "nl", expires_at=until)
        post_mail(envelope, template="joining/mail/staff_code", context={"code": "1"}, now=now)
    assert send_due_mails() == 3
    assert office.reached == ["soon@reader.example", address(1), address(2)]
    assert states()["late@reader.example"] == EXPIRED


def test_a_code_that_ran_out_during_an_outage_is_dropped(
    smtp_settings: Callable[..., None], waiting_mails: MakeMails
) -> None:
    smtp_settings()
    waiting_mails(1, expires_at=clock.now() + timedelta(minutes=20))
    assert send_due_mails() == 0
    assert set(states().values()) == {WAITING}
    with clock.frozen(clock.now() + timedelta(minutes=21)):
        assert send_due_mails() == 0
    assert set(states().values()) == {EXPIRED}


def test_a_mail_that_cannot_be_built_stops_nobody_else(office: PostOffice, waiting_mails: MakeMails) -> None:
    """Its words were sealed with another key, or damaged."""
    damaged, other, _third = waiting_mails(3)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE delivery_mail SET text = 'damaged' WHERE id = %s", [damaged.pk])
    Mail.objects.filter(pk=other.pk).update(headers={"X-Wrong": "two\nlines"})
    assert send_due_mails() == 1
    assert office.reached == [address(3)]
    kept = Mail.objects.filter(state=WAITING).order_by("made_at").values_list("last_error", "attempts")
    assert list(kept) == [("InvalidToken", 1), ("ValueError", 1)]


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_nothing_twice(office: PostOffice, waiting_mails: MakeMails) -> None:
    waiting_mails(40)
    sent: list[int] = []

    def work() -> None:
        try:
            sent.append(send_due_mails())
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sum(sent) == 40
    assert len(set(office.message_ids)) == len(office.message_ids) == 40


def test_words_are_emptied_after_seven_days(office: PostOffice, waiting_mails: MakeMails) -> None:
    office.answers[address(2)] = "550 unknown"
    waiting_mails(2)
    send_due_mails()
    waiting_mails(1, start=clock.now() + timedelta(days=30))
    assert empty_old_mails(now=clock.now() + timedelta(days=6, hours=23)) == 0
    assert empty_old_mails(now=clock.now() + timedelta(days=7, minutes=5)) == 2
    for mail in Mail.objects.exclude(state=WAITING):
        assert (mail.subject, mail.text, mail.html, mail.recipient) == ("", "", "", "")
    assert Mail.objects.get(state=WAITING).text != "", "what was not sent yet keeps its words"
    assert set(Mail.objects.values_list("state", flat=True)) == {SENT, REFUSED, WAITING}
