"""`stoep municipality crisis on|off`: says of which city, and since when."""

from argparse import Namespace

from django.utils import timezone

from stoep.access.gate import INSTALLATION
from stoep.cityhall.crisis import switch_crisis
from stoep.common import clock
from stoep.places.models import Municipality

DONE = 0


def switch(words: Namespace, municipality: Municipality) -> int:
    is_on = words.state == "on"
    if words.dry_run:
        print(f"Would switch crisis mode of {municipality.name} {words.state}.")
        return DONE
    since = switch_crisis(person=INSTALLATION, municipality=municipality, is_on=is_on, now=clock.now())
    if since is None:
        print(f"{municipality.name} is not in crisis mode: neighbours meet again.")
    else:
        print(f"{municipality.name} is in crisis mode since {timezone.localtime(since):%Y-%m-%d %H:%M}.")
        print("Meeting rests, loans and help go without contact. Servers elsewhere see it within a minute.")
    return DONE
