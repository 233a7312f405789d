"""`stoep municipality oidc`: connects a city with its organisation's sign-in."""

import getpass
import sys
from argparse import Namespace
from pathlib import Path

from stoep.access.gate import INSTALLATION
from stoep.common import clock
from stoep.delivery.links import site_url
from stoep.joining.staff_providing import ProviderNotPossible, connect_provider, disconnect_provider
from stoep.places.models import Municipality

DONE, REFUSED = 0, 1


def connect(words: Namespace, municipality: Municipality) -> int:
    """The secret is never an argument: those can be seen by everybody on the machine."""
    if words.off:
        disconnect_provider(person=INSTALLATION, municipality=municipality, now=clock.now())
        print(f"Staff of {municipality.name} sign in by code and app only.")
        return DONE
    try:
        made = connect_provider(
            person=INSTALLATION,
            municipality=municipality,
            name=words.name or municipality.name,
            issuer=words.issuer,
            client_id=words.client_id,
            client_secret=_secret(words),
            now=clock.now(),
        )
    except (ProviderNotPossible, OSError) as error:
        print(f"stoep: {error}", file=sys.stderr)
        return REFUSED
    print(f"Staff of {municipality.name} can sign in with {made.issuer}.")
    print(f"Tell the provider this address: {site_url(municipality, '/staff/organisation/back/')}")
    return DONE


def _secret(words: Namespace) -> str:
    if words.secret_file:
        return Path(words.secret_file).read_text().strip()
    return getpass.getpass("The client's secret: ").strip()
