"""The road from an outbox entry to a taken mail. Each step commits by itself: a crash repeats at most one mail."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from smtplib import SMTP
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, transaction
from django.db import connection as database
from django.db.models import F, Q, QuerySet

from stoep.common import clock
from stoep.common.logs import masked
from stoep.delivery import mail as wire
from stoep.delivery import texts
from stoep.delivery.bell import ring_bells
from stoep.delivery.bounces import note_unreachable
from stoep.delivery.choosing import wanting
from stoep.delivery.digest_lines import key_of
from stoep.delivery.letterbox import Envelope, ask_for_sending, keep_mail
from stoep.delivery.models import Digest, Mail, OutboxEntry, Pace
from stoep.delivery.notices import Notice, Told, notice_named
from stoep.delivery.pushing import ask_for_pushing, make_pushes
from stoep.delivery.pushing import due as due_pushes
from stoep.people.models import Person

logger = logging.getLogger(__name__)

# Minutes to wait after each failed try; the last one goes on for ever.
WAITS = (1, 2, 5, 15, 30, 60)
# Servers do not like one connection that never ends.
MAILS_A_CONNECTION = 100
# So many mails in a row that the server will not take now: it is the server that asks us to wait.
LATER_IN_A_ROW = 3
BODIES_KEPT = timedelta(days=7)
ENTRIES_A_SWEEP = 500
EMPTY: dict[str, object] = {"text": "", "html": "", "subject": "", "recipient": "", "headers": {}}

# The row stays locked until what became of the mail is committed. A worker that is killed lets go of it at once; one
# whose machine vanishes, when the database sees that nothing came for `patience`. Codes to sign in go first.
NEXT_SQL = """
SELECT id, attempts, set_config('idle_in_transaction_session_timeout', %(patience)s::text, true)
FROM delivery_mail
WHERE state = 'waiting' AND due_at <= %(now)s AND (expires_at IS NULL OR expires_at > %(now)s)
ORDER BY expires_at IS NULL, due_at, id LIMIT 1 FOR UPDATE SKIP LOCKED
"""


class Unbuilt(Exception):
    """The mail cannot be built from its row: our mistake, and none of the server's."""


def handle_entry(entry_id: UUID, *, now: datetime) -> int:
    """Make the mails of one entry: everybody is asked for now. Run twice, it makes none twice. Answers how many.

    Where it fails for somebody, the others get theirs, and the entry is tried again later.
    """
    with transaction.atomic():
        entry = OutboxEntry.objects.select_for_update(skip_locked=True, of=("self",)).filter(pk=entry_id).first()
        if entry is None or entry.handled_at is not None:
            return 0
        made, failed = _make_mails(entry, now=now)
        if failed:
            due_at = now + _wait_after(entry.tries)
            OutboxEntry.objects.filter(pk=entry.pk).update(tries=F("tries") + 1, due_at=due_at)
        else:
            OutboxEntry.objects.filter(pk=entry.pk).update(handled_at=now)
        if made:
            ask_for_sending()
    return made


def _make_mails(entry: OutboxEntry, *, now: datetime) -> tuple[int, int]:
    """Answers how many mails were made, and for how many people that failed."""
    notice = notice_named(entry.notice)
    if notice is None:
        return 0, 0
    told = Told(subject_id=entry.subject_id, actor_id=entry.actor_id, told_at=entry.told_at, now=now)
    made = failed = 0
    try:
        with transaction.atomic():
            people = list(notice.recipients(told))
    except Exception:
        logger.exception("Nobody could be found for the entry %s (%s)", entry.pk, entry.notice)
        return 0, 1
    ring_bells(entry, notice, told, people)
    reached = set(entry.mails.values_list("person_id", flat=True)) | _told_by_day(entry)
    waiting = wanting(people, notice.stream, Pace.NOW) if notice.stream else {person.pk for person in people}
    if notice.stream:
        make_pushes(entry, notice, told, waiting, now=now)
    for person in people:
        if person.pk in reached or person.pk not in waiting:
            continue
        try:
            with transaction.atomic():
                if can_be_mailed(person):
                    made += _make_mail(entry, notice, told, person, now=now)
                elif notice.text:
                    texts.tell_by_text(entry, notice, told, person, now=now)
        except Exception:
            logger.exception("The mail of the entry %s (%s) to %s could not be made", entry.pk, entry.notice, person.pk)
            failed += 1
    return made, failed


def _told_by_day(entry: OutboxEntry) -> set[UUID]:
    """Whoever read of it in the daily mail already, which may come first where something waits to be taken back."""
    key = key_of(entry.notice, entry.subject_id, entry.told_at)
    told = Digest.objects.filter(made_at__gte=entry.told_at, items__contains=[key])
    return set(told.values_list("person_id", flat=True))


def can_be_mailed(person: Person) -> bool:
    """Nothing goes to an address before its owner has said that it is theirs, nor to one that takes no mail."""
    is_theirs = bool(person.email) and person.email_confirmed_at is not None
    return is_theirs and not person.is_unreachable and person.left_at is None


def _make_mail(entry: OutboxEntry, notice: Notice, told: Told, person: Person, *, now: datetime) -> bool:
    context = notice.context(told, person)
    if context is None:
        return False
    envelope = Envelope(
        entry.municipality,
        person.email,
        person.language,
        person=person,
        entry=entry,
        stream=notice.stream,
        thread_id=context.get("thread_id"),
    )
    return keep_mail(envelope, template=notice.mail, context={**context, "reader": person}, now=now) is not None


@dataclass
class _Run:
    """What came of one connection."""

    handled: int = 0
    sent: int = 0
    later_in_a_row: int = 0


