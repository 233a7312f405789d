"""The live stream's entrance: `uvicorn config.live:application`. Beside us it also says how many streams are open."""

import ipaddress
import os
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from stoep.delivery.live import application as live  # noqa: E402  only after Django is set up

__all__ = ["application"]
METRICS = "/metrics"
CONTENT_TYPE = b"text/plain; version=0.0.4; charset=utf-8"


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    if scope["type"] == "http" and scope["path"] == METRICS and _is_from_here(scope):
        words = f"# TYPE stoep_live_streams gauge\nstoep_live_streams {len(live.streams)}\n".encode()
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", CONTENT_TYPE)]})
        await send({"type": "http.response.body", "body": words})
    else:
        await live(scope, receive, send)


def _is_from_here(scope: dict[str, Any]) -> bool:
    """As `stoep.operations.measuring` has it: not by way of a proxy."""
    if any(name in {b"x-forwarded-for", b"forwarded", b"via"} for name, _value in scope["headers"]):
        return False
    try:
        return ipaddress.ip_address((scope.get("client") or [""])[0]).is_loopback
    except ValueError:
        return False
