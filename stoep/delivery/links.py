"""Whole addresses for mails and letters, where there is no request to take the host from."""

from django.conf import settings

from stoep.places.models import Municipality


def site_url(municipality: Municipality, path: str) -> str:
    """`path` ("/posts/…/") on the municipality's own host; in a rehearsal on the host and port that serve it."""
    if settings.IS_REHEARSAL:
        return f"http://{settings.STOEP_HOST}:{settings.STOEP_PORT}{path}"
    return f"https://{municipality.host}{path}"