def send_due_mails() -> int:
    """Send what is due, until nothing is or the server is away. Answers how many mails were taken.

    It reads the clock itself: the run may take long, and must not live in the past.
    """
    sent = 0
    while True:
        drop_late_mails(now=clock.now())
        if not _due(clock.now()).exists():
            return sent
        run = _Run()
        try:
            with wire.connection() as server:
                _send_over(server, run)
        except wire.ServerAway as error:
            logger.warning("The mail server is away: %s", error)
            if not run.sent:  # a connection that took some may have had enough of us; one that took none is broken
                return sent
        sent += run.sent
        if not run.handled or run.later_in_a_row >= LATER_IN_A_ROW:
            return sent


def drop_late_mails(*, now: datetime) -> int:
    """A mail that lost its sense, as a code that ran out, is not sent any more."""
    late = Mail.objects.filter(state=Mail.State.WAITING, expires_at__lte=now)
    return late.update(state=Mail.State.EXPIRED)


def _due(now: datetime) -> "QuerySet[Mail]":
    return Mail.objects.filter(state=Mail.State.WAITING, due_at__lte=now)


def _send_over(server: SMTP, run: _Run) -> None:
    while run.handled < MAILS_A_CONNECTION and run.later_in_a_row < LATER_IN_A_ROW:
        if not _send_next(server, run):
            return


def _send_next(server: SMTP, run: _Run) -> bool:
    """One mail; what became of it is committed before the next. False: none is due. Raises ServerAway."""
    away = None
    with transaction.atomic():
        found = _lock_next(clock.now())
        if found is None:
            return False
        run.handled += 1
        mail_id, attempts = found
        try:
            _send_one(server, mail_id)
        except wire.Refused as error:
            _settle(mail_id, state=Mail.State.REFUSED, said=str(error))
            if error.is_hard:
                note_unreachable(Mail.objects.select_related("person").get(pk=mail_id), now=clock.now())
            run.later_in_a_row = 0
        except Unbuilt as error:
            _put_back(mail_id, attempts, str(error))
        except wire.Later as error:
            _put_back(mail_id, attempts, str(error))
            run.later_in_a_row += 1
        except wire.ServerAway as error:
            _put_back(mail_id, attempts, str(error))
            away = error
        else:
            _settle(mail_id, state=Mail.State.SENT, sent_at=clock.now())
            run.sent += 1
            run.later_in_a_row = 0
    if away is not None:
        raise away
    return True


def _lock_next(now: datetime) -> tuple[UUID, int] | None:
    patience = f"{60 + 10 * int(settings.SMTP['timeout'])}s"
    with database.cursor() as cursor:
        cursor.execute(NEXT_SQL, {"now": now, "patience": patience})
        row = cursor.fetchone()
    return None if row is None else (row[0], row[1])


def _send_one(server: SMTP, mail_id: UUID) -> None:
    mail, message = _built(mail_id)
    wire.send(server, mail, message)


def _built(mail_id: UUID) -> tuple[Mail, EmailMessage]:
    """What cannot be built waits until we mended our mistake, and the others go on."""
    try:
        mail = Mail.objects.select_related("municipality").get(pk=mail_id)
        return mail, wire.message_of(mail)
    except (wire.Refused, DatabaseError):
        raise
    except Exception as error:
        logger.exception("The mail %s could not be built", mail_id)
        raise Unbuilt(type(error).__name__) from error


def _settle(mail_id: UUID, *, said: str = "", **facts: object) -> None:
    """`said`: by the server, which likes to name the address; that is kept sealed and nowhere else."""
    Mail.objects.filter(pk=mail_id).update(attempts=F("attempts") + 1, last_error=masked(said)[:200], **facts)


def _put_back(mail_id: UUID, attempts: int, said: str) -> None:
    """It waits for its next try; the sweep, every minute, finds it then."""
    _settle(mail_id, due_at=clock.now() + _wait_after(attempts), said=said)


def _wait_after(tries: int) -> timedelta:
    """Sooner at first, then every hour."""
    return timedelta(minutes=WAITS[min(tries, len(WAITS) - 1)])


def sweep(*, now: datetime) -> None:
    """Find what a lost job left behind: entries not handled, mails that are due. One that fails stops no other."""
    try:
        _sweep_entries(now)
    finally:
        # Asked for and not done here: with one connection at a time, a killed worker repeats one mail and not two.
        if _due(now).exists():
            ask_for_sending()
        if texts.is_due(now):
            texts.ask_for_sending()
        if due_pushes(now).exists():
            ask_for_pushing()


def _sweep_entries(now: datetime) -> None:
    left = OutboxEntry.objects.filter(handled_at=None, told_at__lt=now - timedelta(minutes=1))
    due = left.filter(Q(due_at=None) | Q(due_at__lte=now)).order_by("told_at", "id")
    for entry_id in due.values_list("pk", flat=True)[:ENTRIES_A_SWEEP]:
        try:
            handle_entry(entry_id, now=now)
        except DatabaseError:
            logger.exception("The entry %s could not be handled", entry_id)


def empty_old_mails(*, now: datetime) -> int:
    """A mail's words go seven days after it was settled; that it was sent stays known (docs/trust.md 4.3)."""
    settled = Q(state=Mail.State.SENT, sent_at__lt=now - BODIES_KEPT)
    settled |= Q(state__in=[Mail.State.REFUSED, Mail.State.EXPIRED], due_at__lt=now - BODIES_KEPT)
    return Mail.objects.filter(settled).exclude(text="").update(**EMPTY)
