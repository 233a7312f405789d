"""Messages on a device: asked for by its owner, made with what is told, sent by a job, dropped when too late."""

import logging
from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import translation

from stoep.access.gate import require
from stoep.common import clock
from stoep.common.crypto import keyed_hash
from stoep.delivery import push as wire
from stoep.delivery import queue
from stoep.delivery.models import OutboxEntry, Push, PushDevice
from stoep.delivery.notices import Notice, Told
from stoep.people.models import Consent, Person
from stoep.people.queries import people_with_standing

logger = logging.getLogger(__name__)

VERSION, FORM = "1", "me/push"
MOST_DEVICES = 10
# A message of yesterday is no news.
USEFUL_FOR = timedelta(hours=24)
WAITS = (1, 5, 15, 60, 240)


class NoDevice(ValueError):
    """What a browser sent is no address that takes messages."""


@transaction.atomic
def add_device(*, person: Person, endpoint: str, key: str, secret: str, now: datetime) -> PushDevice:
    """This browser wants to be told; the same browser again is the same device, now of who sits there."""
    require(person, "delivery:mail:choose", person, now=now)
    if not wire.may_be_asked(endpoint):
        raise NoDevice
    device, _is_new = PushDevice.objects.update_or_create(
        endpoint_hash=_hash(endpoint),
        defaults={"person": person, "endpoint": endpoint, "key": key, "secret": secret, "made_at": now},
    )
    for old in PushDevice.objects.filter(person=person)[MOST_DEVICES:]:
        old.delete()
    Consent.objects.get_or_create(
        person=person,
        purpose=Consent.Purpose.PUSH,
        withdrawn_at=None,
        defaults={"version": VERSION, "form": FORM, "given_at": now},
    )
    return device


@transaction.atomic
def remove_device(*, person: Person, device_id: UUID | None, now: datetime) -> None:
    """One of them, or all. With the last one goes the consent."""
    require(person, "delivery:mail:choose", person, now=now)
    devices = PushDevice.objects.filter(person=person)
    (devices.filter(pk=device_id) if device_id else devices).delete()
    if not PushDevice.objects.filter(person=person).exists():
        given = Consent.objects.filter(person=person, purpose=Consent.Purpose.PUSH, withdrawn_at=None)
        given.update(withdrawn_at=now)


def devices_of(person: Person) -> list[PushDevice]:
    """Newest first."""
    return list(PushDevice.objects.filter(person=person))


def forget_devices(person: Person, _now: datetime) -> None:
    """The consent was taken back."""
    PushDevice.objects.filter(person=person).delete()


def make_pushes(entry: OutboxEntry, notice: Notice, told: Told, wanting: Collection[UUID], *, now: datetime) -> int:
    """For those who want to hear of it at once, and have a device. Run twice, it makes none twice."""
    group_id = notice.group(told) if notice.push and notice.group is not None else None
    if group_id is None:
        return 0
    devices = list(PushDevice.objects.filter(person__in=wanting))
    readers = {one.pk: one for one in people_with_standing({device.person_id for device in devices})}
    heard = {pk for pk, reader in readers.items() if notice.context(told, reader) is not None}
    path = notice.path.format(id=group_id)
    pushes = [
        Push(
            device=device,
            entry=entry,
            **_words(notice, readers[device.person_id], entry.municipality.name),
            path=path,
            due_at=now,
            expires_at=now + USEFUL_FOR,
        )
        for device in devices
        if device.person_id in heard
    ]
    Push.objects.bulk_create(pushes, ignore_conflicts=True)
    if pushes:
        ask_for_pushing()
    return len(pushes)


def _words(notice: Notice, reader: Person, city: str) -> dict[str, str]:
    with translation.override(reader.language):
        text = str(notice.push)
    return {"title": (reader.standing.neighbourhood_name or city)[:100], "text": text[:200]}


def ask_for_pushing() -> None:
    queue.later("delivery.send_pushes", lock="delivery.send_pushes")


def due(now: datetime) -> "QuerySet[Push]":
    return Push.objects.filter(sent_at=None, due_at__lte=now, expires_at__gt=now)


def send_due_pushes() -> int:
    """All that are due, one transaction each: a crash repeats at most one. Answers how many were taken."""
    Push.objects.filter(sent_at=None, expires_at__lte=clock.now()).delete()
    sent = 0
    while True:
        with transaction.atomic():
            locked = due(clock.now()).select_for_update(skip_locked=True, of=("self",))
            push = locked.select_related("device__person__municipality").order_by("due_at", "id").first()
            if push is None:
                return sent
            sent += _send(push)


def _send(push: Push) -> bool:
    now = clock.now()
    try:
        wire.send(push)
    except wire.Gone:
        push.device.delete()
    except wire.Refused as error:
        logger.warning("A message to a device was refused: %s", error)
        push.delete()
    except wire.Later:
        if push.attempts >= len(WAITS):
            push.delete()
        else:
            due_at = now + timedelta(minutes=WAITS[push.attempts])
            Push.objects.filter(pk=push.pk).update(attempts=F("attempts") + 1, due_at=due_at)
    else:
        Push.objects.filter(pk=push.pk).update(sent_at=now)
        return True
    return False


def _hash(endpoint: str) -> str:
    return keyed_hash("delivery.push", endpoint)
