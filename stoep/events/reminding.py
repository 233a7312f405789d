"""The day before: whoever cannot come any more gives up their seat, and the others are reminded, once."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q

from stoep.access.gate import who_may
from stoep.delivery.outbox import tell
from stoep.events.models import Attendance, Occurrence
from stoep.events.seats import WITH_PLACE, give_up, locked
from stoep.people.models import Person
from stoep.places.models import Municipality
from stoep.places.queries import crisis_since

HOUR = 10
DAY = timedelta(days=1)


def remind(now: datetime) -> int:
    """Of tomorrow, from ten o'clock on; not of what rests. Run twice, it reminds once. Answers of how many days."""
    reminded = 0
    for municipality in Municipality.objects.order_by("id"):
        local = now.astimezone(ZoneInfo(municipality.time_zone))
        if local.hour < HOUR:
            continue
        tomorrow = datetime.combine(local.date() + DAY, time(), local.tzinfo)
        due = Occurrence.objects.filter(
            event__post__audience__municipality=municipality,
            event__post__removed_at=None,
            starts_at__gte=tomorrow,
            starts_at__lt=datetime.combine(local.date() + 2 * DAY, time(), local.tzinfo),
            cancelled_at=None,
            reminded_at=None,
        )
        if crisis_since(municipality.pk, now):
            due = due.filter(Q(event__is_remote=True) | Q(event__post__speaking_for__isnull=False))
        reminded += sum(_remind(day, now) for day in due.select_related(*WITH_PLACE).order_by("starts_at", "id"))
    return reminded


@transaction.atomic
def _remind(day: Occurrence, now: datetime) -> bool:
    day = locked(day)
    if not Occurrence.objects.filter(pk=day.pk, reminded_at=None, cancelled_at=None).update(reminded_at=now):
        return False
    _without_who_moved(day, now)
    if Attendance.objects.filter(occurrence=day).exclude(answer=Attendance.Answer.NO).exists():
        city = day.event.post.audience.municipality_id
        tell("events.reminder", municipality_id=city, subject_id=day.pk, actor=None, now=now)
    return True


def _without_who_moved(day: Occurrence, now: datetime) -> None:
    """Who may not come any more, because they moved or a block stands between: others wait for the seat."""
    welcome = who_may("events:event:attend", day.event.post)
    said = Attendance.objects.filter(occurrence=day).exclude(person__in=welcome.values("pk"))
    for person in Person.objects.filter(pk__in=said.values("person")).order_by("pk"):
        give_up(person, [day], now)
