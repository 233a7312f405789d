"""An address that takes no mail gets no more of it; one that is full, or a letter that was forged, changes nothing."""

import io
import sys
from datetime import datetime, timedelta
from email.message import EmailMessage
from types import SimpleNamespace

import pytest

from stoep.common import clock
from stoep.delivery.bounces import is_hard, take_back
from stoep.delivery.choosing import choices_of
from stoep.delivery.letterbox import Envelope, post_mail
from stoep.delivery.models import Mail
from stoep.delivery.sending import can_be_mailed, send_due_mails
from stoep.delivery.stopping import token_for
from stoep.delivery.tests.post_office import PostOffice
from stoep.operations import command_line
from stoep.operations.cast import Cast
from stoep.people.models import Person


def mail_to(person: Person, *, address: str = "", stream: str = "mine") -> Mail:
    envelope = Envelope(person.municipality, address or person.email, "nl", person=person, stream=stream)
    context = {"code": "123 456"}
    mail_id = post_mail(envelope, template="joining/mail/staff_code", context=context, now=clock.now())
    assert mail_id
    return Mail.objects.get(pk=mail_id)


def is_reachable(person: Person) -> bool:
    return can_be_mailed(Person.objects.get(pk=person.pk))


def report(
    mail: Mail, *, status: str = "5.1.1", action: str = "failed", recipient: str = "", whole: bool = True
) -> bytes:
    """As Postfix writes it."""
    quoted = f"From: stoep@localhost\r\nMessage-ID: <{mail.pk}@{mail.municipality.host}>\r\nSubject: x\r\n\r\n"
    kind = "message/rfc822" if whole else "text/rfc822-headers"
    return (
        "From: MAILER-DAEMON@mx.example\r\nTo: stoep@localhost\r\nSubject: Undelivered Mail Returned to Sender\r\n"
        'MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nI could not deliver it.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
        f"Final-Recipient: rfc822; {recipient or mail.recipient}\r\nAction: {action}\r\nStatus: {status}\r\n"
        f"Diagnostic-Code: smtp; 550 {status} said so\r\n\r\n"
        f"--b\r\nContent-Type: {kind}\r\n\r\n{quoted}"
        "--b--\r\n"
    ).encode()


def complaint(mail: Mail) -> bytes:
    return (
        report(mail)
        .replace(b"report-type=delivery-status", b"report-type=feedback-report")
        .replace(
            b"Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n",
            b"Content-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\n",
        )
    )


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("no_jobs")
@pytest.mark.parametrize(
    ("answer", "stays"),
    [
        ("550 5.1.1 No such user", False),
        ("550 Unknown mailbox", False),
        ("552 5.2.2 Mailbox full", True),
        ("550 5.7.1 Looks like spam", True),
        ("450 4.2.1 Try later", True),
        ("250 OK", True),
    ],
)
def test_what_the_server_says_of_the_recipient_counts(answer: str, stays: bool, cast: Cast, office: PostOffice) -> None:
    me = cast["neighbour"]
    office.answers[me.email] = answer
    mail_to(me)
    send_due_mails()
    assert is_reachable(me) is stays


@pytest.mark.parametrize("whole", [True, False], ids=["whole", "headers"])
@pytest.mark.parametrize(
    ("status", "action", "stays"),
    [
        ("5.1.1", "failed", False),
        ("5.2.1", "failed", False),
        ("5.2.2", "failed", True),
        ("5.7.1", "failed", True),
        ("4.4.7", "failed", True),
        ("5.1.1", "delayed", True),
        ("2.0.0", "delivered", True),
    ],
)
def test_a_report_that_comes_back_counts_when_it_speaks_of_the_address(
    status: str, action: str, stays: bool, whole: bool, cast: Cast
) -> None:
    me = cast["neighbour"]
    said = take_back(report(mail_to(me), status=status, action=action, whole=whole), now=clock.now())
    assert (said == "nothing") is is_reachable(me) is stays


def test_nothing_more_goes_there_until_an_address_is_confirmed(cast: Cast) -> None:
    me, now = cast["neighbour"], clock.now()
    first, waiting, code = mail_to(me), mail_to(me), mail_to(me, stream="")
    take_back(report(first), now=now)
    for mail in (waiting, code):
        mail.refresh_from_db()
    assert (waiting.state, code.state) == (Mail.State.EXPIRED, Mail.State.WAITING), "the link to come in was asked for"
    assert not is_reachable(me)
    Person.objects.filter(pk=me.pk).update(email_confirmed_at=now + timedelta(minutes=1))
    assert is_reachable(me)


def test_a_report_of_an_older_address_says_nothing_of_the_new_one(cast: Cast) -> None:
    me = cast["neighbour"]
    mail = mail_to(me)
    me.set_email("new@example.org")
    me.email_confirmed_at = clock.now()
    me.save()
    assert take_back(report(mail), now=clock.now()) == "nothing"
    assert is_reachable(me)


def test_a_question_to_a_new_address_that_fails_leaves_the_old_one_alone(cast: Cast) -> None:
    me = cast["neighbour"]
    mail = mail_to(me, address="typo@exmaple.org", stream="")
    assert take_back(report(mail), now=clock.now()) == "nothing"
    assert is_reachable(me)


def test_a_report_that_names_no_mail_of_ours_or_another_address_is_nothing(cast: Cast) -> None:
    me = cast["neighbour"]
    mail = mail_to(me)
    other = report(mail, recipient=cast["ambassador"].email)
    unknown = report(mail).replace(str(mail.pk).encode(), b"01900000-0000-7000-8000-000000000000")
    torn = report(mail).replace(str(mail.pk).encode(), b"-" * 36)
    for raw in (other, unknown, torn, b"", b"\xff\xfe", b"Subject: hello\r\n\r\nA plain reply.", report(mail)[:300]):
        assert take_back(raw, now=clock.now()) == "nothing"
    assert all(is_reachable(cast[key]) for key in ("neighbour", "ambassador"))


def test_a_report_that_comes_after_the_words_are_gone_still_counts(cast: Cast) -> None:
    me = cast["neighbour"]
    mail = mail_to(me)
    raw = report(mail)
    Mail.objects.update(recipient="", text="", html="", subject="")
    assert take_back(raw, now=clock.now()) == "unreachable"


def test_a_complaint_stops_the_mail_as_a_click_would(cast: Cast) -> None:
    me = cast["neighbour"]
    assert take_back(complaint(mail_to(me)), now=clock.now()) == "stopped"
    assert choices_of(me.pk).mine == "never"
    assert is_reachable(me), "the address works: it is their wish"


def test_a_mail_to_stop_works_as_the_link(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    me = cast["neighbour"]
    asked = EmailMessage()
    asked["Subject"] = f"stop {token_for(me.pk, 'neighbourhood')}"
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(bytes(asked))))
    assert command_line.main(["bounce"]) == 0
    assert capsys.readouterr().out == "stopped\n"
    assert (choices_of(me.pk).neighbourhood, choices_of(me.pk).mine) == ("never", "now")


def test_the_words_of_servers_are_read_with_care() -> None:
    assert is_hard(550, "550 5.1.1 user unknown")
    assert is_hard(550, "550 no such user")
    assert not is_hard(554, "554 transaction failed")
    assert not is_hard(550, "550 5.7.26 unauthenticated")
    assert not is_hard(552, "552 mailbox full")
    assert isinstance(clock.now(), datetime)
