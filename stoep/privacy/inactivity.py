"""Who does not come any more is reminded after 22 and 23 months, and erased after 24 (docs/trust.md 4.3)."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce

from stoep.delivery.letterbox import Envelope, post_mail
from stoep.delivery.links import site_url
from stoep.people.data_map import months
from stoep.people.models import Person
from stoep.privacy.erasing import erase
from stoep.privacy.models import Reminder

REMINDED_AFTER = (22, 23)
ERASED_AFTER = 24
# So long at least after the last reminder, however late the jobs ran.
WARNED_FOR = timedelta(days=28)


def care_for_inactive(now: datetime) -> int:
    """Forget reminders of who came back, remind, erase. Answers how many were erased."""
    Reminder.objects.filter(person__feed_seen_at__gt=F("sent_at")).delete()
    for number in REMINDED_AFTER:
        _remind(number, now=now)
    return sum(erase(person_id, now=now) for person_id in _over(now))


def away_for(number: int, now: datetime) -> QuerySet[Person]:
    """Neighbours who were last here so many months ago; who never came, since they joined."""
    people = Person.objects.get_queryset().filter(kind=Person.Kind.NEIGHBOUR, left_at=None)
    last_here = people.annotate(last_here=Coalesce("feed_seen_at", "joined_at"))
    return last_here.filter(last_here__lt=now - months(number)).order_by("pk")


def _remind(number: int, *, now: datetime) -> None:
    waiting = away_for(number, now).exclude(reminders__months__gte=number)
    for person in _reachable(waiting).select_related("municipality"):
        with transaction.atomic():
            context = {
                "reader": person,
                "until": now + months(ERASED_AFTER) - months(number),
                "link": site_url(person.municipality, "/sign-in/"),
            }
            envelope = Envelope(person.municipality, person.email, person.language, person=person)
            post_mail(envelope, template="privacy/mail/reminder", context=context, now=now)
            Reminder.objects.create(person=person, months=number, sent_at=now)


def _over(now: datetime) -> list[UUID]:
    """Whoever can be mailed was warned long enough; whoever cannot, has no other way to hear."""
    away = away_for(ERASED_AFTER, now)
    warned = Reminder.objects.filter(months=REMINDED_AFTER[-1], sent_at__lte=now - WARNED_FOR)
    unreachable = away.exclude(pk__in=_reachable(away).values("pk")).values_list("pk", flat=True)
    return [
        *away.filter(pk__in=warned.values("person")).values_list("pk", flat=True),
        *unreachable.values_list("pk", flat=True),
    ]


def _reachable(people: QuerySet[Person]) -> QuerySet[Person]:
    return people.filter(~Q(email=""), email_confirmed_at__isnull=False)
