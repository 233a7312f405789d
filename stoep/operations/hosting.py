"""Who may hold which role when a city hosts itself: asked when a municipality is added, noted, and said in full."""

import sys
from datetime import datetime

from stoep.operations.models import Hosting
from stoep.places.models import Municipality

QUESTION = "Does the city run this server itself? [y/n] "
ALWAYS = (
    "Nobody who works for the city may moderate its neighbourhoods (the role moderator), and whoever can read the\n"
    "server can read what neighbours write."
)
SELF_HOSTED = f"""Noted: the city runs this server itself. Then this rule holds (docs/operate/roles.md):
- moderator and operator must be people of a body that is independent of the city, by contract;
- the keys of the server and of its backups are theirs too;
- the city keeps editor, approver, analyst, rollout, city_admin and desk.
{ALWAYS}"""
INDEPENDENT = f"""Noted: a body independent of the city runs this server. It holds moderator and operator;
the city holds editor, approver, analyst, rollout, city_admin and desk (docs/operate/roles.md).
{ALWAYS}"""
UNSAID = f"""Who runs this server was not said: stoep municipality hosting --self-hosted, or --independent.
{ALWAYS}"""


def asked(given: bool | None) -> bool | None:
    """What was given; else what the person at the keyboard says. None: nobody could be asked."""
    if given is not None or not sys.stdin.isatty():
        return given
    while True:
        answer = input(QUESTION).strip().casefold()
        if answer in {"y", "yes", "n", "no"}:
            return answer.startswith("y")


def note(municipality: Municipality, *, is_self_hosted: bool, now: datetime) -> None:
    Hosting.objects.update_or_create(
        municipality=municipality, defaults={"is_self_hosted": is_self_hosted, "said_at": now}
    )


def rule(*, is_self_hosted: bool | None) -> str:
    return UNSAID if is_self_hosted is None else SELF_HOSTED if is_self_hosted else INDEPENDENT
