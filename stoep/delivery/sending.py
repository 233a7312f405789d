"""The road from an outbox entry to a taken mail. Each step commits by itself: a crash repeats at most one mail."""

from datetime import datetime, timedelta
from smtplib import SMTP
from uuid import UUID

from django.db import connection as database
from django.db import transaction
from django.db.models import Q

from stoep.common import clock
from stoep.delivery import mail as wire
from stoep.delivery import queue
from stoep.delivery.letterbox import Envelope, post_mail
from stoep.delivery.models import Mail, OutboxEntry
from stoep.delivery.notices import Notice, Told, notice_named

MAILS_AT_ONCE = 50
# Longer than any one mail can take; after it another worker may take the mail over.
LEASE = timedelta(minutes=5)
# Minutes to wait after each failed try; the last one goes on for ever.
WAITS = (1, 2, 5, 15, 30, 60)
BODIES_KEPT = timedelta(days=7)

CLAIM_SQL = """
UPDATE delivery_mail SET leased_until = %(until)s, attempts = attempts + 1
WHERE id IN (
    SELECT id FROM delivery_mail
    WHERE state = 'waiting' AND due_at <= %(now)s AND (leased_until IS NULL OR leased_until < %(now)s)
    ORDER BY due_at, id LIMIT %(most)s FOR UPDATE SKIP LOCKED
)
RETURNING id
"""


def handle_entry(entry_id: UUID, *, now: datetime) -> int:
    """Make the mails of one entry: everybody is asked for now. Run twice, it makes none twice. Answers how many."""
    made = 0
    with transaction.atomic():
        entry = OutboxEntry.objects.select_for_update(skip_locked=True, of=("self",)).filter(pk=entry_id).first()
        if entry is None or entry.handled_at is not None:
            return 0
        notice = notice_named(entry.notice)
        if notice is not None:
            made = _make_mails(entry, notice, now=now)
        OutboxEntry.objects.filter(pk=entry.pk).update(handled_at=now)
    return made


def _make_mails(entry: OutboxEntry, notice: Notice, *, now: datetime) -> int:
    told = Told(subject_id=entry.subject_id, actor_id=entry.actor_id, told_at=entry.told_at)
    made = 0
    for person in notice.recipients(told):
        if not person.email or person.email_confirmed_at is None or person.left_at is not None:
            continue
        context = notice.context(told, person)
        if context is None:
            continue
        envelope = Envelope(entry.municipality, person.email, person.language, person=person, entry=entry)
        made += post_mail(envelope, template=notice.mail, context={**context, "reader": person}, now=now) is not None
    return made


def send_due_mails(*, now: datetime) -> int:
    """Send what is due, batch by batch, until nothing is. Answers how many mails were taken."""
    sent = 0
    while batch := _claim(now):
        sent += _send_batch(batch, now=now)
    return sent


def _claim(now: datetime) -> list[Mail]:
    """Lease a batch; committed before the first word to the server."""
    with database.cursor() as cursor:
        cursor.execute(CLAIM_SQL, {"until": now + LEASE, "now": now, "most": MAILS_AT_ONCE})
        ids = [row[0] for row in cursor.fetchall()]
    return list(Mail.objects.filter(pk__in=ids).select_related("municipality").order_by("due_at", "id"))


def _send_batch(batch: list[Mail], *, now: datetime) -> int:
    late = [mail for mail in batch if wire.is_too_late(mail, now=now)]
    Mail.objects.filter(pk__in=[mail.pk for mail in late]).update(state=Mail.State.EXPIRED, leased_until=None)
    waiting = [mail for mail in batch if mail not in late]
    sent = 0
    while waiting:
        try:
            with wire.connection() as server:
                while waiting:
                    sent += _send_one(server, waiting.pop(0))
        except wire.NotNow as error:
            _put_back(waiting, str(error), now=now)
            return sent
    return sent


def _send_one(server: SMTP, mail: Mail) -> bool:
    """One mail; what became of it is committed before the next. A lost connection ends the batch by NotNow."""
    try:
        wire.send(server, mail)
    except wire.Refused as error:
        _settle(mail, state=Mail.State.REFUSED, last_error=str(error)[:200])
        return False
    except wire.NotNow as error:
        _put_back([mail], str(error), now=clock.now())
        raise
    _settle(mail, state=Mail.State.SENT, sent_at=clock.now(), last_error="")
    return True


def _settle(mail: Mail, **facts: object) -> None:
    Mail.objects.filter(pk=mail.pk).update(leased_until=None, **facts)


def _put_back(mails: list[Mail], said: str, *, now: datetime) -> None:
    """They wait for the next try: sooner at first, then every hour."""
    for mail in mails:
        wait = WAITS[min(max(mail.attempts, 1), len(WAITS)) - 1]
        due_at = now + timedelta(minutes=wait)
        with transaction.atomic():
            Mail.objects.filter(pk=mail.pk).update(leased_until=None, due_at=due_at, last_error=said[:200])
            queue.later("delivery.send_mails", at=due_at)


def sweep(*, now: datetime) -> None:
    """Find what a lost job left behind: entries not handled, mails that are due."""
    left = OutboxEntry.objects.filter(handled_at=None, told_at__lt=now - timedelta(minutes=1))
    for entry_id in left.order_by("told_at", "id").values_list("pk", flat=True)[:500]:
        handle_entry(entry_id, now=now)
    send_due_mails(now=now)


def empty_old_mails(*, now: datetime) -> int:
    """A mail's words go seven days after it was settled; that it was sent stays known (trust.md 4.3)."""
    settled = Q(state=Mail.State.SENT, sent_at__lt=now - BODIES_KEPT)
    settled |= Q(state__in=[Mail.State.REFUSED, Mail.State.EXPIRED], due_at__lt=now - BODIES_KEPT)
    return Mail.objects.filter(settled).exclude(text="").update(text="", html="", subject="", recipient="")
