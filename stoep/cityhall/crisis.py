"""Crisis mode: while it is on, neighbours keep their distance. What rests then, each app asks of `access`."""

from datetime import datetime

from django.db import transaction

from stoep.access.gate import Actor, require
from stoep.places.models import Municipality
from stoep.places.queries import show_changed_municipalities


def switch_crisis(*, person: Actor, municipality: Municipality, is_on: bool, now: datetime) -> datetime | None:
    """On or off; on again, it keeps its beginning. Answers since when it is on. On this server at once."""
    require(person, "cityhall:crisis:switch", municipality, now=now)
    with transaction.atomic():
        held = Municipality.objects.select_for_update(no_key=True).get(pk=municipality.pk)
        held.crisis_since = (held.crisis_since or now) if is_on else None
        held.save(update_fields=["crisis_since"])
    show_changed_municipalities()
    return held.crisis_since
