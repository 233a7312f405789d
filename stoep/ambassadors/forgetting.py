"""What this app forgets: links two years after they were made."""

from datetime import datetime

from stoep.ambassadors.models import AppointmentLink
from stoep.people.data_map import months

LINKS_KEPT = months(24)


def forget_links(now: datetime) -> int:
    gone, _by_model = AppointmentLink.objects.filter(made_at__lt=now - LINKS_KEPT).delete()
    return gone
