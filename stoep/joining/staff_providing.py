"""Connects a municipality with its organisation's sign-in, or takes that away: the operator's work."""

from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings

from stoep.access.gate import Actor, require
from stoep.joining.models import StaffProvider
from stoep.places.models import Municipality


class ProviderNotPossible(ValueError):
    """Why these words cannot be kept; the text is for the operator."""


def connect_provider(
    *,
    person: Actor,
    municipality: Municipality,
    name: str,
    issuer: str,
    client_id: str,
    client_secret: str,
    now: datetime,
) -> StaffProvider:
    """From now on staff may come in by this provider, in place of an earlier one. Raises ProviderNotPossible."""
    require(person, "joining:provider:set", municipality, now=now)
    parts = urlsplit(issuer)
    if parts.scheme != "https" and not (settings.IS_REHEARSAL and parts.scheme == "http"):
        raise ProviderNotPossible("The issuer must be an https address.")
    if not parts.hostname or parts.query or parts.fragment or not client_id or not client_secret:
        raise ProviderNotPossible("An issuer, a client id and a secret are needed.")
    facts = {"name": name, "issuer": issuer.rstrip("/"), "client_id": client_id, "client_secret": client_secret}
    made, _is_new = StaffProvider.objects.update_or_create(municipality=municipality, defaults=facts | {"set_at": now})
    return made


def disconnect_provider(*, person: Actor, municipality: Municipality, now: datetime) -> None:
    """Nobody comes in that way any more; sessions end by themselves within the day."""
    require(person, "joining:provider:set", municipality, now=now)
    StaffProvider.objects.filter(municipality=municipality).delete()
