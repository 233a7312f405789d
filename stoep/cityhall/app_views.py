"""The site as an app on a home screen: its manifest, its service worker, and the page for when there is no line."""

import json

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from stoep.access.decorators import public
from stoep.places.models import Municipality
from stoep.shell.logos import mark_of
from stoep.shell.theme import DEFAULT, theme_of
from stoep.shell.worker import worker_script

PAPER = "#FBF7F0"
LANGUAGES = {code for code, _name in settings.LANGUAGES}


@public
@require_GET
def app_manifest(request: HttpRequest) -> HttpResponse:
    """Name, colour and icons of this city's app, in the reader's language."""
    city: Municipality | None = getattr(request, "municipality", None)
    colour = theme_of(city.theme_colour if city else DEFAULT).light.primary
    facts = {
        "id": "/",
        "name": f"{_('Your neighbourhood')} {city.name}" if city else "Stoep",
        "short_name": _("Neighbourhood"),
        "lang": translation.get_language(),
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "theme_color": colour,
        "background_color": PAPER,
        "icons": _icons(city) if city else [],
    }
    return HttpResponse(json.dumps(facts, ensure_ascii=False), content_type="application/manifest+json")


@public
@require_GET
def service_worker(request: HttpRequest) -> HttpResponse:
    """Asked anew by the browser itself; when a file or the city's look changed, it is another script."""
    city: Municipality | None = getattr(request, "municipality", None)
    script = worker_script(
        offline={code: reverse("offline", args=[code]) for code in sorted(LANGUAGES)},
        usual=city.default_language if city else settings.LANGUAGE_CODE,
        more=_own_files(request),
    )
    return HttpResponse(script, content_type="text/javascript; charset=utf-8")


@public
@require_GET
def offline(request: HttpRequest, language: str) -> HttpResponse:
    """Kept by browsers and shown to whoever holds one: it says nothing of anybody."""
    if language not in LANGUAGES:
        raise Http404
    with translation.override(language):
        return render(request, "cityhall/offline.html", {"language": language})


def _icons(city: Municipality) -> list[dict[str, str]]:
    mark = mark_of(city.logo_svg, city.theme_colour)
    kinds = (("192", "192x192", "any"), ("512", "512x512", "any"), ("cut", "512x512", "maskable"))
    return [
        {"src": reverse("app_icon", args=[mark, shape]), "sizes": sizes, "type": "image/png", "purpose": purpose}
        for shape, sizes, purpose in kinds
    ]


def _own_files(request: HttpRequest) -> list[str]:
    city: Municipality | None = getattr(request, "municipality", None)
    if city is None or city.theme_colour.upper() == DEFAULT.upper():
        return []
    return [reverse("theme", args=[city.theme_colour.upper().lstrip("#")])]
