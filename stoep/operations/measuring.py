"""Who may read the metrics: this machine itself, never by way of a proxy; and whoever shows the token."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

FORWARDED = ("X-Forwarded-For", "X-Forwarded-Proto", "Forwarded", "Via")


def may_measure(request: HttpRequest) -> bool:
    return _is_from_here(request) or _knows_the_token(request)


def _is_from_here(request: HttpRequest) -> bool:
    """The proxy beside us is on this machine too: but whoever asks through it is not."""
    if any(name in request.headers for name in FORWARDED):
        return False
    try:
        return ipaddress.ip_address(str(request.META.get("REMOTE_ADDR", ""))).is_loopback
    except ValueError:
        return False


def _knows_the_token(request: HttpRequest) -> bool:
    token: str = settings.STOEP_METRICS_TOKEN
    return bool(token) and constant_time_compare(request.headers.get("Authorization", ""), f"Bearer {token}")
