"""What comes back: an address that takes no mail gets none any more, and its owner is told on the pages.

Nobody can stop another person's mail with a forged report: it must name the Message-ID of a mail of ours, which is
random and known to its reader alone, and the address that the mail went to.
"""

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, message_from_string, policy
from email.message import Message
from uuid import UUID

from django.db import transaction

from stoep.delivery.choosing import stop_by_link
from stoep.delivery.models import Mail
from stoep.delivery.stopping import ALL, TOKEN_LENGTH, token_for
from stoep.people.models import Person, email_hash

logger = logging.getLogger(__name__)

# RFC 3463: no such mailbox, no such domain, moved without an address, a mailbox that takes nothing any more. What
# speaks of a full mailbox (x.2.2), of the mail's size (x.3) or of policy and spam (x.7) says nothing of the address.
HARD = re.compile(r"\b5\.(1\.(0|1|2|3|6|10)|2\.1|4\.4)\b")
ENHANCED = re.compile(r"\b[245]\.\d{1,3}\.\d{1,3}\b")
# Servers that say no more than three digits: no such mailbox, not local, a name that cannot be one.
HARD_CODES = {550, 551, 553}
OUR_ID = re.compile(r"<([0-9a-f-]{36})@[^<>\s]+>")
STOP = re.compile(rf"\bstop[ _]([\w-]{{{TOKEN_LENGTH}}})(?![\w-])")
MOST_BYTES = 2_000_000


@dataclass(frozen=True)
class Report:
    """Of one recipient: which mail of ours, where it went, whether the address is at fault or somebody complains."""

    mail_id: UUID
    recipient: str
    is_hard: bool
    is_complaint: bool = False


def is_hard(code: int, words: str) -> bool:
    """Whether a server's refusal of a recipient says that the address takes no mail at all."""
    if ENHANCED.search(words):
        return bool(HARD.search(words))
    return code in HARD_CODES


def take_back(raw: bytes, *, now: datetime) -> str:
    """Read one mail that came to our sender's address. Answers what was done: `stopped`, `unreachable` or `nothing`."""
    message = message_from_bytes(raw[:MOST_BYTES], policy=policy.compat32)
    asked = STOP.search(str(message.get("Subject", "")))
    if asked and stop_by_link(token=asked[1], now=now):
        return "stopped"
    done = {_act_on(report, now=now) for report in reports_in(message)}
    return next((word for word in ("unreachable", "stopped") if word in done), "nothing")


def reports_in(message: Message) -> Iterator[Report]:
    """Delivery reports (RFC 3464) and complaints (RFC 5965)."""
    mail_id = _original_id(message)
    if mail_id is None:
        return
    for part in message.walk():
        kind = part.get_content_type()
        if kind == "message/delivery-status":
            for group in _groups(part):
                if str(group.get("Action", "")).strip().casefold() == "failed":
                    words = f"{group.get('Status', '')} {group.get('Diagnostic-Code', '')}"
                    yield Report(mail_id, _address(group.get("Final-Recipient")), is_hard=bool(HARD.search(words)))
        elif kind == "message/feedback-report":
            for group in _groups(part):
                yield Report(mail_id, _address(group.get("Original-Rcpt-To")), is_hard=False, is_complaint=True)


@transaction.atomic
def note_unreachable(mail: Mail, *, now: datetime) -> bool:
    """The address of this mail takes none. Says nothing of its person if it is another than theirs by now."""
    person = mail.person
    if person is None or not mail.recipient or email_hash(mail.recipient) != person.email_hash:
        return False
    _mark(person, now=now)
    return True


def _act_on(report: Report, *, now: datetime) -> str:
    mail = Mail.objects.select_related("person").filter(pk=report.mail_id).first()
    if mail is None or mail.person is None:
        return "nothing"
    # A report may come after the mail's own words and address were emptied: then the report must name it.
    address = report.recipient or mail.recipient
    if not address or email_hash(address) != mail.person.email_hash:
        return "nothing"
    if report.is_complaint:
        stop_by_link(token=token_for(mail.person.pk, ALL), now=now)
        return "stopped"
    if not report.is_hard:
        return "nothing"
    _mark(mail.person, now=now)
    return "unreachable"


def _mark(person: Person, *, now: datetime) -> None:
    """What still waits for that address goes nowhere either."""
    Person.objects.filter(pk=person.pk).update(unreachable_at=now)
    waiting = Mail.objects.filter(person=person, state=Mail.State.WAITING).exclude(stream="")
    waiting.update(state=Mail.State.EXPIRED)


def _original_id(message: Message) -> UUID | None:
    """The Message-ID of our mail: in the part that quotes it, whole or its head only; else nowhere."""
    for part in message.walk():
        if part.get_content_type() == "text/rfc822-headers":
            quoted: Message = message_from_string(_text(part))
        elif part.get_content_type() == "message/rfc822" and part.is_multipart():
            quoted = part.get_payload(0)  # type: ignore[assignment]  # of such a part it is a message
        else:
            continue
        found = OUR_ID.search(str(quoted.get("Message-ID", "")))
        if found:
            try:
                return UUID(found[1])
            except ValueError:
                return None
    return None


def _groups(part: Message) -> Iterator[Message]:
    """The blocks of a report: the parser makes messages of them, or leaves them as text."""
    payload = part.get_payload()
    if isinstance(payload, list):
        yield from (each for each in payload if isinstance(each, Message))
    else:
        yield from (message_from_string(block) for block in re.split(r"\r?\n\r?\n", _text(part)) if block.strip())


def _text(part: Message) -> str:
    payload = part.get_payload(decode=True)
    return payload.decode(errors="replace") if isinstance(payload, bytes) else str(part.get_payload())


def _address(words: object) -> str:
    """`rfc822; marie@example.org` → `marie@example.org`"""
    return str(words or "").rpartition(";")[2].strip().strip("<>")
