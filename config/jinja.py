"""What every template may use: globals, filters, and the facts about the request."""

from datetime import date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

import segno
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext, ngettext
from jinja2 import Environment, StrictUndefined, pass_context, pass_eval_context
from jinja2.nodes import EvalContext
from jinja2.runtime import Context
from markupsafe import Markup

from config.navigation import (
    block_url,
    group_feed_url,
    group_post_url,
    group_url,
    items_for,
    message_url,
    own_pages,
    person_url,
    shelf_url,
)
from stoep.access.decorators import signed_in_person
from stoep.access.gate import may
from stoep.common import clock
from stoep.common.text import paragraphs_to_html
from stoep.media.queries import profile_photos
from stoep.people.models import Person
from stoep.places.models import Municipality
from stoep.shell import moments
from stoep.shell.icons import icon
from stoep.shell.logos import mark_of
from stoep.shell.static_files import static_url
from stoep.shell.theme import DEFAULT

ANYTHING = UUID(int=0)


def environment(**options: Any) -> Environment:
    options |= {"undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True, "autoescape": _is_markup}
    made = Environment(**options, extensions=["jinja2.ext.i18n", "jinja2.ext.do"])  # noqa: S701  only plain text is not escaped
    made.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]  # added by the extension
    made.globals["_"] = _said
    made.globals.update(url=_url, static=static_url, icon=icon, may=_may, is_demo=settings.IS_DEMO)
    made.globals.update(own_face=_own_face, own_pages=own_pages, person_url=person_url)
    made.globals.update(group_feed_url=group_feed_url, group_post_url=group_post_url, group_url=group_url)
    made.globals.update(block_url=block_url, message_url=message_url, shelf_url=shelf_url)
    made.filters.update(
        clock_time=moments.clock_time,
        day=_day,
        full_date=moments.full_date,
        full_day=moments.full_day,
        month=moments.month,
        number=number,
        paragraphs=paragraphs_to_html,
        qr_image=_qr_image,
        relative=_relative,
        short_date=moments.short_date,
        short_day=moments.short_day,
        since=_since,
        weekday=moments.weekday,
    )
    return made


def _own_face(person: Person) -> str:
    """The address of this reader's own small photo, or nothing; looked up once a request, as the person is."""
    kept = vars(person)
    if "own_face" not in kept:
        found = profile_photos([person.pk]).get(person.pk)
        kept["own_face"] = reverse("photo_file", args=[found, "thumb"]) if found else ""
    face: str = kept["own_face"]
    return face


def _is_markup(template: str | None) -> bool:
    """The text part and the subject of a mail are not HTML; everything else is escaped."""
    return template is None or not template.endswith(".txt")


def page_context(request: HttpRequest) -> dict[str, Any]:
    """What a page may say about its reader. Nothing here asks the database anew."""
    person = signed_in_person(request)
    return {
        "person": person,
        "municipality": getattr(request, "municipality", None),
        "preferences": getattr(request, "preferences", None),
        "navigation": items_for(request, person),
        "live_url": live_url(request) if person is not None else "",
        "theme_url": theme_url(getattr(request, "municipality", None)),
        **face_urls(getattr(request, "municipality", None)),
    }


def theme_url(municipality: Municipality | None) -> str:
    """The style sheet of the city's own colour; empty where it is ours."""
    colour = municipality.theme_colour.upper() if municipality else DEFAULT
    return "" if colour == DEFAULT.upper() else reverse("theme", args=[colour.lstrip("#")])


def face_urls(municipality: Municipality | None) -> dict[str, str]:
    """The city's logo, empty where it has none, and its icon for tabs and home screens."""
    if municipality is None:
        return {"logo_url": "", "icon_url": "", "manifest_url": ""}
    mark = mark_of(municipality.logo_svg, municipality.theme_colour)
    logo = _address_of("logo", mark) if municipality.logo_svg else ""
    icon_url = _address_of("app_icon", mark, "192")
    return {"logo_url": logo, "icon_url": icon_url, "manifest_url": _address_of("app_manifest")}


def live_url(request: HttpRequest) -> str:
    """Where the live stream is: on the next port of the same host, or where the proxy maps it."""
    if not settings.STOEP_LIVE_PORT:
        return "/live/"
    host = request.get_host().rsplit(":", 1)[0]
    return f"{request.scheme}://{host}:{settings.STOEP_LIVE_PORT}/live/"


def number(value: int) -> str:
    """1.284"""
    return f"{value:,}".replace(",", "." if _is_dotted() else "\u202f" if _language() == "fr" else ",")


@pass_eval_context
def _said(template: EvalContext, message: str, **values: Any) -> str:
    """As Jinja2's new-style gettext, which looks up and marks the same words anew each time."""
    if values:
        return _translated(get_language(), message, bool(template.autoescape)) % values
    return _formatted(get_language(), message, bool(template.autoescape))


@lru_cache(maxsize=5000)
def _translated(_language: str | None, message: str, is_markup: bool) -> str:
    return Markup(gettext(message)) if is_markup else gettext(message)  # noqa: S704  ours and our translators' words


@lru_cache(maxsize=5000)
def _formatted(language: str | None, message: str, is_markup: bool) -> str:
    return _translated(language, message, is_markup) % {}


@pass_context
def _may(context: Context, action: str, subject: Any) -> bool:
    person = context.get("person")
    return person is not None and may(person, action, subject)


def _url(name: str, *args: Any, **kwargs: str | int | UUID) -> str:
    """As `reverse`, which takes its time; a feed asks sixty times for the address of a post or what it can do."""
    if len(args) == 1 and isinstance(args[0], UUID) and not kwargs:
        return _address_of(name, ANYTHING).replace(str(ANYTHING), str(args[0]))
    return _address_of(name, *args, **kwargs)


@lru_cache(maxsize=1000)
def _address_of(name: str, *args: Any, **kwargs: str | int | UUID) -> str:
    return reverse(name, args=args or None, kwargs=kwargs or None)


def _day(value: date | datetime) -> str:
    on = timezone.localtime(value).date() if isinstance(value, datetime) else value
    return moments.day(on, timezone.localtime(clock.now()).date())


def _qr_image(text: str) -> str:
    """A QR code as a picture in the page itself."""
    return str(segno.make(text, error="m").svg_data_uri(scale=4, border=4))


def _relative(at: datetime) -> str:
    return moments.relative(at, clock.now())


def _since(at: datetime) -> str:
    return moments.calendar_moment(at, clock.now())


def _language() -> str:
    return (get_language() or "nl")[:2]


def _is_dotted() -> bool:
    return _language() in {"nl", "de"}
