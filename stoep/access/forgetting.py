"""What the gate keeps no longer than it must (docs/trust.md 4.3): keys of forms, the log of what staff did."""

from datetime import datetime, timedelta

from stoep.access.models import AccessLog, Once
from stoep.people.data_map import months

# A form that somebody left open for longer is filled in anew.
KEYS_KEPT = timedelta(days=30)
LOG_KEPT = months(24)


def forget_keys(now: datetime) -> int:
    gone, _by_model = Once.objects.filter(created_at__lt=now - KEYS_KEPT).delete()
    return gone


def forget_log(now: datetime) -> int:
    gone, _by_model = AccessLog.objects.filter(at__lt=now - LOG_KEPT).delete()
    return gone
