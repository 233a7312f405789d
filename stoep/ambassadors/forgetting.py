"""What this app forgets: links two years after they were made, welcomes and hellos when nobody is new any more."""

from datetime import datetime

from stoep.ambassadors.models import AppointmentLink, Hello, Welcome
from stoep.people.data_map import months

LINKS_KEPT = months(24)
# Longer than somebody is new (queries.py), and than they are asked for a hello (welcoming.py).
WELCOMES_KEPT = months(2)


def forget_links(now: datetime) -> int:
    gone, _by_model = AppointmentLink.objects.filter(made_at__lt=now - LINKS_KEPT).delete()
    return gone


def forget_welcomes(now: datetime) -> int:
    gone, _by_model = Welcome.objects.filter(welcomed_at__lt=now - WELCOMES_KEPT).delete()
    return gone


def forget_hellos(now: datetime) -> int:
    gone, _by_model = Hello.objects.filter(put_away_at__lt=now - WELCOMES_KEPT).delete()
    return gone
