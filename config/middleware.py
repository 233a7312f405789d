"""What every request passes: headers, tenant, preferences, and the wall that tells a visitor nothing."""

import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import unquote
from zoneinfo import ZoneInfo

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import resolve
from django.utils import timezone, translation

from config.jinja import live_url
from stoep.access.decorators import signed_in_person, to_sign_in
from stoep.access.visitors import Visitor
from stoep.common.logs import wide_network
from stoep.operations import metrics
from stoep.operations.measuring import may_measure
from stoep.operations.metrics import Stopwatch
from stoep.places.models import Municipality
from stoep.places.queries import municipality_by_host, municipality_by_id

log = structlog.get_logger("stoep.requests")

Answer = Callable[[HttpRequest], HttpResponse]
HEALTH, METRICS, IMPORTS = "/health/", "/metrics", "/city/imports/"
LARGEST_FILE = 210_000_000
# Where people who are signed in may send photos, and how much at once. A proxy needs the same (`deploy/nginx`).
PHOTO_DOORS = re.compile(r"^/(posts/(new/|draft/photos/)?|me/photo/|share/[0-9a-f-]+/photo/)$")
LARGEST_PHOTOS = 100_000_000
LANGUAGES = {code for code, _name in settings.LANGUAGES}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src {connect}; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'"
)


class MeasuringMiddleware:
    """Counts every answer, and in a real city writes one line about it, in which nobody is named."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started, watch = time.perf_counter(), Stopwatch()
        with watch.running():
            response = self.get_response(request)
        seconds = time.perf_counter() - started
        view = _view_name(request)
        method = str(request.method)
        metrics.note(
            view=view,
            method=method,
            status=response.status_code,
            seconds=seconds,
            database_seconds=watch.seconds,
        )
        if not settings.IS_REHEARSAL:
            log.info(
                "answered",
                view=view,
                method=method if method in metrics.METHODS else "other",
                status=response.status_code,
                ms=round(1000 * seconds, 1),
                database_ms=round(1000 * watch.seconds, 1),
                network=wide_network(Visitor.of(request).network),
            )
        return response


def _view_name(request: HttpRequest) -> str:
    """Of the address, as `urls.py` calls it: the address itself may hold a name, a code, an id."""
    if request.path.startswith(settings.STATIC_URL):
        return "static"
    found = request.resolver_match
    return found.url_name or "none" if found is not None else "none"


class HeadersMiddleware:
    """The same security headers on every answer, files and errors too."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = _to_tls(request) or self.get_response(request)
        live = live_url(request)
        connect = "'self'" if live.startswith("/") else f"'self' {live.removesuffix('/live/')}"
        response.headers.setdefault("Content-Security-Policy", POLICY.format(connect=connect))
        response.headers.setdefault(
            "Referrer-Policy", "no-referrer" if request.path.startswith("/q/") else "same-origin"
        )
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), browsing-topics=()"
        response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
        if settings.SECURE_HSTS_SECONDS:
            response.headers["Strict-Transport-Security"] = f"max-age={settings.SECURE_HSTS_SECONDS}"
        if not request.path.startswith(settings.STATIC_URL):
            response.headers.setdefault("Cache-Control", "private, no-store")
            response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response


def _to_tls(request: HttpRequest) -> HttpResponse | None:
    """Nothing is said in the clear; only machines beside us ask for health without TLS."""
    if not settings.SECURE_SSL_REDIRECT or request.is_secure() or _is_for_machines(request):
        return None
    return HttpResponsePermanentRedirect(f"https://{request.get_host()}{request.get_full_path()}")


def _is_for_machines(request: HttpRequest) -> bool:
    return request.path == HEALTH or (request.path == METRICS and may_measure(request))


