"""Links that open an event in a calendar at another company: a title, hours, a place, the page's address; no names.

Nothing is fetched from there and nothing is sent: the reader's own browser brings the facts along when they follow
the link. The words of the message stay here, as the page asks whoever opens it who they are.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote, urlencode

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from stoep.delivery.links import site_url
from stoep.events.days import USUALLY_LASTS
from stoep.events.models import Occurrence

# Neither company asks for an account with us or for a key. Both read moments in UTC and show them in their own zone.
GOOGLE = "https://calendar.google.com/calendar/render"
OUTLOOK = "https://outlook.live.com/calendar/deeplink/compose"


@dataclass(frozen=True)
class Elsewhere:
    """`label` says at whose the link opens, since that takes the reader to another company."""

    label: Promise
    href: str


def calendars_elsewhere(day: Occurrence) -> list[Elsewhere]:
    return [
        Elsewhere(_("Google Calendar (opens at Google)"), _address(GOOGLE, _for_google(day))),
        Elsewhere(_("Outlook (opens at Microsoft)"), _address(OUTLOOK, _for_outlook(day))),
    ]


def _for_google(day: Occurrence) -> dict[str, str]:
    first, last = (f"{moment:%Y%m%dT%H%M%SZ}" for moment in _span(day))
    return {
        "action": "TEMPLATE",
        "text": day.event.post.title,
        "dates": f"{first}/{last}",
        "location": day.event.place,
        "details": _page(day),
    }


def _for_outlook(day: Occurrence) -> dict[str, str]:
    first, last = (f"{moment:%Y-%m-%dT%H:%M:%SZ}" for moment in _span(day))
    return {
        "path": "/calendar/action/compose",
        "rru": "addevent",
        "subject": day.event.post.title,
        "startdt": first,
        "enddt": last,
        "location": day.event.place,
        "body": _page(day),
    }


def _span(day: Occurrence) -> tuple[datetime, datetime]:
    """Both want an end: where nobody said one, as long as it usually lasts."""
    return day.starts_at.astimezone(UTC), (day.ends_at or day.starts_at + USUALLY_LASTS).astimezone(UTC)


def _page(day: Occurrence) -> str:
    post = day.event.post
    return site_url(post.audience.municipality, f"/posts/{post.pk}/")


def _address(base: str, facts: dict[str, str]) -> str:
    """With %20 for a space: a plus is shown as a plus at Outlook."""
    return f"{base}?{urlencode(facts, quote_via=quote)}"
