"""Text messages: kept as a row in the writer's transaction, sent by a job after the commit. Codes first.

Each is sent under a lock on its row and settled before the next: a worker that is killed repeats one at most, with the
same id.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection as database
from django.db import transaction
from django.db.models import F
from django.template.loader import render_to_string
from django.utils import translation

from stoep.common import clock
from stoep.common.ids import new_id
from stoep.delivery import queue, sms
from stoep.delivery.models import OutboxEntry, TextMessage
from stoep.delivery.notices import Notice, Told
from stoep.people.models import Person
from stoep.people.queries import number_of
from stoep.places.models import Municipality

logger = logging.getLogger(__name__)

# Minutes to wait after each failed try; then it is given up: a text of yesterday helps nobody.
WAITS = (1, 2, 5, 15, 30, 60, 120, 240)
# So many in a row that the provider will not take: it is the provider that is away.
LATER_IN_A_ROW = 3
WORDS_KEPT = timedelta(days=7)
NEXT_SQL = """
SELECT id, attempts, set_config('idle_in_transaction_session_timeout', %(patience)s::text, true)
FROM delivery_textmessage
WHERE state = 'waiting' AND due_at <= %(now)s AND (expires_at IS NULL OR expires_at > %(now)s)
ORDER BY expires_at IS NULL, due_at, id LIMIT 1 FOR UPDATE SKIP LOCKED
"""


@dataclass(frozen=True)
class Slip:
    """To whom, and how long it makes sense."""

    municipality: Municipality
    number: str
    language: str
    person: Person | None = None
    entry: OutboxEntry | None = None
    expires_at: datetime | None = None


def post_text(slip: Slip, *, template: str, context: dict[str, Any], now: datetime) -> None:
    """Keep a text and ask for its sending, in the caller's transaction. Once an entry and person."""
    facts = {**context, "municipality": slip.municipality, "language": slip.language}
    with transaction.atomic(), translation.override(slip.language):
        message = TextMessage(
            id=new_id(),
            entry=slip.entry,
            municipality=slip.municipality,
            person=slip.person,
            kind=template,
            recipient=slip.number,
            words=" ".join(render_to_string(f"{template}.txt", facts).split()),
            made_at=now,
            due_at=now,
            expires_at=slip.expires_at,
        )
        TextMessage.objects.bulk_create([message], ignore_conflicts=True)
        ask_for_sending()


def tell_by_text(entry: OutboxEntry, notice: Notice, told: Told, person: Person, *, now: datetime) -> None:
    """For who has no e-mail: the same news in one line, where the notice has one."""
    number = number_of(person)
    context = notice.context(told, person) if notice.text and number else None
    if context is not None:
        slip = Slip(entry.municipality, number, person.language, person=person, entry=entry)
        post_text(slip, template=notice.text, context={**context, "reader": person}, now=now)


def ask_for_sending() -> None:
    queue.later("delivery.send_texts", lock="delivery.send_texts")


def send_due_texts() -> int:
    """Send what is due, until nothing is or the provider is away. Answers how many were taken."""
    _drop_late(clock.now())
    sent = refused_in_a_row = 0
    while refused_in_a_row < LATER_IN_A_ROW:
        taken = _send_next()
        if taken is None:
            break
        sent += taken
        refused_in_a_row = 0 if taken else refused_in_a_row + 1
    return sent


def is_due(now: datetime) -> bool:
    return TextMessage.objects.filter(state=TextMessage.State.WAITING, due_at__lte=now).exists()


def empty_old_texts(*, now: datetime) -> int:
    """Words and number go seven days after it was settled; that it was sent stays known for a while."""
    old = TextMessage.objects.exclude(state=TextMessage.State.WAITING).filter(made_at__lt=now - WORDS_KEPT)
    return old.exclude(words="").update(words="", recipient="")


def _send_next() -> bool | None:
    """One text; what became of it is committed before the next. None: none is due. False: not taken now."""
    with transaction.atomic():
        found = _lock_next(clock.now())
        if found is None:
            return None
        text_id, attempts = found
        message = TextMessage.objects.get(pk=text_id)
        try:
            sms.send(sms.Text(str(message.pk), message.recipient, message.words))
        except sms.Refused as error:
            _settle(text_id, state=TextMessage.State.REFUSED, last_error=str(error))
        except sms.Later as error:
            _put_back(text_id, attempts, str(error))
            return False
        else:
            _settle(text_id, state=TextMessage.State.SENT, sent_at=clock.now())
    return True


def _lock_next(now: datetime) -> tuple[UUID, int] | None:
    patience = f"{60 + 10 * int(settings.SMS['timeout'])}s"
    with database.cursor() as cursor:
        cursor.execute(NEXT_SQL, {"now": now, "patience": patience})
        row = cursor.fetchone()
    return None if row is None else (row[0], row[1])


def _put_back(text_id: UUID, attempts: int, said: str) -> None:
    if attempts >= len(WAITS):
        logger.warning("The text %s was given up: %s", text_id, said)
        _settle(text_id, state=TextMessage.State.EXPIRED, last_error=said)
        return
    _settle(text_id, due_at=clock.now() + timedelta(minutes=WAITS[attempts]), last_error=said)


def _settle(text_id: UUID, **facts: object) -> None:
    TextMessage.objects.filter(pk=text_id).update(attempts=F("attempts") + 1, **facts)


def _drop_late(now: datetime) -> None:
    """A code that ran out is not sent any more."""
    late = TextMessage.objects.filter(state=TextMessage.State.WAITING, expires_at__lte=now)
    late.update(state=TextMessage.State.EXPIRED)
