"""From where somebody tries a door: the keys under which limits count (docs/trust.md T6)."""

import ipaddress
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from stoep.access.requests import uuid_or_none
from stoep.common.ids import new_id

YEAR = 365 * 24 * 3600


@dataclass(frozen=True)
class Visitor:
    """`network`: an IPv4 address, or the /64 of an IPv6 one; `device`: the mark that this browser keeps, or ""."""

    network: str
    device: str = ""

    @classmethod
    def of(cls, request: HttpRequest) -> "Visitor":
        return cls(_network(_address(request)), str(device_of(request) or ""))


def device_of(request: HttpRequest) -> UUID | None:
    return uuid_or_none(request.COOKIES.get(settings.DEVICE_COOKIE_NAME, ""))


def mark_device(request: HttpRequest, response: HttpResponse) -> None:
    """Give this browser a mark if it has none: it says nothing but "the same browser as before"."""
    if device_of(request) is None:
        response.set_cookie(
            settings.DEVICE_COOKIE_NAME,
            str(new_id()),
            max_age=YEAR,
            secure=settings.USES_TLS,
            httponly=True,
            samesite="Lax",
        )


def _address(request: HttpRequest) -> str:
    """The peer; behind proxies what the outermost of ours wrote down: what stands further left anybody may claim."""
    forwarded = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    proxies: int = settings.STOEP_PROXIES
    if proxies and len(forwarded) >= proxies:
        return forwarded[-proxies]
    return str(request.META.get("REMOTE_ADDR", ""))


def _network(address: str) -> str:
    try:
        found = ipaddress.ip_address(_without_port(address))
    except ValueError:
        return "unknown"
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network((int(found), 64), strict=False))
    return str(found)


def _without_port(address: str) -> str:
    """Some proxies write `192.0.2.7:4711` and `[2001:db8::1]:4711`."""
    if address.startswith("["):
        return address[1:].partition("]")[0]
    return address.partition(":")[0] if address.count(":") == 1 else address
