"""The only home of pywebpush: one message to a device, sealed for it, by way of its browser's maker."""

import base64
import json
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import requests
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from py_vapid import Vapid02
from pywebpush import WebPushException, webpush

from stoep.common.crypto import key_for
from stoep.delivery.models import Push

DAY = 24 * 3600
PATIENCE = 10.0
GONE = {404, 410}
# What a server says when it is busy, or broken: the next try may succeed.
LATER = 429
BROKEN = 500


class Gone(Exception):
    """The device takes no messages any more."""


class Later(Exception):
    """Not now."""


class Refused(Exception):
    """This message can never be delivered."""


class _NoDetours(requests.Session):
    """A device's address comes from a browser: where it leads further we do not follow."""

    def request(self, *words: Any, **more: Any) -> requests.Response:
        return super().request(*words, **{**more, "allow_redirects": False})


def send(push: Push) -> None:
    """Returns when the maker's server took it; raises Gone, Later or Refused."""
    device, municipality = push.device, push.device.person.municipality
    try:
        webpush(
            {"endpoint": device.endpoint, "keys": {"p256dh": device.key, "auth": device.secret}},
            data=json.dumps({"title": push.title, "text": push.text, "path": push.path}),
            vapid_private_key=_vapid(),
            vapid_claims={"sub": f"https://{municipality.host}"},
            ttl=DAY,
            timeout=PATIENCE,
            headers={"Urgency": "low"},
            requests_session=_NoDetours(),
        )
    except WebPushException as error:
        raise _judged(error) from error
    except requests.RequestException as error:
        raise Later(type(error).__name__) from error
    except ValueError as error:  # keys that are none
        raise Gone(type(error).__name__) from error


def may_be_asked(endpoint: str) -> bool:
    """Whether an address belongs to a maker of browsers: we would call any other on a stranger's word."""
    try:
        url = urlsplit(endpoint)
        host, port = (url.hostname or "").casefold(), url.port
    except ValueError:
        return False
    if settings.IS_REHEARSAL and url.scheme == "http" and host == "127.0.0.1":
        return True
    is_known = any(host == known or host.endswith(f".{known}") for known in settings.STOEP_PUSH_HOSTS)
    return url.scheme == "https" and port in {None, 443} and is_known and not url.username


def public_key() -> str:
    """What a browser must know to take messages from us alone."""
    point = _vapid().public_key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return base64.urlsafe_b64encode(point).decode().rstrip("=")


def new_key() -> str:
    """A fresh secret for STOEP_VAPID_KEY."""
    number = ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value
    return base64.urlsafe_b64encode(number.to_bytes(32)).decode().rstrip("=")


def is_possible() -> bool:
    """Without a key of its own an installation offers no messages; a rehearsal makes one up."""
    return bool(settings.STOEP_VAPID_KEY) or settings.IS_REHEARSAL


@cache
def _vapid() -> Vapid02:
    key = settings.STOEP_VAPID_KEY or base64.urlsafe_b64encode(key_for("delivery.vapid")).decode().rstrip("=")
    return Vapid02.from_raw(key.encode())


def _judged(error: WebPushException) -> Exception:
    status = error.response.status_code if error.response is not None else 0
    if status in GONE:
        return Gone(str(status))
    if status == LATER or status >= BROKEN:
        return Later(str(status))
    return Refused(str(status))
