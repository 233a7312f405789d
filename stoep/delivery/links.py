"""Whole addresses for mails and letters, where there is no request to take the host from."""

from email.utils import parseaddr

from django.conf import settings

from stoep.places.models import Municipality

# A server that listens on every address is reached from this machine by the first.
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  read here, not bound


def sender_of(municipality: Municipality) -> str:
    """The address that our mails come from, and that what comes back goes to."""
    return municipality.mail_from or parseaddr(settings.DEFAULT_FROM_EMAIL)[1]


def site_url(municipality: Municipality, path: str) -> str:
    """`path` ("/posts/…/") on the municipality's own host; in a rehearsal on the host and port that serve it."""
    if not settings.IS_REHEARSAL:
        return f"https://{municipality.host}{path}"
    host = EVERYWHERE.get(settings.STOEP_HOST, settings.STOEP_HOST)
    return f"http://{f'[{host}]' if ':' in host else host}:{settings.STOEP_PORT}{path}"