class BodyMiddleware:
    """What is sent is measured before it is read. Only who may import can send a file."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method in {"GET", "HEAD"}:
            return self.get_response(request)
        length = request.headers.get("Content-Length", "")
        if not length.isdigit() and request.headers.get("Transfer-Encoding"):
            return render(request, "shell/too_large.html", status=HTTPStatus.LENGTH_REQUIRED)
        if int(length if length.isdigit() else 0) > _most_bytes(request):
            return render(request, "shell/too_large.html", status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        return self.get_response(request)


def _most_bytes(request: HttpRequest) -> int:
    """A form's worth; a file's where somebody of the staff imports one; photos' where a neighbour adds some."""
    is_door = request.path == IMPORTS or PHOTO_DOORS.match(request.path) is not None
    person = signed_in_person(request) if is_door else None
    if person is None or person.is_staff_member != (request.path == IMPORTS):
        return settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    return LARGEST_FILE if person.is_staff_member else LARGEST_PHOTOS


class HealthMiddleware:
    """Machines ask how the installation is, also while there is no database for what follows."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if _is_for_machines(request):
            request.resolver_match = resolve(request.path)
            answer: HttpResponse = request.resolver_match.func(request)
            return answer
        return self.get_response(request)


class TenantMiddleware:
    """Finds the municipality: by the host; in the demo, where two cities share one host, from who is signed in."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        tenant = _tenant(request)
        request.municipality = tenant  # type: ignore[attr-defined]  # a fact about the request that views and templates read
        timezone.activate(ZoneInfo(tenant.time_zone if tenant else settings.TIME_ZONE))
        person = signed_in_person(request)
        if person is not None and tenant is not None and person.municipality_id != tenant.pk:
            # A session of another city means nothing here.
            from django.contrib.auth.models import AnonymousUser

            request.user = AnonymousUser()
        return self.get_response(request)


def _tenant(request: HttpRequest) -> Municipality | None:
    minute = int(time.time()) // 60
    if settings.IS_REHEARSAL:
        person = signed_in_person(request)
        if person is not None:
            return municipality_by_id(person.municipality_id, minute=minute)
    host = request.get_host().rsplit(":", 1)[0]
    found = municipality_by_host(host, minute=minute)
    if found is None and settings.IS_REHEARSAL:
        return Municipality.objects.order_by("created_at", "id").first()
    return found


@dataclass(frozen=True)
class Preferences:
    language: str
    look: str
    text_size: str


class PreferencesMiddleware:
    """Language, look and text size: of the person, else of this browser's cookie, else of what the browser asks."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        preferences = preferences_of(request)
        request.preferences = preferences  # type: ignore[attr-defined]  # a fact about the request that templates read
        translation.activate(preferences.language)
        response = self.get_response(request)
        response.headers.setdefault("Content-Language", preferences.language)
        response.headers["Vary"] = ", ".join(filter(None, [response.headers.get("Vary", ""), "Accept-Language"]))
        return response


def preferences_of(request: HttpRequest) -> Preferences:
    person = signed_in_person(request)
    if person is not None:
        return Preferences(person.language, person.look, person.text_size)
    wish = _cookie(request)
    language = wish.get("language") if wish.get("language") in LANGUAGES else _asked_language(request)
    look = wish.get("look") if wish.get("look") in {"light", "dark"} else "auto"
    size = wish.get("text_size") if wish.get("text_size") in {"l", "xl"} else "m"
    return Preferences(str(language), str(look), str(size))


def _cookie(request: HttpRequest) -> dict[str, str]:
    try:
        found = json.loads(unquote(request.COOKIES.get(settings.PREFERENCES_COOKIE_NAME, "{}")))
    except (ValueError, RecursionError):
        return {}
    wishes = found if isinstance(found, dict) else {}
    return {name: wish for name, wish in wishes.items() if isinstance(wish, str)}


def _asked_language(request: HttpRequest) -> str:
    """The first of the browser's languages that we speak; the city's own when there is none."""
    tenant: Municipality | None = getattr(request, "municipality", None)
    for part in request.headers.get("Accept-Language", "").split(","):
        code = part.split(";")[0].strip().casefold()[:2]
        if code in LANGUAGES:
            return code
    return tenant.default_language if tenant else settings.LANGUAGE_CODE


class WallMiddleware:
    """To a visitor every address that is not public looks alike, existing or not: to the sign-in page."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_unknown = response.status_code == 404 and signed_in_person(request) is None  # noqa: PLR2004  HTTP
        if is_unknown and not getattr(response, "is_public_404", False):
            return to_sign_in(request)
        return response
