"""What delivery keeps no longer than it must (docs/trust.md 4.3): what was told, and that it was mailed."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, F
from django.db.models.functions import Greatest

from stoep.delivery.models import Digest, DigestBatch, Mail, Notification, OutboxEntry, TextMessage
from stoep.people.models import Person

# Words and addresses of a mail go after seven days (`sending.empty_old_mails`); that it was sent, after thirty.
ROWS_KEPT = timedelta(days=30)
NOTICES_KEPT = timedelta(days=90)


def forget_told(now: datetime) -> int:
    """Entries that were handled, and with them their mails; none of which a mail still waits."""
    old = OutboxEntry.objects.filter(handled_at__lt=now - ROWS_KEPT).exclude(mails__state=Mail.State.WAITING)
    old = old.exclude(texts__state=TextMessage.State.WAITING)
    gone, _by_model = old.delete()
    return gone


def forget_mails(now: datetime) -> int:
    """Mails that came from no entry, as a code to sign in."""
    settled = Mail.objects.filter(entry=None, made_at__lt=now - ROWS_KEPT).exclude(state=Mail.State.WAITING)
    gone, _by_model = settled.delete()
    return gone


def forget_digests(now: datetime) -> int:
    """What was told weeks ago is out of every daily mail's sight."""
    DigestBatch.objects.filter(planned_at__lt=now - ROWS_KEPT).delete()
    gone, _by_model = Digest.objects.filter(made_at__lt=now - ROWS_KEPT).delete()
    return gone


def forget_notices(now: datetime) -> int:
    """What stands behind the bell; of what nobody read, the counter lets go too."""
    old = Notification.objects.filter(happened_at__lt=now - NOTICES_KEPT)
    unread = old.filter(read_at=None).values("person").annotate(count=Count("pk")).order_by("person")
    with transaction.atomic():
        for person_id, count in unread.values_list("person", "count"):
            Person.objects.filter(pk=person_id).update(unread_count=Greatest(F("unread_count") - count, 0))
        gone, _by_model = old.delete()
    return gone


def forget_texts(now: datetime) -> int:
    settled = TextMessage.objects.filter(entry=None, made_at__lt=now - ROWS_KEPT)
    gone, _by_model = settled.exclude(state=TextMessage.State.WAITING).delete()
    return gone


def drop_waiting(person: Person, _now: datetime) -> None:
    """Who left gets none of the mails that wait for them."""
    Mail.objects.filter(person=person, state=Mail.State.WAITING).update(state=Mail.State.EXPIRED)


def stay_dropped(_person: Person, _left_at: datetime) -> None:
    """Who comes back reads on the pages what they missed."""
