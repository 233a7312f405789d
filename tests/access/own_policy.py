"""The addresses of one's own data, and of what is promised about them: as `policy.py`, written by hand."""

from tests.access.policy import VISITOR, Answer, Page
from tests.access.subjects import STAFF

# A version that never was; a visitor reads of no address whether it exists.
_unknown_version: Answer = lambda who, _it: 302 if who == VISITOR else 404  # noqa: E731  one line of the table below


def _aside(status: int) -> Answer:
    """For neighbours, also paused ones; to staff there is no such page."""
    return lambda who, _it: 404 if who in STAFF else status


OWN: dict[str, Page] = {
    "my_data": Page("signed in", get=200),
    "my_consents": Page("signed in", get=200),
    "consent_withdrawal": Page("signed in", post=404, of="word"),
    "download": Page("signed in", get=200, post=302),
    "download_file": Page("signed in", get=302, of="address"),
    "leave": Page("signed in", get=200, post=302),
    "aside": Page("signed in", get=_aside(200), post=_aside(302)),
    "come_back": Page("public", get=302, post=302),
    "agreement": Page("neighbours", post=302),
    "house_rules": Page("public", get=200),
    "house_rules_version": Page("public", get=_unknown_version, of="word"),
    "privacy": Page("public", get=200),
    "privacy_version": Page("public", get=_unknown_version, of="word"),
}
